#pragma once

#include "leader_front.hpp"
#include "state_feed.hpp"

#include <troupe/actors/state_store.hpp>

namespace troupe::cluster {

/// STATE REPLICA: one per node that shares state; to its node it is the state
/// store. Writes and reads are the leader's; those who follow are told by the
/// replica, which follows the leader itself, goes on behind a change of the
/// leader without a gap, and tells nothing before it has been fed once.
/// A write is answered when those who follow here have been told of it, or a
/// second later.
using state_replica_actor =
    actors::state_store_actor::extend<caf::reacts_to<fed>,
                                      caf::reacts_to<leader_is>>;

struct state_replica_config {
  actors::state_limits limits;
  actors::wall_clock clock;
  std::uint64_t seed = 0;   ///< Of the ids of its messages.
  leader_front_actor front; ///< It ends with the replica, which ends with it.
};

[[nodiscard]] state_replica_actor
spawn_state_replica(caf::actor_system& system, state_replica_config config);

} // namespace troupe::cluster
