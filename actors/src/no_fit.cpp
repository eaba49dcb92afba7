#include "no_fit.hpp"

#include "model_index.hpp"
#include "troupe/actors/model_fit.hpp"

#include <troupe/protocol/nearest.hpp>

#include <algorithm>
#include <string>
#include <tuple>

namespace troupe::actors {

using protocol::model_spec;
using protocol::money;

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> missing_skills(const model_spec& model,
                                        const model_need& need) {
  std::vector<std::string> missing;
  for (const auto& it : need.skills)
    if (std::find(model.skills.begin(), model.skills.end(), it)
        == model.skills.end())
      missing.push_back(it);
  return missing;
}

/// `money::max()`: it was not said.
std::string price_text(money input, money output) {
  std::string text;
  if (input != money::max())
    text = for_people(input) + " for input";
  if (output != money::max())
    text += (text.empty() ? "" : " and ") + for_people(output) + " for output";
  return text;
}

std::string price_of(const model_spec& model, const model_need& need) {
  const auto* band = band_for(model, need.prompt_tokens);
  return band == nullptr ? std::string{}
                         : price_text(band->input, band->output);
}

/// What nobody did, as in "no model of tier basic <can do that>".
std::string wish_of(const model_need& need, left_out reason) {
  switch (reason) {
  case left_out::only_when_pinned:
    return " is free to be chosen";
  case left_out::without_skills:
    return " has the skills " + joined(need.skills);
  case left_out::outside_regions:
    return " is known to run in " + joined(need.regions);
  case left_out::above_price:
    return " costs at most "
           + price_text(need.price_max->input, need.price_max->output)
           + " a million tokens";
  default:
    return " that can use tools";
  }
}

/// What it does instead, as in "the nearest <cannot do that>".
std::string lack_of(const model_spec& model, const model_need& need,
                    left_out reason) {
  switch (reason) {
  case left_out::only_when_pinned:
    return "is only for calls that name it";
  case left_out::without_skills:
    return "lacks " + joined(missing_skills(model, need));
  case left_out::outside_regions:
    return model.regions.empty() ? "does not say where it runs"
                                 : "runs in " + joined(model.regions);
  case left_out::above_price:
    return "costs " + price_of(model, need);
  default:
    return "cannot use tools";
  }
}

/// Of models that fail for one reason; what is nearer is less.
auto distance(const model_spec& model, const model_need& need,
              left_out reason) {
  std::int64_t lack = 0;
  if (reason == left_out::below_tier)
    lack = -static_cast<std::int64_t>(model.level);
  else if (reason == left_out::without_skills)
    lack = static_cast<std::int64_t>(missing_skills(model, need).size());
  else if (reason == left_out::window_too_small)
    lack = -static_cast<std::int64_t>(model.context_tokens);
  return std::tuple{lack, price_score(model, need), std::string_view{model.id}};
}

std::string unknown_pin(const std::vector<model_spec>& models,
                        const std::string& pinned) {
  std::vector<std::string> ids;
  ids.reserve(models.size());
  for (const auto& model : models)
    ids.push_back(model.id);
  return "no model '" + pinned + "' is available"
         + protocol::did_you_mean(pinned, ids);
}

std::string of_pinned(const model_spec& model, const model_need& need,
                      left_out reason) {
  auto text = "the model '" + model.id + "' " + lack_of(model, need, reason);
  if (reason == left_out::outside_regions)
    text += "; asked for is " + joined(need.regions);
  if (reason == left_out::above_price)
    text += " a million tokens; asked for is at most "
            + price_text(need.price_max->input, need.price_max->output);
  return text;
}

std::string explained(const model_spec& nearest, const model_need& need,
                      left_out reason) {
  if (reason == left_out::window_too_small)
    return "a prompt of about " + std::to_string(need.prompt_tokens)
           + " tokens and " + std::to_string(need.output_tokens)
           + " of output fit no window; the largest is " + nearest.id + " with "
           + std::to_string(nearest.context_tokens);
  if (!need.pinned.empty())
    return of_pinned(nearest, need, reason);
  const auto none = "no model of tier " + std::string(enum_name(need.level));
  if (reason == left_out::below_tier)
    return none + "; the nearest is " + nearest.id + " ("
           + std::string(enum_name(nearest.level)) + ")";
  if (reason == left_out::without_tools)
    return none + wish_of(need, reason);
  return none + wish_of(need, reason) + "; the nearest, " + nearest.id + ", "
         + lack_of(nearest, need, reason);
}

} // namespace

protocol::error no_model_fits(const std::vector<model_spec>& models,
                              const model_need& need) {
  using protocol::errc;
  if (models.empty())
    return protocol::fail(errc::no_model_fits, "the catalogue offers no model "
                                               "of a configured provider");
  const model_spec* nearest = nullptr;
  auto furthest = left_out::another_is_pinned;
  for (const auto& it : models) {
    const auto reason = why_left_out(it, need);
    if (!reason || *reason < furthest)
      continue;
    if (nearest == nullptr || *reason > furthest
        || distance(it, need, *reason) < distance(*nearest, need, *reason))
      nearest = &it;
    furthest = *reason;
  }
  if (nearest == nullptr || furthest == left_out::another_is_pinned)
    return protocol::fail(errc::no_model_fits,
                          unknown_pin(models, need.pinned));
  return protocol::fail(errc::no_model_fits,
                        explained(*nearest, need, furthest));
}

} // namespace troupe::actors
