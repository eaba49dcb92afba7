#pragma once

#include "troupe/runtime/runtime.hpp"

#include <string>
#include <vector>

namespace troupe {

/// What somebody wants done, in free words.
struct goal {
  std::string text;                                ///< 1 to 16,384 bytes.
  std::vector<protocol::task_input> inputs{};      ///< At most 100.
  protocol::money budget = protocol::money::max(); ///< With the planning.
  std::uint64_t seed = 1;
};

/// A mission that was made of a goal.
struct goal_plan {
  protocol::mission mission;
  bool is_by_rules = false;   ///< Else by a model.
  std::string why;            ///< It is by rules.
  std::uint32_t attempts = 0; ///< Plans that a model has made.
  protocol::money cost;       ///< Of the planning.
};

/// Makes a mission of a goal: a model is asked for roles and tasks, its answer
/// is checked like any mission and sent back with what is wrong, at most twice.
/// Where no real model can be called, or none of its plans will do, the mission
/// is made by rules: each input is read by itself, what was found is joined,
/// and the join is reviewed. Roles may be agents that the runtime has.
/// Errors: `invalid_request` (no goal, or beyond a limit), `budget_exhausted`.
/// Blocking: as long as the model takes.
[[nodiscard]] protocol::result<goal_plan> plan_goal(runtime& host,
                                                    const goal& what);

/// `plan_goal`, and runs the mission. Errors: as both.
[[nodiscard]] protocol::result<protocol::run_report> achieve(runtime& host,
                                                             const goal& what);

} // namespace troupe
