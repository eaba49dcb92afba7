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

/// What a tool is given. Valid during the call only.
struct tool_view {
  /// JSON text that the model wrote: untrusted; only known to be an object.
  std::string_view arguments;
  protocol::instant deadline; ///< Of the agent's task; epoch: none.
  std::stop_token stop;       ///< Stops when that task is cancelled.
};

/// A tool's own code: returns text for the model, at most 1 MiB of it. Called
/// by one thread at a time per tool; a cancelled run does not wait for it.
using tool_function =
    std::function<protocol::result<std::string>(const tool_view&)>;

/// Where a C++ agent's code runs.
enum class execution {
  inline_,  ///< On a shared worker; must return within about a millisecond.
  blocking, ///< On a thread of its own; may wait, and must watch `stop`.
};

} // namespace troupe
