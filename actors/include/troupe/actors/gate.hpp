#pragma once

#include <troupe/protocol/mission.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// Checks an answer against its gate. None: it passes; else every check that
/// failed, in words that tell the next attempt what to change.
/// Words are what stands between spaces. Phrases match whole words, whatever
/// their ASCII case and white space. A sentence without a word of four letters
/// counts as grounded; an answer without sentences is not. Answers of more
/// than 4 MiB fail. The text names at most 10 phrases a check.
/// Cost: linear in answer and inputs for each phrase. Blocking: never.
/// Thread safety: any thread.
[[nodiscard]] std::optional<std::string>
check_gate(const protocol::gate_spec& gate, std::string_view output,
           const std::vector<protocol::task_input>& inputs);

/// The share of an answer's sentences, in permille, of which at least half of
/// the words of four letters or more occur in the inputs; 0 without sentences.
[[nodiscard]] std::uint32_t
grounded_permille(std::string_view output,
                  const std::vector<protocol::task_input>& inputs);

} // namespace troupe::actors
