#pragma once

#include "troupe/actors/clock.hpp"
#include "troupe/actors/delegation_limits.hpp"
#include "troupe/actors/mailbox.hpp"
#include "troupe/actors/model_agent.hpp"
#include "troupe/actors/quarantine_book.hpp"
#include "troupe/actors/registry.hpp"
#include "troupe/actors/supervision.hpp"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace troupe::actors {

/// What an agent's own code is about to do outside.
struct effect_wish {
  std::string name; ///< 1 to 64 letters, digits, '-', '_', '.'.
  /// JSON text of what decides the effect, at most 1 MiB; empty: `{}`.
  std::string arguments;
  bool is_idempotent = false; ///< As in `begin_effect`.
};

/// Does it, and returns at most 1 MiB of text. The key: as in `effect_begun`;
/// empty where the run is not kept.
using effect_code =
    std::function<protocol::result<std::string>(const std::string& key)>;

/// Finds a tool by its name; called on agents' threads.
using tool_finder = std::function<std::optional<tool>(const std::string& name)>;

/// How the code of an agent reaches others while it works on a task.
class task_link {
public:
  virtual ~task_link() = default;

  /// Asks another agent and waits for what it gives; it is paid by the same
  /// account and has the same deadline and cancel scope. Its use of models
  /// counts as this agent's. Errors: those of the other agent,
  /// `unknown_agent`, `limit_exceeded` (see `delegation_limits`, and the same
  /// question on its own way), `cancelled`, `deadline_exceeded`; and
  /// `invalid_request` from an agent that is not blocking.
  virtual protocol::result<protocol::task_result>
  ask(const protocol::question& what) = 0;

  /// Tells who asked for the task how far it is: 0 to 1,000, and a note of at
  /// most 512 bytes. What comes within 100 ms of the last may be left out.
  /// Not blocking; without effect in an agent that is not.
  virtual void progress(std::uint32_t permille, std::string_view note) = 0;

  /// Does something outside once, however often the task is tried and in
  /// however many processes: it is on the disk that `code` is called before it
  /// is, and then what it gave, which is returned without a call from then on.
  /// An error of `code` is kept too, unless the effect is idempotent; none of
  /// `cancelled`, `deadline_exceeded` and `effect_unknown`, with which, as with
  /// an exception, nobody knows. A run that is not kept: `code` is called.
  /// Errors: those of `code`; `effect_unknown` as in `effect_log::begin`;
  /// `invalid_request` (see `effect_wish`, and from an agent that is not
  /// blocking), `limit_exceeded`, `cancelled`, `journal_failed`.
  virtual protocol::result<std::string> effect(const effect_wish& what,
                                               const effect_code& code) = 0;

  /// Calls a tool in the same way, with a JSON object. Errors: as `effect`;
  /// `tool_failed` with what the tool said, `invalid_request` for no such tool.
  virtual protocol::result<std::string>
  use_tool(const std::string& name, const std::string& arguments) = 0;

  /// The code is of no more use, as when its process has died: what it returns
  /// is the task's end, and the next task gets code that is made anew.
  virtual void give_up_code() = 0;
};

/// A task, as the code behind a function agent gets it. Valid during the call.
struct task_work {
  const protocol::request<protocol::perform_task>& asked;
  std::stop_token stop;          ///< Stops when the task is cancelled.
  task_link& link;               ///< Only for the thread that was called.
  std::uint64_t incarnation = 0; ///< Of the agent's life; 0: not known.
};

/// The code behind a function agent.
using task_code = std::function<protocol::result<protocol::task_result>(
    const task_work& work)>;

/// What an agent does when something is announced. Must return within a
/// millisecond and must not throw.
using announcement_code = std::function<void(const protocol::announcement&)>;

struct function_agent_config {
  std::string name;
  task_code code;
  /// Makes `code` for a blocking agent, on its thread, where code may become of
  /// no use; it is made anew as `remaking` says, and beyond its intensity the
  /// agent ends with an error. None: `code` is given.
  std::function<task_code()> make_code{};
  supervision remaking{};
  /// Called on a shared worker; for a blocking agent also while its code runs.
  /// None: announcements are ignored.
  announcement_code on_announcement{};
  /// False: runs on a shared worker and must return within a millisecond.
  /// True: runs on a thread of its own; a cancel stops its token.
  bool is_blocking = false;
  std::size_t waiting_max = 256; ///< Tasks; beyond it `overloaded`.
  wall_clock clock;
  std::uint64_t seed = 0;
  /// Where a blocking agent finds agents to ask; null: it asks none.
  registry_actor registry{};
  delegation_limits delegation{};
  journal_actor journal{}; ///< Where effects are kept; null: nowhere.
  tool_finder find_tool{}; ///< None: a blocking agent has no tools.
  /// Where it is told of messages that crash; null: all are worked on.
  std::shared_ptr<quarantine_book> quarantine{};
  std::uint64_t incarnation = 0; ///< Of its life; 0: not known.
};

/// An agent backed by C++ code, called for one task at a time.
[[nodiscard]] agent_actor
spawn_function_agent(caf::actor_system& system, function_agent_config config,
                     const mailbox_limits& mailbox = {});

} // namespace troupe::actors
