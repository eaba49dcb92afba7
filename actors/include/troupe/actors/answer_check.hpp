#pragma once

#include <troupe/protocol/mission.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// Checks an answer against its task's schema and gate, as far as that needs
/// nobody else. None: it passes; else what is wrong, in words that tell the
/// next attempt what to change. Blocking: never. Thread safety: any thread.
[[nodiscard]] std::optional<std::string>
check_answer(const protocol::task_spec& task, std::string_view output,
             const std::vector<protocol::task_input>& inputs);

/// True where somebody else has to look at the answer as well.
[[nodiscard]] bool needs_others(const protocol::gate_spec& gate) noexcept;

/// The answer that enough of several give, with the use of all; the texts of
/// answers are equal when they are the same JSON, or the same words whatever
/// their case, white space and end. Error: `gate_failed`, no such answer.
struct agreement_outcome {
  protocol::task_result outcome{}; ///< Its output: what they agree on.
  std::optional<protocol::error> failure{};
};
[[nodiscard]] agreement_outcome
agree(const protocol::agreement_spec& spec,
      std::vector<protocol::result<protocol::task_result>> answers);

/// What a judge is asked: the task, the answer, and how to rate it. Both are
/// quoted as data between lines that bear a mark made from them.
[[nodiscard]] std::string judge_question(const protocol::task_spec& task,
                                         std::string_view prompt,
                                         std::string_view output);

/// Reads a judge's answer: a number from 0 to 100 first, then why; or a JSON
/// object with `score` and `why`. None: the answer is good enough; else why
/// not. An answer that cannot be read is not good enough.
[[nodiscard]] std::optional<std::string>
read_verdict(const protocol::judge_spec& judge, std::string_view said);

} // namespace troupe::actors
