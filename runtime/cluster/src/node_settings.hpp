#pragma once

#include "link_actor.hpp"
#include "troupe/cluster/node.hpp"

namespace troupe::cluster {

/// As a node of that configuration introduces itself, but for its address.
[[nodiscard]] hello hello_of(const node_config& config);

[[nodiscard]] link_limits limits_of(const node_config& config);

} // namespace troupe::cluster
