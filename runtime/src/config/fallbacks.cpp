#include "config/fallbacks.hpp"

#include <troupe/protocol/nearest.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace troupe::config {

namespace {

constexpr std::size_t models_max = 16;
constexpr auto place = "/routing/fallbacks";

using list = std::vector<std::string> fallback_config::*;
constexpr std::array<std::pair<std::string_view, list>, 3> lists{
    std::pair{std::string_view{"general"}, &fallback_config::general},
    std::pair{std::string_view{"context_window"},
              &fallback_config::context_window},
    std::pair{std::string_view{"content_policy"},
              &fallback_config::content_policy}};

bool is_tier(const std::string& name) {
  protocol::tier ignored{};
  return protocol::enum_from_name(name, ignored);
}

std::string suggestion_for(const std::string& name, const catalogue& known) {
  const std::vector<std::string> tiers{"basic", "advanced", "expert"};
  const auto tier = protocol::did_you_mean(name, tiers);
  return tier.empty() ? known.suggestion_for(name) : tier;
}

/// What is wrong with the list of `of`.
std::string problem_of(const std::vector<std::string>& models,
                       const std::string& of, const catalogue& known) {
  if (models.size() > models_max)
    return "at most 16 models";
  std::set<std::string_view> seen;
  for (const auto& it : models) {
    if (known.find(it) == nullptr)
      return "there is no model '" + it + "'" + known.suggestion_for(it);
    if (it == of)
      return "a model is no fallback for itself";
    if (!seen.insert(it).second)
      return "'" + it + "' is there twice";
  }
  return {};
}

} // namespace

void read_fallbacks(yaml::mapping& routing, routing_config& out,
                    yaml::problems& found) {
  routing.integer("latency_weight_permille", out.latency_weight_permille, 0U,
                  10'000U);
  const auto* at = routing.map("fallbacks");
  if (at == nullptr)
    return;
  for (std::size_t i = 0; i < at->items.size(); ++i) {
    yaml::mapping fields{at->items[i], found};
    auto& to = out.fallbacks[at->keys[i].text];
    for (const auto& [name, member] : lists)
      fields.texts(name, to.*member);
    fields.finish();
  }
}

std::vector<protocol::field_problem>
check_fallbacks(const routing_config& routing, const catalogue& known) {
  std::vector<protocol::field_problem> problems;
  for (const auto& [of, all] : routing.fallbacks) {
    if (!is_tier(of) && known.find(of) == nullptr)
      problems.push_back({place, "there is no model or tier '" + of + "'"
                                     + suggestion_for(of, known)});
    for (const auto& [name, member] : lists)
      if (auto wrong = problem_of(all.*member, of, known); !wrong.empty())
        problems.push_back({place, "'" + of + "', " + std::string{name} + ": "
                                       + std::move(wrong)});
  }
  if (routing.fallbacks.size() > 1'000)
    problems.push_back({place, "'fallbacks' has at most 1,000 entries"});
  return problems;
}

} // namespace troupe::config
