#pragma once

#include <troupe/protocol/task.hpp>

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

namespace troupe {

/// What is to be known of a tool.
struct tool_options {
  /// Called again with the same key it does no harm. Where runs are kept in a
  /// journal, it is called again when nobody knows how the first call ended;
  /// any other tool is not, and the task ends with `effect_unknown`.
  bool is_idempotent = false;
};

/// The same of an effect of an agent's own code.
using effect_options = tool_options;

/// Has an effect outside, and returns at most 1 MiB of text on it. The key is
/// the same for the same effect of the same task, in each attempt and in each
/// process: 64 letters and digits. Empty where runs are not kept.
using effect_function =
    std::function<protocol::result<std::string>(const std::string& key)>;

/// What stands behind `task_view::ask` and `task_view::progress`. A test of an
/// agent's code may bring its own.
class task_colleagues {
public:
  virtual ~task_colleagues() = default;
  virtual protocol::result<std::string> ask(const protocol::question& what) = 0;
  virtual void progress(std::uint32_t permille, std::string_view note) = 0;
  /// Calls `code` with an empty key unless it is told otherwise.
  virtual protocol::result<std::string> effect(const std::string& name,
                                               const std::string& arguments,
                                               const effect_function& code,
                                               const effect_options& options);
  /// Knows no tool unless it is told otherwise.
  virtual protocol::result<std::string> use_tool(const std::string& name,
                                                 const std::string& arguments);
};

/// What a C++ agent is given to work on. Valid during the call only.
struct task_view {
  const protocol::perform_task& task;
  protocol::instant deadline;        ///< Absolute; epoch: none.
  std::stop_token stop;              ///< Stops when the task is cancelled.
  task_colleagues* others = nullptr; ///< Null: it works alone.
  /// Of the agent's life; for `shared_state::as`. Higher after each restart.
  std::uint64_t incarnation = 0;

  /// Asks another agent, waits, and returns its answer, which is untrusted. It
  /// is paid by the same account, has the same deadline and is cancelled with
  /// the task; what it uses counts as this agent's. Only for `blocking` agents
  /// (else `invalid_request`), and only on the thread that was called. Two of
  /// them that ask each other at one time wait until a deadline ends that.
  /// Errors: those of the other agent; `unknown_agent`; `limit_exceeded` for
  /// `limits.delegation_depth`, `limits.delegation_questions` and a question
  /// that comes back to an agent which waits for its answer; `cancelled`,
  /// `deadline_exceeded`.
  [[nodiscard]] protocol::result<std::string>
  ask(const protocol::question& what) const;

  /// Tells those who follow the run how far the task is: 0 to 1,000 and a few
  /// words, at most 512 bytes. As often as you like: what comes within 100 ms
  /// of the last may be left out. Without effect for an agent that is not
  /// `blocking`.
  void progress(std::uint32_t permille, std::string_view note = {}) const;

  /// Has an effect outside once, however often the task is tried and in however
  /// many processes. Where the run is kept in a journal, it is on the disk that
  /// `code` is called before it is, and then what it gave; from then on that is
  /// returned without a call. `name` and `arguments` (JSON text, whatever its
  /// spaces and order, at most 1 MiB; empty: `{}`) say which effect it is;
  /// equal ones of an attempt are told apart by their number. So the code must
  /// have its effects in the same order in each attempt.
  ///
  /// An error of `code` is kept as well and told again, unless the effect is
  /// idempotent; but none of `cancelled`, `deadline_exceeded` and
  /// `effect_unknown`: with these, as with an exception, nobody knows what was
  /// done. Of what was begun and nobody knows, an idempotent effect is begun
  /// again with its key; any other gives `effect_unknown`, with which the task
  /// should end, unless the code can find out.
  /// Only for `blocking` agents (else `invalid_request`), and only on the
  /// thread that was called. Errors: those of `code`; `invalid_request`,
  /// `limit_exceeded`, `cancelled`, `effect_unknown`, `journal_failed`.
  [[nodiscard]] protocol::result<std::string>
  effect(const std::string& name, const std::string& arguments,
         const effect_function& code, const effect_options& options = {}) const;

  /// Calls a tool of the runtime in the same way, with a JSON object. Waits
  /// until it answers, at most until the deadline. Errors: as `effect`, and
  /// `tool_failed` with what the tool has said.
  [[nodiscard]] protocol::result<std::string>
  use_tool(const std::string& name, const std::string& arguments) const;

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
  /// The same for the same call of the same task, in each attempt and in each
  /// process: 64 letters and digits. Empty where runs are not kept.
  std::string_view key{};
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
