#pragma once

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/mission.hpp>

#include <cstdint>
#include <string>
#include <variant>

/// What nodes ask of one another about agents that are started, stopped and
/// moved, as JSON in control frames. Links of version 2.
namespace troupe::cluster {

/// The first version of links that carries these.
inline constexpr std::uint32_t agents_version = 2;

/// An agent that a cluster starts.
struct agent_order {
  protocol::agent_spec spec{};
  /// Of its code, which the program of each node has added; its card alone
  /// counts then. Empty: a model is behind it.
  std::string kind{};

  bool operator==(const agent_order&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_order, (), (spec, kind))

struct start_here {
  agent_order what{};
};
BOOST_DESCRIBE_STRUCT(start_here, (), (what))

struct stop_here {
  std::string name{};
};
BOOST_DESCRIBE_STRUCT(stop_here, (), (name))

/// Has the node move an agent of its own.
struct move_from_here {
  std::string name{};
  std::string to{};
};
BOOST_DESCRIBE_STRUCT(move_from_here, (), (name, to))

/// The first word of a move, by the node that has the agent.
struct take_agent {
  protocol::id move{};
  agent_order what{};
  std::uint64_t incarnation = 0; ///< Of its last life.
  std::uint64_t bytes = 0;       ///< Of its snapshot, which follows in parts.
  bool has_snapshot = false;
};
BOOST_DESCRIBE_STRUCT(take_agent, (),
                      (move, what, incarnation, bytes, has_snapshot))

/// The next bytes of the snapshot. With the last the agent is started, but
/// kept from its tasks.
struct take_part {
  protocol::id move{};
  std::uint64_t offset = 0;
  std::string base64{};
};
BOOST_DESCRIBE_STRUCT(take_part, (), (move, offset, base64))

/// The agent is served there from now on.
struct serve_taken {
  protocol::id move{};
};
BOOST_DESCRIBE_STRUCT(serve_taken, (), (move))

/// Nothing comes of the move.
struct drop_taken {
  protocol::id move{};
};
BOOST_DESCRIBE_STRUCT(drop_taken, (), (move))

/// Whether that node serves what was moved.
struct ask_taken {
  protocol::id move{};
};
BOOST_DESCRIBE_STRUCT(ask_taken, (), (move))

using agent_asks =
    std::variant<start_here, stop_here, move_from_here, take_agent, take_part,
                 serve_taken, drop_taken, ask_taken>;

struct agent_done {};
BOOST_DESCRIBE_STRUCT(agent_done, (), ())
struct agent_not_done {
  protocol::error why{};
};
BOOST_DESCRIBE_STRUCT(agent_not_done, (), (why))
/// Answers `ask_taken`.
struct taken_told {
  bool is_served = false;
};
BOOST_DESCRIBE_STRUCT(taken_told, (), (is_served))

using agent_told = std::variant<agent_done, agent_not_done, taken_told>;

struct agent_question {
  protocol::id request{};
  agent_asks what{};
};
BOOST_DESCRIBE_STRUCT(agent_question, (), (request, what))

struct agent_answer {
  protocol::id request{};
  agent_told what{};
};
BOOST_DESCRIBE_STRUCT(agent_answer, (), (request, what))

} // namespace troupe::cluster

namespace troupe::protocol {

#define TROUPE_AGENT_WORD(Type)                                                \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<cluster::Type> = #Type;
TROUPE_AGENT_WORD(start_here)
TROUPE_AGENT_WORD(stop_here)
TROUPE_AGENT_WORD(move_from_here)
TROUPE_AGENT_WORD(take_agent)
TROUPE_AGENT_WORD(take_part)
TROUPE_AGENT_WORD(serve_taken)
TROUPE_AGENT_WORD(drop_taken)
TROUPE_AGENT_WORD(ask_taken)
TROUPE_AGENT_WORD(agent_done)
TROUPE_AGENT_WORD(agent_not_done)
TROUPE_AGENT_WORD(taken_told)
TROUPE_AGENT_WORD(agent_question)
TROUPE_AGENT_WORD(agent_answer)
#undef TROUPE_AGENT_WORD

} // namespace troupe::protocol
