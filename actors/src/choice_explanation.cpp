#include "troupe/actors/choice_explanation.hpp"

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

/// Of a model that does not fit.
left_out reason_of(const model_spec& model, const model_need& need) {
  if (!need.pinned.empty() && model.id != need.pinned)
    return left_out::another_is_pinned;
  if (need.pinned.empty() && model.pinned_only)
    return left_out::only_when_pinned;
  if (need.pinned.empty() && model.level < need.level)
    return left_out::below_tier;
  const auto& skills = model.skills;
  if (need.uses_tools
      && std::find(skills.begin(), skills.end(), "tools") == skills.end())
    return left_out::without_tools;
  return left_out::window_too_small;
}

} // namespace

choice_explanation explain_choice(const std::vector<model_spec>& models,
                                  const model_need& need) {
  choice_explanation out;
  std::vector<bool> fits(models.size());
  const auto chosen = choose_models(models, need);
  if (chosen) {
    for (const auto it : *chosen) {
      fits[it] = true;
      out.fitting.push_back(weigh(models[it], need));
    }
  } else {
    out.failure = chosen.error().detail;
  }
  for (std::size_t i = 0; i < models.size(); ++i)
    if (!fits[i])
      out.unfit.push_back({models[i].id, reason_of(models[i], need)});
  return out;
}

protocol::tier tier_for(const task_complexity& task) noexcept {
  if (task.permille < advanced_from)
    return protocol::tier::basic;
  return task.permille < expert_from ? protocol::tier::advanced
                                     : protocol::tier::expert;
}

} // namespace troupe::actors
