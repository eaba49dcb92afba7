#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::protocol {

/// What a task needs from a model and what a model offers.
enum class tier : std::uint8_t { basic, advanced, expert };
BOOST_DESCRIBE_ENUM(tier, basic, advanced, expert)

/// What the registry knows of an agent.
struct agent_card {
  std::string name{}; ///< Unique in a node; letters, digits, '-', '_', '.'.
  std::string description{};
  std::vector<std::string> skills{};
  std::vector<std::string> tags{};
  tier level = tier::basic; ///< The least tier of model it works with.

  bool operator==(const agent_card&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_card, (), (name, description, skills, tags, level))
template <>
inline constexpr bool omits_defaults<agent_card> = true;

/// Makes an agent known. A second registration under one name replaces the
/// first (a restarted agent). Errors: `invalid_request` (bad name),
/// `limit_exceeded` (the registry is full), `outdated_incarnation` (a later
/// life of it has been registered).
struct register_agent {
  agent_card card{};
  std::uint64_t incarnation = 0; ///< Of the agent's life; 0: not told.

  bool operator==(const register_agent&) const = default;
};
BOOST_DESCRIBE_STRUCT(register_agent, (), (card, incarnation))
template <>
inline constexpr bool omits_defaults<register_agent> = true;

/// Answers `register_agent`.
struct agent_registered {
  std::uint64_t incarnation = 0; ///< Rises with each registration of a name.

  bool operator==(const agent_registered&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_registered, (), (incarnation))

/// Looks agents up. Every field that is set must match; `level` is the least
/// that will do. With a text the order is by score; among equals, and without a
/// text, the cheapest sufficient tier comes first, then the name.
/// Errors: `unknown_agent` when nothing matches; names the nearest.
/// `invalid_request` for a count or a text beyond its limit.
struct discover_agents {
  std::string name{};  ///< Exact; empty: any.
  std::string skill{}; ///< Exact; empty: any.
  tier level = tier::basic;
  std::uint32_t count_max = 16;    ///< 1 to 1,000.
  std::vector<std::string> tags{}; ///< Each, exact; at most 64.
  /// What the agent shall do, in free words; at most 4,096 bytes. At least one
  /// word must stand in name, description, skills or tags. Empty: any.
  std::string text{};

  bool operator==(const discover_agents&) const = default;
};
BOOST_DESCRIBE_STRUCT(discover_agents, (),
                      (name, skill, level, count_max, tags, text))
template <>
inline constexpr bool omits_defaults<discover_agents> = true;

/// Answers `discover_agents`; at least one.
struct agents_found {
  std::vector<agent_card> agents{};
  /// Of each agent, when a text was asked for: how much of the text its card
  /// covers, 0 to 1,000; rare words weigh more.
  std::vector<std::uint32_t> scores{};

  bool operator==(const agents_found&) const = default;
};
BOOST_DESCRIBE_STRUCT(agents_found, (), (agents, scores))
template <>
inline constexpr bool omits_defaults<agents_found> = true;

} // namespace troupe::protocol
