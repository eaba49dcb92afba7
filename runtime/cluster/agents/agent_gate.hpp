#pragma once

#include "link_actor.hpp"

namespace troupe::cluster {

enum class gate_state : std::uint8_t {
  serves,   ///< Tasks go to this node's own agent.
  holds,    ///< They wait.
  hands_on, ///< They go to the node that the agent has moved to.
  ended,    ///< They are refused.
};

/// A life of the agent has begun.
struct show_own {
  actors::agent_actor own;
};
struct set_gate {
  gate_state how = gate_state::serves;
  link_actor there;    ///< Of `hands_on`.
  protocol::error why; ///< Of `ended`.
};
/// Asks the GATE to answer when no task is with the agent. Another that asks so
/// meanwhile takes its place.
struct await_idle {};
struct gate_idle {};

/// GATE: one for each agent that may move; stands before its lives on this
/// node, keeps tasks back while it moves, and hands them on when it has moved.
using gate_actor =
    actors::agent_actor::extend<caf::reacts_to<show_own>,
                                caf::reacts_to<set_gate>,
                                caf::replies_to<await_idle>::with<gate_idle>>;

struct gate_config {
  std::string agent;
  gate_state first = gate_state::serves;
  actors::wall_clock clock;
  /// Who stands for the agent on this node; null: nobody.
  std::function<actors::agent_actor()> stand_in;
  std::size_t open_max = 100'000; ///< Tasks that wait or are under way.
};

[[nodiscard]] gate_actor spawn_gate(caf::actor_system& system,
                                    gate_config config);

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::show_own)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::set_gate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::await_idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::gate_idle)
