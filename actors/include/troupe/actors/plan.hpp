#pragma once

#include <troupe/protocol/report.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <string>
#include <vector>

namespace troupe::actors {

/// A mission before it runs: in which order, how long, for how much.
/// Estimates assume that every task answers at its first attempt.
struct mission_plan {
  std::vector<std::string> order; ///< Topological; ties in mission order.
  std::vector<protocol::task_estimate> estimates; ///< By mission order.
  std::vector<std::string> critical_path;
  protocol::duration critical_time{};
  protocol::duration makespan{}; ///< With the mission's concurrency cap.
  protocol::money cost;
  std::vector<std::vector<std::string>> waves; ///< Level by level.
};

/// Plans a mission that `check_mission` has found no fault with.
/// Cost: linear in tasks, needs and text.
[[nodiscard]] mission_plan
plan_mission(const protocol::mission& mission,
             const std::vector<protocol::agent_spec>& agents,
             const std::vector<protocol::model_spec>& models,
             const protocol::token_counter& counter);

/// The tier that a task asks of a model: its own, else the higher of what its
/// priority and its agent ask for (critical: expert; high, medium: advanced;
/// low: basic).
[[nodiscard]] protocol::tier tier_for(const protocol::task_spec& task,
                                      const protocol::agent_card* agent);

/// What the report of a run says beyond its records.
[[nodiscard]] protocol::run_summary
summarise(const protocol::run_report& report,
          const std::vector<protocol::model_spec>& models);

} // namespace troupe::actors
