#pragma once

#include "tone.hpp"

#include <troupe/actors/plan.hpp>

#include <string>

namespace troupe::report {

/// A plan for people: waves, a line a task, critical path and totals.
[[nodiscard]] std::string plan_text(const protocol::mission& mission,
                                    const actors::mission_plan& plan,
                                    const page& on);

/// A plan as one JSON object; times, money and tokens as in `task_estimate`.
[[nodiscard]] std::string plan_json(const protocol::mission& mission,
                                    const actors::mission_plan& plan);

/// A plan for Graphviz: an edge from each task to those that need it, the
/// critical path in bold. Names and prompts cannot break out of their quotes.
[[nodiscard]] std::string plan_dot(const protocol::mission& mission,
                                   const actors::mission_plan& plan);

} // namespace troupe::report
