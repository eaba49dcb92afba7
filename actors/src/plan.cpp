#include "troupe/actors/plan.hpp"

#include "plan_estimate.hpp"
#include "plan_schedule.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::priority;
using protocol::tier;

protocol::tier tier_for(const protocol::task_spec& task,
                        const protocol::agent_card* agent) {
  if (task.level)
    return *task.level;
  auto level = tier::advanced;
  if (task.urgency == priority::critical)
    level = tier::expert;
  else if (task.urgency == priority::low)
    level = tier::basic;
  return agent == nullptr ? level : std::max(level, agent->level);
}

mission_plan plan_mission(const protocol::mission& mission,
                          const std::vector<protocol::agent_spec>& agents,
                          const std::vector<protocol::model_spec>& models,
                          const protocol::token_counter& counter) {
  const auto graph = graph_of(mission);
  mission_plan plan;
  plan.estimates = estimate_tasks(mission, graph, agents, models, counter);
  std::vector<protocol::duration> times;
  times.reserve(plan.estimates.size());
  for (const auto& estimate : plan.estimates) {
    times.push_back(estimate.time);
    plan.cost += estimate.cost;
  }
  const auto chains = longest_chains(graph, times);
  for (const auto task : critical_chain(graph, chains)) {
    plan.critical_path.push_back(mission.tasks[task].id);
    plan.critical_time += times[task];
  }
  plan.makespan = list_schedule(mission, graph, times, chains);
  for (const auto task : graph.order) {
    plan.order.push_back(mission.tasks[task].id);
    plan.waves.resize(
        std::max<std::size_t>(plan.waves.size(), graph.level[task] + 1U));
  }
  for (std::uint32_t i = 0; i < mission.tasks.size(); ++i)
    if (!plan.waves.empty())
      plan.waves[graph.level[i]].push_back(mission.tasks[i].id);
  return plan;
}

} // namespace troupe::actors
