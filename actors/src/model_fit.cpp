#include "troupe/actors/model_fit.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::model_spec;
using protocol::price_band;

namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_skills(const model_spec& model, const model_need& need) {
  return std::all_of(need.skills.begin(), need.skills.end(),
                     [&](const auto& it) { return has(model.skills, it); });
}

bool runs_there(const model_spec& model, const model_need& need) {
  return need.regions.empty()
         || std::any_of(need.regions.begin(), need.regions.end(),
                        [&](const auto& it) { return has(model.regions, it); });
}

bool is_within_price(const model_spec& model, const model_need& need) {
  if (!need.price_max)
    return true;
  const auto* band = band_for(model, need.prompt_tokens);
  return band == nullptr
         || (band->input <= need.price_max->input
             && band->output <= need.price_max->output);
}

bool fits_window(const model_spec& model, const model_need& need) {
  return need.prompt_tokens + std::min(need.output_tokens, model.output_tokens)
         <= model.context_tokens;
}

} // namespace

std::optional<left_out> why_left_out(const model_spec& model,
                                     const model_need& need) {
  if (need.pinned.empty()) {
    if (model.pinned_only)
      return left_out::only_when_pinned;
    if (model.level < need.level)
      return left_out::below_tier;
  } else if (model.id != need.pinned) {
    return left_out::another_is_pinned;
  }
  return why_unable(model, need);
}

std::optional<left_out> why_unable(const model_spec& model,
                                   const model_need& need) {
  if (need.uses_tools && !has(model.skills, "tools"))
    return left_out::without_tools;
  if (!has_skills(model, need))
    return left_out::without_skills;
  if (!runs_there(model, need))
    return left_out::outside_regions;
  if (!is_within_price(model, need))
    return left_out::above_price;
  if (!fits_window(model, need))
    return left_out::window_too_small;
  return std::nullopt;
}

const price_band* band_for(const model_spec& model,
                           std::uint64_t prompt_tokens) noexcept {
  const price_band* band = nullptr;
  for (const auto& it : model.prices) // by rising `prompt_above`
    if (it.prompt_above == 0 || prompt_tokens > it.prompt_above)
      band = &it;
  return band;
}

} // namespace troupe::actors
