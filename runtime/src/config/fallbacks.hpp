#pragma once

#include "troupe/runtime/catalogue.hpp"
#include "troupe/runtime/config.hpp"
#include "yaml/mapping.hpp"

#include <troupe/protocol/field_problem.hpp>

#include <vector>

/// `fallbacks` of the routing.
namespace troupe::config {

/// Reads `fallbacks` and `latency_weight_permille`, if they are there.
void read_fallbacks(yaml::mapping& routing, routing_config& out,
                    yaml::problems& found);

/// Models and tiers that `known` does not have, each with the nearest that it
/// has; lists that are too long or name a model twice.
[[nodiscard]] std::vector<protocol::field_problem>
check_fallbacks(const routing_config& routing, const catalogue& known);

} // namespace troupe::config
