#pragma once

#include "troupe/runtime/orchestrator.hpp"

#include <span>
#include <string_view>

namespace troupe::orchestrator {

/// The JSON Schema of the plan that a model is asked for.
[[nodiscard]] const std::string& plan_schema();

/// How a model is told to plan.
[[nodiscard]] const std::string& planner_instructions();

/// What a model is asked: the goal, the inputs by name and size, the agents
/// that there are.
[[nodiscard]] std::string
planning_prompt(const goal& what, std::span<const protocol::agent_card> known);

/// The mission that a model's plan describes. Each role becomes an agent unless
/// `known` has one of that name; leaves that are several are joined by a last
/// task. Errors: `mission_invalid`, all problems, for the model to mend.
[[nodiscard]] protocol::result<protocol::mission>
read_plan(std::string_view json, const goal& what,
          std::span<const protocol::agent_card> known);

/// The mission for a goal without a model's help.
[[nodiscard]] protocol::mission plan_by_rules(const goal& what);

} // namespace troupe::orchestrator
