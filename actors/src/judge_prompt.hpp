#pragma once

#include <troupe/protocol/model.hpp>

#include <optional>

/// How a model is asked to rate another's answer, and how its rating is read.
namespace troupe::actors {

/// More of an answer than this a judge does not see; it is told how much more.
inline constexpr std::size_t judged_answer_bytes = 16'000;
/// Of the instructions, of the task, and of what was said last.
inline constexpr std::size_t judged_task_bytes = 6'000;

/// Asks a model of tier `level` to rate `reply`, paid by who pays for `asked`
/// and under its limits of region and price. What is rated is quoted as data
/// between lines that bear a mark made from it.
[[nodiscard]] protocol::model_call
judge_call(const protocol::model_call& asked,
           const protocol::model_reply& reply, protocol::tier level);

/// True for a call that `judge_call` has made, also when it was changed since
/// in other fields than its instructions.
[[nodiscard]] bool is_judge_call(const protocol::model_call& call) noexcept;

/// The rating in permille: a whole number from 0 to 100 and nothing else;
/// null for any other text.
[[nodiscard]] std::optional<std::uint32_t>
rating_in(const protocol::model_reply& reply);

} // namespace troupe::actors
