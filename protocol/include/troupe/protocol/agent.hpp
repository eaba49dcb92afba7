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
/// `limit_exceeded` (the registry is full).
struct register_agent {
  agent_card card{};

  bool operator==(const register_agent&) const = default;
};
BOOST_DESCRIBE_STRUCT(register_agent, (), (card))

/// Answers `register_agent`.
struct agent_registered {
  std::uint64_t incarnation = 0; ///< Rises with each registration of a name.

  bool operator==(const agent_registered&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_registered, (), (incarnation))

/// Looks agents up. Every field that is set must match; `level` is the least
/// that will do. Cheapest sufficient tier first, then by name.
/// Errors: `unknown_agent` when nothing matches; names the nearest.
struct discover_agents {
  std::string name{};  ///< Exact; empty: any.
  std::string skill{}; ///< Exact; empty: any.
  tier level = tier::basic;
  std::uint32_t count_max = 16; ///< 1 to 1,000.

  bool operator==(const discover_agents&) const = default;
};
BOOST_DESCRIBE_STRUCT(discover_agents, (), (name, skill, level, count_max))
template <>
inline constexpr bool omits_defaults<discover_agents> = true;

/// Answers `discover_agents`; at least one.
struct agents_found {
  std::vector<agent_card> agents{};

  bool operator==(const agents_found&) const = default;
};
BOOST_DESCRIBE_STRUCT(agents_found, (), (agents))

} // namespace troupe::protocol
