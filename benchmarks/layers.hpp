#pragma once

#include <troupe/actors/coordinator.hpp>
#include <troupe/actors/router.hpp>
#include <troupe/actors/simulated_provider.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/actor_system.hpp>

#include <map>
#include <string>
#include <vector>

namespace troupe::benchmarks {

/// What a coordinator needs, without the facade: an actor system with a
/// registry and a budget manager. Ends all its actors when it goes.
class stage {
public:
  /// `threads` of the actor system; 0: one a core, at least 2.
  explicit stage(std::size_t threads = 0);
  ~stage();

  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  [[nodiscard]] caf::actor_system& system() { return system_; }
  [[nodiscard]] actors::wall_clock clock() const { return clock_; }
  [[nodiscard]] actors::registry_actor registry() const { return registry_; }
  [[nodiscard]] actors::budget_actor budget() const { return budget_; }

  /// Ends the actor with this object.
  template <class Handle>
  Handle add(Handle it) {
    actors_.push_back(caf::actor_cast<caf::actor>(it));
    return it;
  }

  /// A run of `mission`; `staff` by name, looked up by each task's `agent`.
  [[nodiscard]] actors::coordinator_config
  run_of(protocol::mission mission,
         const std::vector<actors::assignment>& staff);

  /// Starts the run and waits for its report. Events are counted, not kept.
  [[nodiscard]] protocol::run_report run(actors::coordinator_config config);

private:
  actors::system_config config_;
  caf::actor_system system_;
  actors::wall_clock clock_;
  protocol::id_source ids_;
  std::vector<caf::actor> actors_;
  actors::registry_actor registry_;
  actors::budget_actor budget_;
};

/// A router over one model of a simulated provider.
[[nodiscard]] actors::router_actor
spawn_simulated_router(stage& on, actors::simulated_provider_config provider,
                       protocol::model_spec model);

} // namespace troupe::benchmarks
