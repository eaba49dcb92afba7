#pragma once

#include "troupe/runtime/config.hpp"
#include "yaml/mapping.hpp"

/// The parts of a configuration that say which calls may go when.
namespace troupe::config {

/// Reads `breaker`, if it is there.
void read_breaker(yaml::mapping& provider, provider_breaker& out,
                  yaml::problems& found);

/// Reads `when_all_rest`, `shares`, `urgent_permille` and what is for hedging.
void read_shares(yaml::mapping& routing, routing_config& out,
                 yaml::problems& found);

} // namespace troupe::config
