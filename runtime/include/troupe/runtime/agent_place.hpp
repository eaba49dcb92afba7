#pragma once

#include "troupe/protocol/agent.hpp"

#include <cstdint>
#include <string>

namespace troupe {

/// An agent, and a node that has it.
struct agent_place {
  std::string name;
  std::string node;
  protocol::tier level = protocol::tier::basic;
  std::uint32_t busy = 0; ///< Tasks under way on that node, of all its agents.
  std::uint32_t capacity = 1; ///< Tasks that the node does well at one time.
};
BOOST_DESCRIBE_STRUCT(agent_place, (), (name, node, level, busy, capacity))

} // namespace troupe
