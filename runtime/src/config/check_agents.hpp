#pragma once

#include "troupe/protocol/field_problem.hpp"
#include "troupe/runtime/config.hpp"

#include <vector>

namespace troupe::config {

/// The part of `check_config` that is about agents that are programs.
[[nodiscard]] std::vector<protocol::field_problem>
check_agents(const runtime_config& config);

} // namespace troupe::config
