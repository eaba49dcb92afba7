#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/task.hpp>

#include <string>
#include <vector>

namespace troupe::actors {

/// A finished call of a model for a task, and what was said since the call
/// before it.
struct kept_call {
  std::string task{};
  std::string agent{};
  std::uint32_t depth = 0;   ///< Agents between this one and the run.
  protocol::id thread{};     ///< As of `perform_task`.
  std::uint32_t attempt = 1; ///< In which it was made.
  std::uint32_t number = 1;  ///< In its conversation; 1 begins another one.
  protocol::id call{};       ///< The request to the router.
  /// What the model had not been told before, but for its own replies.
  std::vector<protocol::chat_message> asked{};
  protocol::task_result before{}; ///< What the task had used until then.
  protocol::model_reply reply{};

  bool operator==(const kept_call&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_call, (),
                      (task, agent, depth, thread, attempt, number, call, asked,
                       before, reply))

/// Asks the JOURNAL to keep a call of a run. What its sender asks later, above
/// all to begin an effect, is kept later.
struct keep_call {
  protocol::id run;
  kept_call what;
};

/// Answers `keep_call`: it is on the disk. Errors: `journal_failed`.
struct call_kept {};

/// Asks the JOURNAL what a task has said to its model that is to be attempted
/// again, since the process of its last attempt has ended.
struct read_calls {
  protocol::id run;
  std::string task;
  std::string agent;
  std::uint32_t attempt = 1; ///< Which is to begin.
  std::uint32_t depth = 0;
  protocol::id thread{};
};

/// Answers `read_calls`: the calls of the conversation to go on with. None
/// where the attempt before it has ended in any other way.
struct calls_read {
  std::vector<kept_call> calls;
};

/// Where calls of models are kept for good, as `journal_log`.
class call_log {
public:
  call_log() = default;
  call_log(const call_log&) = delete;
  call_log& operator=(const call_log&) = delete;
  virtual ~call_log() = default;

  /// As `calls_read`. Errors: `journal_failed`, `journal_damaged`.
  [[nodiscard]] virtual protocol::result<std::vector<kept_call>>
  calls_before(const read_calls& what) = 0;
};

} // namespace troupe::actors

namespace troupe::protocol {

template <>
inline constexpr bool omits_defaults<actors::kept_call> = true;

} // namespace troupe::protocol
