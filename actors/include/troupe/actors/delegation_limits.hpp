#pragma once

#include <cstdint>

namespace troupe::actors {

/// How far agents may go on asking each other about one task.
struct delegation_limits {
  std::uint32_t depth_max = 4; ///< Agents between a mission and the last asked.
  /// Questions about one task, counting those of the agents that are asked.
  std::uint32_t questions_max = 32;
};

} // namespace troupe::actors
