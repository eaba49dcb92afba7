#pragma once

#include "leader_services.hpp"
#include "link_actor.hpp"

namespace troupe::cluster {

/// Who leads, as far as a node knows.
struct leader_is {
  std::uint64_t token = 0; ///< Of the lease; 0: nobody that can be reached.
  std::string name;
  services_ptr own; ///< Of this node when it leads; else null.
  link_actor link;  ///< To the node that leads; null: this one, or nobody.
};

/// LEADER FRONT: one per node; has the node that leads do what only one may.
/// `ask_there.what` is a request to `to_shared_state` or `to_shared_ledger`.
/// While nobody leads, requests wait until their deadline, at most five
/// seconds. Errors: `unreachable` when there is no way to the leader, or it was
/// lost before it answered: whether something was done nobody knows then;
/// `overloaded`; those of the service.
using leader_front_actor =
    caf::typed_actor<caf::replies_to<ask_there>::with<told_there>,
                     caf::reacts_to<leader_is>>;

[[nodiscard]] leader_front_actor
spawn_leader_front(caf::actor_system& system, const actors::wall_clock& clock);

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::leader_is)
