#pragma once

#include "node_actor.hpp"

namespace troupe::cluster {

/// What tests and benchmarks may that programs may not.
struct node_inside {
  /// The link to a node; null: there is none. Blocking: at most 10 s.
  [[nodiscard]] static link_found link_to(node& from, const std::string& name);
};

} // namespace troupe::cluster
