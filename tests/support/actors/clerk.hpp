#pragma once

#include "requests.hpp"
#include "support/actors/job.hpp"

namespace troupe::test {

using clerk_actor = caf::typed_actor<caf::reacts_to<actors::deadline_tick>,
                                     caf::reacts_to<job>>;

/// An actor with a deadline table, which does as it is told.
class clerk : public actors::actor_base<clerk_actor> {
public:
  using actor_base::actor_base;

  static clerk& behind(const clerk_actor& handle) {
    return dynamic_cast<clerk&>(*caf::actor_cast<caf::abstract_actor*>(handle));
  }

  behavior_type make_behavior() override {
    return {
        [this](const actors::deadline_tick& tick) {
          ++ticks;
          table.on_tick(this, tick);
        },
        [](const job& it) { it.code(); },
    };
  }

  void on_exit() override { table.close(); }

  actors::deadline_table table;
  int ticks = 0;
};

inline clerk_actor spawn_clerk(caf::actor_system& system,
                               const actors::wall_clock& clock) {
  return caf::actor_cast<clerk_actor>(system.spawn<clerk>(clock));
}

} // namespace troupe::test
