#pragma once

#include "troupe/actors/budget_manager.hpp"
#include "troupe/actors/event_sink.hpp"
#include "troupe/actors/provider.hpp"
#include "troupe/actors/registry.hpp"
#include "troupe/actors/router.hpp"

#include <troupe/protocol/report.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

/// COORDINATOR: owns one run from its first task to its report, then ends.
using coordinator_actor = caf::typed_actor<
    // Cancels the run; only its own scope, the run's id, is heard.
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    // Only from its agents: text that is arriving, and how far a task is.
    caf::reacts_to<protocol::notification<protocol::model_delta>>,
    caf::reacts_to<protocol::coordination<protocol::task_accepted>>,
    caf::reacts_to<protocol::coordination<protocol::task_refused>>,
    caf::reacts_to<protocol::coordination<protocol::task_started>>,
    caf::reacts_to<protocol::coordination<protocol::task_progress>>,
    caf::reacts_to<protocol::coordination<protocol::task_finished>>>;

/// Who performs a task, and at which tier.
struct assignment {
  agent_actor agent;
  std::string name;
  protocol::tier level = protocol::tier::basic;
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
  /// How long a cancelled task may take to confirm.
  protocol::duration grace = std::chrono::seconds{5};
  wall_clock clock;
  std::uint64_t seed = 0;
};

[[nodiscard]] coordinator_actor spawn_coordinator(caf::actor_system& system,
                                                  coordinator_config config);

} // namespace troupe::actors
