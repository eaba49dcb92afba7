#include "troupe/actors/choice_explanation.hpp"

#include "latency_order.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::model_spec;

namespace {

constexpr std::uint32_t advanced_from = 300;
constexpr std::uint32_t expert_from = 550;

weighed_model weigh(const model_spec& model, const model_need& need) {
  protocol::usage prompt;
  prompt.input = need.prompt_tokens;
  protocol::usage both = prompt;
  both.output = std::min(need.output_tokens, model.output_tokens);
  weighed_model out;
  out.model = model.id;
  out.level = model.level;
  out.pace = model.pace;
  out.prompt_cost = cost_of(model, prompt);
  out.cost = cost_of(model, both);
  out.answer_cost = {out.cost.nano_usd - out.prompt_cost.nano_usd};
  return out;
}

} // namespace

choice_explanation explain_choice(const std::vector<model_spec>& models,
                                  const model_need& need,
                                  std::uint32_t latency_weight_permille) {
  choice_explanation out;
  const auto chosen = choose_models(models, need);
  if (!chosen)
    out.failure = chosen.error().detail;
  else
    for (const auto it : *chosen)
      out.fitting.push_back(weigh(models[it], need));
  if (chosen && latency_weight_permille > 0)
    out.near_in_price =
        near_in_price(*chosen, models, need, latency_weight_permille);
  for (const auto& it : models)
    if (const auto reason = why_left_out(it, need))
      out.unfit.push_back({it.id, *reason});
  return out;
}

protocol::tier tier_for(const task_complexity& task) noexcept {
  if (task.permille < advanced_from)
    return protocol::tier::basic;
  return task.permille < expert_from ? protocol::tier::advanced
                                     : protocol::tier::expert;
}

} // namespace troupe::actors
