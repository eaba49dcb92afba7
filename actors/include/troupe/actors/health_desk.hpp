#pragma once

#include "troupe/actors/clock.hpp"
#include "troupe/actors/health_book.hpp"
#include "troupe/actors/registry.hpp"

#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>

namespace troupe::actors {

/// Asks the HEALTH DESK to look at its book.
struct look_at_health {};

/// HEALTH DESK: one per node; carries out what the book decides. It ends a sick
/// agent, whose supervisor starts it again and counts that, and tells of each
/// step.
using health_desk_actor = caf::typed_actor<caf::reacts_to<look_at_health>>;

struct health_desk_config {
  std::shared_ptr<health_book> book;
  registry_actor registry; ///< That knows the agents' handles.
  skill_counter skills;    ///< Must not block for long.
  /// Is told each step, before what follows from it is done; must not block.
  std::function<void(const protocol::health_step&)> tell;
  wall_clock clock;
};

[[nodiscard]] health_desk_actor spawn_health_desk(caf::actor_system& system,
                                                  health_desk_config config);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::look_at_health)
