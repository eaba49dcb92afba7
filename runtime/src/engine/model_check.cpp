#include "engine/model_check.hpp"

#include <troupe/actors/conversation.hpp>
#include <troupe/actors/router_rules.hpp>

#include <algorithm>
#include <optional>
#include <unordered_map>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// What the agents of a mission will ask models for.
class first_calls {
public:
  first_calls(const protocol::mission& mission,
              const std::vector<protocol::agent_spec>& agents)
      : terms_(&mission.models) {
    for (const auto& agent : agents)
      agents_.emplace(agent.card.name, &agent);
    for (const auto& input : mission.inputs)
      inputs_.emplace(input.name, &input);
  }

  /// The agent behind a task; null: C++ code, which needs no model.
  [[nodiscard]] const protocol::agent_spec*
  agent_of(const protocol::task_spec& task) const {
    const auto found = agents_.find(task.agent);
    return found == agents_.end() ? nullptr : found->second;
  }

  [[nodiscard]] protocol::model_call
  call_of(const protocol::task_spec& task,
          const protocol::agent_spec& agent) const {
    protocol::perform_task body;
    body.prompt = task.prompt;
    for (const auto& name : task.inputs)
      body.inputs.push_back(*inputs_.at(name));
    body.model = task.model;
    body.level = *task.level;
    body.output_tokens_max = task.output_tokens_max;
    body.terms = task.models ? *task.models : *terms_;
    return actors::conversation{agent, {}, body}.call();
  }

private:
  const protocol::model_terms* terms_; ///< Of tasks that state none.
  std::unordered_map<std::string_view, const protocol::agent_spec*> agents_;
  std::unordered_map<std::string_view, const protocol::task_input*> inputs_;
};

/// The models for a call, cheapest first.
result<std::vector<std::size_t>> choose(const protocol::model_call& call,
                                        std::uint64_t more_tokens,
                                        const model_offer& offer) {
  auto need = actors::need_of(call, offer.counter);
  need.prompt_tokens += more_tokens;
  return actors::choose_models(offer.callable, need);
}

/// The key that is missing when the model `id` is known but not callable: only
/// built-in providers may lack theirs.
std::optional<protocol::error> missing_key(const std::string& id,
                                           const model_offer& offer) {
  const auto* model = offer.known.find(id);
  const auto is_it = [&](const auto& one) {
    return one.id == id;
  };
  if (model == nullptr || std::ranges::any_of(offer.callable, is_it))
    return {};
  for (const auto& provider : offer.providers)
    if (provider.name == model->provider && provider.is_preset)
      return fail(errc::provider_unauthorized, "model '" + id
                                                   + "' needs a key: set "
                                                   + provider.api_key_env);
  return {};
}

protocol::error of_task(const protocol::task_spec& task,
                        const protocol::error& cause) {
  return fail(cause.code, "task '" + task.id + "': " + cause.detail);
}

/// How many tokens the answers to each task's needs are expected to have.
std::vector<std::uint64_t>
tokens_of_needs(const protocol::mission& mission,
                const std::vector<protocol::task_estimate>& estimates) {
  std::vector<std::uint64_t> tokens(mission.tasks.size());
  std::unordered_map<std::string_view, std::uint64_t> answers;
  for (std::size_t i = 0; i < estimates.size(); ++i)
    answers.emplace(mission.tasks[i].id, estimates[i].output_tokens);
  for (std::size_t i = 0; i < estimates.size(); ++i)
    for (const auto& need : mission.tasks[i].needs)
      tokens[i] += answers[need];
  return tokens;
}

} // namespace

result<void>
check_models_fit(const protocol::mission& mission,
                 const std::vector<protocol::agent_spec>& agents,
                 const model_offer& offer,
                 const std::vector<protocol::task_estimate>& estimates) {
  const first_calls calls{mission, agents};
  const auto more_tokens = tokens_of_needs(mission, estimates);
  for (std::size_t i = 0; i < mission.tasks.size(); ++i) {
    const auto& task = mission.tasks[i];
    const auto* agent = calls.agent_of(task);
    if (agent == nullptr)
      continue;
    const auto call = calls.call_of(task, *agent);
    if (const auto cause = missing_key(call.model, offer))
      return of_task(task, *cause);
    if (auto models = choose(call, more_tokens[i], offer); !models)
      return of_task(task, models.error());
  }
  return {};
}

result<void>
check_first_payable(const protocol::mission& mission,
                    const std::vector<protocol::agent_spec>& agents,
                    const model_offer& offer) {
  const first_calls calls{mission, agents};
  const auto is_first = [&](const auto& task) {
    return task.needs.empty() && calls.agent_of(task) != nullptr;
  };
  const auto first = std::ranges::find_if(mission.tasks, is_first);
  if (first == mission.tasks.end())
    return {};
  if (!mission.on_shortage.empty())
    return {}; // the call finds a way, or says what it lacks
  auto call = calls.call_of(*first, *calls.agent_of(*first));
  if (call.model.empty() && call.terms.cascade)
    call.level = std::min(call.level, call.terms.cascade->from);
  const auto models = choose(call, 0, offer);
  if (!models)
    return of_task(*first, models.error());
  const auto& model = offer.callable[models->front()];
  const auto cost = actors::worst_case(model, call, offer.counter);
  const auto budget = std::min(mission.budget, first->budget);
  if (cost <= budget)
    return {};
  return fail(errc::budget_exhausted,
              "the budget of " + for_people(budget)
                  + " is too small for the first task, '" + first->id
                  + "': it may cost up to " + for_people(cost) + " with "
                  + model.id + ", the cheapest model that fits");
}

} // namespace troupe
