#include "troupe/actors/router_rules.hpp"

#include "model_index.hpp"
#include "no_fit.hpp"
#include "shortage_rules.hpp"
#include "troupe/actors/model_fit.hpp"

#include <algorithm>
#include <tuple>

namespace troupe::actors {

using protocol::errc;
using protocol::model_spec;

protocol::result<std::vector<std::size_t>>
choose_models(const std::vector<model_spec>& models, const model_need& need) {
  std::vector<std::size_t> fitting;
  for (std::size_t i = 0; i < models.size(); ++i)
    if (!why_left_out(models[i], need))
      fitting.push_back(i);
  if (fitting.empty())
    return no_model_fits(models, need);
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
  const auto* band = band_for(model, need.prompt_tokens);
  if (band == nullptr)
    return 0;
  return static_cast<double>(band->input.nano_usd)
             * static_cast<double>(need.prompt_tokens)
         + static_cast<double>(band->output.nano_usd)
               * std::min(need.output_tokens, model.output_tokens);
}

void add_terms(model_need& need, const protocol::model_terms& terms) {
  need.skills = terms.skills;
  need.regions = terms.regions;
  need.price_max = terms.price_max;
}

model_need need_of(const protocol::model_call& call,
                   const protocol::token_counter& counter) {
  model_need need;
  need.level = call.level;
  need.pinned = call.model;
  need.prompt_tokens = estimate_prompt_tokens(call, counter);
  need.output_tokens = call.output_tokens_max;
  need.uses_tools = !call.tools.empty();
  add_terms(need, call.terms);
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
  case errc::provider_unfunded:
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
