#include "plan_estimate.hpp"

#include "troupe/actors/plan.hpp"
#include "troupe/actors/router_rules.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace troupe::actors {

using protocol::agent_spec;
using protocol::task_spec;
using std::chrono::milliseconds;

namespace {

/// Answers seldom use up their cap; more than half of it is the usual case.
constexpr std::uint64_t output_permille = 600;

/// Finds the model-backed agent that the registry would give a task.
class agent_index {
public:
  explicit agent_index(const std::vector<agent_spec>& agents) {
    for (const auto& agent : agents) {
      by_name_.insert_or_assign(agent.card.name, &agent);
      for (const auto& skill : agent.card.skills)
        offer(by_skill_[skill], agent);
    }
  }

  [[nodiscard]] const agent_spec* find(const task_spec& task) const {
    const auto& from = task.agent.empty() ? by_skill_ : by_name_;
    const auto found = from.find(task.agent.empty() ? task.skill : task.agent);
    return found == from.end() ? nullptr : found->second;
  }

private:
  static void offer(const agent_spec*& best, const agent_spec& agent) {
    const auto rank = [](const agent_spec& x) {
      return std::tie(x.card.level, x.card.name);
    };
    if (best == nullptr || rank(agent) < rank(*best))
      best = &agent;
  }

  std::unordered_map<std::string_view, const agent_spec*> by_name_;
  std::unordered_map<std::string_view, const agent_spec*> by_skill_;
};

using counts_by_name = std::unordered_map<std::string_view, std::uint64_t>;

std::uint64_t prompt_tokens(const task_spec& task, const agent_spec& agent,
                            const counts_by_name& inputs,
                            const protocol::token_counter& counter) {
  protocol::model_call call;
  call.system = agent.instructions;
  call.messages.push_back(
      {protocol::chat_role::user, {protocol::text_part{task.prompt}}});
  auto tokens = protocol::estimate_prompt_tokens(call, counter);
  for (const auto& name : task.inputs)
    if (const auto found = inputs.find(name); found != inputs.end())
      tokens += found->second;
  return tokens;
}

protocol::task_estimate
estimate_at(const std::vector<protocol::model_spec>& models,
            const model_need& need) {
  protocol::task_estimate estimate;
  const auto chosen = choose_models(models, need);
  if (!chosen)
    return estimate;
  const auto& model = models[chosen->front()];
  protocol::usage used;
  used.input = need.prompt_tokens;
  used.output = output_cap(model, need) * output_permille / 1000;
  estimate.model = model.id;
  estimate.prompt_tokens = used.input;
  estimate.output_tokens = used.output;
  estimate.cost = cost_of(model, used);
  estimate.time = time_for(model.pace, used.output);
  return estimate;
}

} // namespace

model_pace pace_of(protocol::speed speed) noexcept {
  switch (speed) {
  case protocol::speed::fast:
    return {milliseconds{400}, 120};
  case protocol::speed::medium:
    return {milliseconds{800}, 70};
  case protocol::speed::slow:
    break;
  }
  return {milliseconds{1500}, 35};
}

protocol::duration time_for(protocol::speed speed,
                            std::uint64_t output_tokens) noexcept {
  constexpr std::uint64_t second_ns = 1'000'000'000;
  const auto pace = pace_of(speed);
  const auto stream_ns = output_tokens * second_ns / pace.tokens_per_second;
  return pace.first_token
         + protocol::duration{static_cast<std::int64_t>(stream_ns)};
}

std::vector<protocol::task_estimate>
estimate_tasks(const protocol::mission& mission, const plan_graph& graph,
               const std::vector<agent_spec>& agents,
               const std::vector<protocol::model_spec>& models,
               const protocol::token_counter& counter) {
  const agent_index index{agents};
  counts_by_name inputs;
  for (const auto& input : mission.inputs)
    inputs.emplace(input.name, counter.count(input.text));
  std::vector<protocol::task_estimate> estimates(mission.tasks.size());
  for (const auto at : graph.order) {
    const auto& task = mission.tasks[at];
    const auto* agent = index.find(task);
    if (agent == nullptr)
      continue;
    model_need need;
    need.level = tier_for(task, &agent->card);
    need.pinned = task.model.empty() ? agent->model : task.model;
    need.prompt_tokens = prompt_tokens(task, *agent, inputs, counter);
    for (const auto from : graph.needs[at])
      need.prompt_tokens += estimates[from].output_tokens;
    need.output_tokens = task.output_tokens_max;
    need.uses_tools = !agent->tools.empty();
    add_terms(need, task.models ? *task.models : mission.models);
    estimates[at] = estimate_at(models, need);
  }
  return estimates;
}

} // namespace troupe::actors
