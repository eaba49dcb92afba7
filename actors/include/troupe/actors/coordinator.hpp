#pragma once

#include "troupe/actors/budget_manager.hpp"
#include "troupe/actors/event_sink.hpp"
#include "troupe/actors/health_book.hpp"
#include "troupe/actors/journal.hpp"
#include "troupe/actors/model_agent.hpp"
#include "troupe/actors/provider.hpp"
#include "troupe/actors/registry.hpp"
#include "troupe/actors/result_book.hpp"
#include "troupe/actors/router.hpp"

#include <troupe/protocol/report.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// Nothing new starts until `continue_run`. Repeated: no effect.
struct pause_run {
  std::string why;
};

/// A paused run goes on.
struct continue_run {};

/// What runs is stopped, and the run ends here as `paused`, to go on in another
/// process; one without a journal is cancelled, or fails of `why`.
struct leave_run {
  std::optional<protocol::error> why{}; ///< None: it was wished.
};

/// Somebody's answer to a task that waits for a yes or no.
struct decide_task {
  std::string task;
  bool is_yes = false;
  std::string by;
  std::string note;
};

/// Answers `decide_task`: it is done. Errors: as `run_rules::decide`.
struct task_decided {};

/// COORDINATOR: owns one run from its first task to its report, then ends.
using coordinator_actor = caf::typed_actor<
    // Cancels the run; only its own scope, the run's id, is heard.
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    caf::reacts_to<pause_run>, caf::reacts_to<continue_run>,
    caf::reacts_to<leave_run>, caf::replies_to<decide_task>::with<task_decided>,
    // Only from its agents: text that is arriving, and how far a task is.
    caf::reacts_to<protocol::notification<protocol::model_delta>>,
    caf::reacts_to<protocol::coordination<protocol::task_accepted>>,
    caf::reacts_to<protocol::coordination<protocol::task_refused>>,
    caf::reacts_to<protocol::coordination<protocol::task_started>>,
    caf::reacts_to<protocol::coordination<protocol::task_progress>>,
    caf::reacts_to<protocol::coordination<protocol::task_finished>>>;

struct named_agent {
  agent_actor agent;
  std::string name;
};

/// Who may perform a task when its own agent is not well.
struct stand_in {
  named_agent who;
  protocol::id digest{}; ///< As in `assignment`.
};

/// Who performs a task, and at which tier.
struct assignment {
  agent_actor agent;
  std::string name;
  protocol::tier level = protocol::tier::basic;
  std::vector<named_agent> others{}; ///< Of an agreement, in turn.
  std::vector<stand_in> stand_ins{}; ///< With the skill it asks for, in turn.
  named_agent judge{};               ///< Of its gate; null: none.
  tool_actor gate_tool{};            ///< Likewise.
  protocol::id digest{};             ///< Of what decides how the agent works.
};

struct coordinator_config {
  protocol::mission mission; ///< `check_mission` has found no fault with it.
  std::vector<assignment> assignments;            ///< By task.
  std::vector<protocol::task_estimate> estimates; ///< By task.
  protocol::id run;
  std::string account; ///< Open already, with the run's limit.
  registry_actor registry;
  budget_actor budget;
  std::shared_ptr<event_sink> sink;
  /// Is told what gates say of models' answers; null: nobody is.
  router_actor learner{};
  /// Where what it does is kept before it does it; null: nowhere.
  journal_actor journal{};
  /// Of an earlier process: it goes on behind them. `read_past` has found no
  /// fault with them.
  std::vector<protocol::journal_entry> past{};
  /// What earlier runs gave; null: nothing is known.
  std::shared_ptr<const result_book> known{};
  protocol::id forked_from{};                          ///< For the journal.
  std::shared_ptr<const quarantine_book> quarantine{}; ///< Null: none.
  /// Is told how agents do, and says who is well; null: nobody looks.
  std::shared_ptr<health_book> health{};
  /// How long a cancelled task may take to confirm.
  protocol::duration grace = std::chrono::seconds{5};
  wall_clock clock;
  std::uint64_t seed = 0;
};

[[nodiscard]] coordinator_actor spawn_coordinator(caf::actor_system& system,
                                                  coordinator_config config);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::pause_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::continue_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::leave_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::decide_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::task_decided)
