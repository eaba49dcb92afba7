#pragma once

#include "node_actor.hpp"

namespace troupe::cluster {

/// What tests and benchmarks may that programs may not.
struct node_inside {
  /// Who starts and moves its agents.
  [[nodiscard]] static class agent_desk& desk_of(node& of);
  /// The link to a node; null: there is none. Blocking: at most 10 s.
  [[nodiscard]] static link_found link_to(node& from, const std::string& name);
};

} // namespace troupe::cluster
