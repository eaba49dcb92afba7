#pragma once

#include "cross_node_side.hpp"

namespace troupe::benchmarks {

/// CAF's own network layer, with two structs and nothing else.
int serve_bare(const std::string& folder);
[[nodiscard]] link_pass measure_bare(const std::string& folder,
                                     std::size_t requests);

} // namespace troupe::benchmarks
