#pragma once

#include <troupe/protocol/mission.hpp>

#include <cstdint>
#include <vector>

namespace troupe::actors {

/// The tasks of a mission by their position, with both directions of needs.
/// A need that names no task is left out; tasks on or behind a cycle are not
/// in `order`.
struct plan_graph {
  std::vector<std::vector<std::uint32_t>> needs;
  std::vector<std::vector<std::uint32_t>> dependants;
  std::vector<std::uint32_t> level; ///< 0 without needs, else 1 + highest.
  std::vector<std::uint32_t> order; ///< Topological; ties by position.
};

[[nodiscard]] plan_graph graph_of(const protocol::mission& mission);

} // namespace troupe::actors
