#pragma once

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/mission.hpp>
#include <troupe/runtime/agent_place.hpp>
#include <troupe/runtime/queued_mission.hpp>

/// What a client asks of a node about agents and the queue, and is told.
namespace troupe::cluster {

struct ask_agents {};
BOOST_DESCRIBE_STRUCT(ask_agents, (), ())
struct ask_start {
  protocol::agent_spec agent{};
  std::string on{};
};
BOOST_DESCRIBE_STRUCT(ask_start, (), (agent, on))
struct ask_stop {
  std::string name{};
  std::string on{};
};
BOOST_DESCRIBE_STRUCT(ask_stop, (), (name, on))
struct ask_move {
  std::string name{};
  std::string to{};
};
BOOST_DESCRIBE_STRUCT(ask_move, (), (name, to))
struct ask_queue {};
BOOST_DESCRIBE_STRUCT(ask_queue, (), ())

struct agents_told {
  std::vector<agent_place> agents{};
};
BOOST_DESCRIBE_STRUCT(agents_told, (), (agents))
struct agent_at {
  std::string node{}; ///< Where it is, or was.
};
BOOST_DESCRIBE_STRUCT(agent_at, (), (node))
struct mission_queued {
  protocol::id run{};
};
BOOST_DESCRIBE_STRUCT(mission_queued, (), (run))
struct queue_told {
  std::vector<queued_mission> queue{};
};
BOOST_DESCRIBE_STRUCT(queue_told, (), (queue))

} // namespace troupe::cluster

namespace troupe::protocol {

#define TROUPE_CLIENT_WORD(Type)                                               \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<cluster::Type> = #Type;
TROUPE_CLIENT_WORD(ask_agents)
TROUPE_CLIENT_WORD(ask_start)
TROUPE_CLIENT_WORD(ask_stop)
TROUPE_CLIENT_WORD(ask_move)
TROUPE_CLIENT_WORD(agents_told)
TROUPE_CLIENT_WORD(agent_at)
TROUPE_CLIENT_WORD(ask_queue)
TROUPE_CLIENT_WORD(mission_queued)
TROUPE_CLIENT_WORD(queue_told)
#undef TROUPE_CLIENT_WORD

} // namespace troupe::protocol
