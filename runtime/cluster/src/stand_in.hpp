#pragma once

#include "link_actor.hpp"
#include "placement_rules.hpp"

#include <vector>

namespace troupe::cluster {

/// Another node that has the agent.
struct place {
  std::string node;
  link_actor link;
  std::shared_ptr<link_status> status;
};

/// Tells a STAND-IN who has its agent.
struct set_places {
  bool is_here = false; ///< This node has one of its own.
  std::shared_ptr<const std::vector<place>> others;
};

/// The stand-in is not needed any more: what it passed on is still answered,
/// then it ends.
struct end_stand_in {};

/// STAND-IN: for one agent that other nodes have too, or alone. Whoever has a
/// task for the agent gives it to the stand-in as to the agent itself, which
/// passes it on to one of them, and what is said of it back.
using stand_in_actor =
    actors::agent_actor::extend<caf::reacts_to<set_places>,
                                caf::reacts_to<end_stand_in>>;

struct stand_in_config {
  std::string agent;
  std::string node; ///< This one.
  placement how = placement::balanced;
  std::uint64_t seed = 0;
  std::size_t open_max = 100'000;
  std::shared_ptr<const link_parts> parts;
};

[[nodiscard]] stand_in_actor spawn_stand_in(caf::actor_system& system,
                                            stand_in_config config);

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::set_places)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::end_stand_in)
