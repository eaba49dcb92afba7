#pragma once

#include "tone.hpp"

#include <troupe/protocol/health.hpp>

#include <string>
#include <vector>

namespace troupe::report {

/// How all parts are, for people: a line for each.
[[nodiscard]] std::string health_text(const protocol::health_report& all,
                                      const page& on);

/// What was done for sick agents, a line for each step.
[[nodiscard]] std::string
steps_text(const std::vector<protocol::health_step>& steps, const page& on);

} // namespace troupe::report
