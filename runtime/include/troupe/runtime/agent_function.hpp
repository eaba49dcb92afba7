#pragma once

#include <troupe/protocol/task.hpp>

#include <functional>
#include <stop_token>
#include <string>

namespace troupe {

/// What a C++ agent is given to work on. Valid during the call only.
struct task_view {
  const protocol::perform_task& task;
  protocol::instant deadline; ///< Absolute; epoch: none.
  std::stop_token stop;       ///< Stops when the task is cancelled.

  /// Text of the input called `name`; empty when there is none.
  [[nodiscard]] std::string_view input(std::string_view name) const noexcept;
};

/// An agent's own code. Returns its output, or why it could not.
/// Called by one thread at a time per agent. An exception it throws ends the
/// attempt with `agent_failed`.
using agent_function =
    std::function<protocol::result<std::string>(const task_view&)>;

/// A tool's own code: takes JSON text that the model wrote (untrusted; only
/// known to be an object), returns text for the model. At most 1 MiB of it.
using tool_function =
    std::function<protocol::result<std::string>(std::string_view arguments)>;

/// Where a C++ agent's code runs.
enum class execution {
  inline_,  ///< On a shared worker; must return within about a millisecond.
  blocking, ///< On a thread of its own; may wait, and must watch `stop`.
};

} // namespace troupe
