#pragma once

#include "cli/far_state.hpp"

#include <troupe/protocol/json.hpp>

/// What a client asks of shared state, and is told.
namespace troupe::cluster {

/// Of the state as the node has it.
struct ask_state {
  cli::state_question what{};
};
BOOST_DESCRIBE_STRUCT(ask_state, (), (what))
/// From then on `state_seen` comes, until the client says something or goes.
struct watch_state {
  protocol::subscribe_state what{};
};
BOOST_DESCRIBE_STRUCT(watch_state, (), (what))

struct state_told {
  cli::state_answer what{};
};
BOOST_DESCRIBE_STRUCT(state_told, (), (what))
struct state_seen {
  state_event what{};
};
BOOST_DESCRIBE_STRUCT(state_seen, (), (what))

} // namespace troupe::cluster

namespace troupe::protocol {

#define TROUPE_STATE_WORD(Space, Type)                                         \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<Space::Type> = #Type;
TROUPE_STATE_WORD(cluster, ask_state)
TROUPE_STATE_WORD(cluster, watch_state)
TROUPE_STATE_WORD(cluster, state_told)
TROUPE_STATE_WORD(cluster, state_seen)
TROUPE_STATE_WORD(protocol, write_state)
TROUPE_STATE_WORD(protocol, read_state)
TROUPE_STATE_WORD(protocol, list_state)
TROUPE_STATE_WORD(protocol, state_written)
TROUPE_STATE_WORD(protocol, state_value)
TROUPE_STATE_WORD(protocol, state_listed)
TROUPE_STATE_WORD(protocol, state_commit)
TROUPE_STATE_WORD(protocol, state_resync)
TROUPE_STATE_WORD(protocol, subscription_gap)
#undef TROUPE_STATE_WORD

} // namespace troupe::protocol
