#include "troupe/actors/router_rules.hpp"

#include "model_index.hpp"
#include "shortage_rules.hpp"

#include <troupe/protocol/nearest.hpp>

#include <algorithm>
#include <tuple>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::model_spec;

namespace {

bool has_skill(const model_spec& model, std::string_view skill) {
  return std::find(model.skills.begin(), model.skills.end(), skill)
         != model.skills.end();
}

bool fits_window(const model_spec& model, const model_need& need) {
  return need.prompt_tokens + std::min(need.output_tokens, model.output_tokens)
         <= model.context_tokens;
}

std::string largest_window(const std::vector<model_spec>& models) {
  const auto largest = std::max_element(
      models.begin(), models.end(), [](const auto& a, const auto& b) {
        return a.context_tokens < b.context_tokens;
      });
  return largest->id + " with " + std::to_string(largest->context_tokens);
}

protocol::error unknown_pin(const std::vector<model_spec>& models,
                            const std::string& pinned) {
  std::vector<std::string> ids;
  ids.reserve(models.size());
  for (const auto& model : models)
    ids.push_back(model.id);
  return fail(errc::no_model_fits, "no model '" + pinned + "' is available"
                                       + protocol::did_you_mean(pinned, ids));
}

protocol::error nothing_fits(const std::vector<model_spec>& models,
                             const model_need& need, bool tier_met,
                             bool tools_met) {
  if (models.empty())
    return fail(errc::no_model_fits, "the catalogue offers no model of a "
                                     "configured provider");
  if (!tier_met) {
    const auto best = std::max_element(
        models.begin(), models.end(),
        [](const auto& a, const auto& b) { return a.level < b.level; });
    return fail(errc::no_model_fits,
                "no model of tier " + std::string(enum_name(need.level))
                    + "; the nearest is " + best->id + " ("
                    + std::string(enum_name(best->level)) + ")");
  }
  if (!tools_met)
    return fail(errc::no_model_fits, "no model of tier "
                                         + std::string(enum_name(need.level))
                                         + " that can use tools");
  return fail(errc::no_model_fits,
              "a prompt of about " + std::to_string(need.prompt_tokens)
                  + " tokens and " + std::to_string(need.output_tokens)
                  + " of output fit no window; the largest is "
                  + largest_window(models));
}

} // namespace

protocol::result<std::vector<std::size_t>>
choose_models(const std::vector<model_spec>& models, const model_need& need) {
  std::vector<std::size_t> fitting;
  bool tier_met = false;
  bool tools_met = false;
  bool pin_met = need.pinned.empty();
  for (std::size_t i = 0; i < models.size(); ++i) {
    const auto& model = models[i];
    if (!need.pinned.empty() && model.id != need.pinned)
      continue;
    pin_met = true;
    if (need.pinned.empty() && (model.pinned_only || model.level < need.level))
      continue;
    tier_met = true;
    if (need.uses_tools && !has_skill(model, "tools"))
      continue;
    tools_met = true;
    if (fits_window(model, need))
      fitting.push_back(i);
  }
  if (!pin_met)
    return unknown_pin(models, need.pinned);
  if (fitting.empty())
    return nothing_fits(models, need, tier_met, tools_met);
  const auto rank = [&](std::size_t i) {
    return std::tuple{price_score(models[i], need),
                      -static_cast<int>(models[i].pace),
                      std::string_view{models[i].id}};
  };
  std::sort(fitting.begin(), fitting.end(),
            [&](auto a, auto b) { return rank(a) < rank(b); });
  return fitting;
}

double price_score(const model_spec& model, const model_need& need) noexcept {
  const protocol::price_band* band = nullptr;
  for (const auto& it : model.prices) // by rising `prompt_above`
    if (it.prompt_above == 0 || need.prompt_tokens > it.prompt_above)
      band = &it;
  if (band == nullptr)
    return 0;
  return static_cast<double>(band->input.nano_usd)
             * static_cast<double>(need.prompt_tokens)
         + static_cast<double>(band->output.nano_usd)
               * std::min(need.output_tokens, model.output_tokens);
}

model_need need_of(const protocol::model_call& call,
                   const protocol::token_counter& counter) {
  model_need need;
  need.level = call.level;
  need.pinned = call.model;
  need.prompt_tokens = estimate_prompt_tokens(call, counter);
  need.output_tokens = call.output_tokens_max;
  need.uses_tools = !call.tools.empty();
  return need;
}

protocol::money worst_case(const model_spec& model,
                           const protocol::model_call& call,
                           const protocol::token_counter& counter) {
  return worst_case(
      model, {bound_prompt_tokens(call, counter), call.output_tokens_max});
}

std::uint32_t output_cap(const model_spec& model, const model_need& need) {
  const auto room = model.context_tokens > need.prompt_tokens
                        ? model.context_tokens - need.prompt_tokens
                        : 1;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>({need.output_tokens, model.output_tokens, room}));
}

bool may_fall_back(errc code) noexcept {
  switch (code) {
  case errc::unreachable:
  case errc::overloaded:
  case errc::provider_rejected:
  case errc::provider_unauthorized:
  case errc::provider_throttled:
  case errc::provider_unavailable:
  case errc::provider_timeout:
  case errc::provider_malformed:
  case errc::stream_truncated:
  case errc::tls_untrusted:
  case errc::context_too_long:
    return true;
  default:
    return false;
  }
}

void complete_usage(protocol::model_reply& reply,
                    const protocol::model_call& call,
                    const protocol::token_counter& counter) {
  if (reply.used.source == protocol::usage_source::reported)
    return;
  if (reply.used.prompt() == 0)
    reply.used.input = estimate_prompt_tokens(call, counter);
  if (reply.used.output != 0)
    return;
  for (const auto& part : reply.content) {
    if (const auto* text = std::get_if<protocol::text_part>(&part))
      reply.used.output += counter.count(text->text);
    else if (const auto* tool = std::get_if<protocol::tool_call>(&part))
      reply.used.output +=
          counter.count(tool->name) + counter.count(tool->arguments);
    else if (const auto* thought = std::get_if<protocol::thinking_part>(&part))
      reply.used.output += counter.count(thought->text);
  }
}

} // namespace troupe::actors
