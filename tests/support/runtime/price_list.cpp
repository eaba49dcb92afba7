#include "support/runtime/price_list.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>
#include <set>

namespace troupe::test {

namespace json = boost::json;
using protocol::model_spec;
using protocol::money;
using protocol::price_band;

namespace {

constexpr std::string_view today = "2026-08-01";

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool matches(const json::object& rule, const std::string& name) {
  const auto& [key, value] = *rule.begin();
  const auto fits = [&](const json::value& x) {
    return matches(x.as_object(), name);
  };
  if (key == "or" || key == "and") {
    const auto& all = value.as_array();
    return key == "or" ? std::any_of(all.begin(), all.end(), fits)
                       : std::all_of(all.begin(), all.end(), fits);
  }
  const auto text = lower(value.as_string());
  if (key == "equals")
    return name == text;
  if (key == "starts_with")
    return name.starts_with(text);
  if (key == "ends_with")
    return name.ends_with(text);
  if (key == "contains")
    return name.find(text) != std::string::npos;
  return std::regex_search(name, std::regex{std::string{value.as_string()}});
}

/// Shortest decimal of a number of the list: what its authors wrote.
std::optional<money> money_of(const json::value& value) {
  std::array<char, 64> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(),
                    value.to_number<double>(), std::chars_format::fixed);
  const auto read = protocol::parse_money(
      {text.data(), static_cast<std::size_t>(end.ptr - text.data())});
  return read ? std::optional{*read} : std::nullopt;
}

/// The last set of prices that is in force; null when the hour decides.
const json::object* in_force(const json::value& prices) {
  if (prices.is_object())
    return &prices.as_object();
  const json::object* best = nullptr;
  for (const auto& entry : prices.as_array()) {
    const auto* rule = entry.as_object().if_contains("constraint");
    const auto& set = entry.at("prices").as_object();
    if (rule == nullptr || rule->is_null())
      best = &set;
    else if (const auto* start = rule->as_object().if_contains("start_date"))
      best = std::string_view{start->as_string()} <= today ? &set : best;
    else
      return nullptr;
  }
  return best;
}

/// The price `key` for prompts above `above`, or nothing.
std::optional<money> price_at(const json::object& prices, std::string_view key,
                              std::uint64_t above, bool& is_exact) {
  const auto* found = prices.if_contains(key);
  if (found == nullptr || found->is_null())
    return std::nullopt;
  const json::value* value = found;
  if (found->is_object()) {
    value = &found->at("base");
    for (const auto& tier : found->at("tiers").as_array())
      if (tier.at("start").to_number<std::uint64_t>() <= above && above != 0)
        value = &tier.at("price");
  }
  const auto price = money_of(*value);
  is_exact = is_exact && price.has_value();
  return price;
}

} // namespace

const json::object* price_list::find_provider(std::string_view id) const {
  for (const auto& provider : providers_)
    if (provider.at("id").as_string() == id)
      return &provider.as_object();
  return nullptr;
}

const json::object* price_list::find_model(std::string_view provider,
                                           std::string_view model,
                                           bool with_fallback) const {
  const auto* entry = find_provider(provider);
  if (entry == nullptr)
    return nullptr;
  const auto name = lower(model);
  for (const auto& candidate : entry->at("models").as_array())
    if (matches(candidate.at("match").as_object(), name))
      return &candidate.as_object();
  const auto* others = entry->if_contains("fallback_model_providers");
  if (with_fallback && others != nullptr && others->is_array())
    for (const auto& other : others->as_array())
      if (const auto* found = find_model(other.as_string(), model, false))
        return found;
  return nullptr;
}

std::variant<model_spec, std::string>
price_list::prices_of(std::string_view provider, std::string_view model) const {
  const auto* entry = find_model(provider, model, true);
  if (entry == nullptr)
    return "the model is not in the price list";
  const auto* prices = in_force(entry->at("prices"));
  if (prices == nullptr)
    return "the price depends on the hour";
  std::set<std::uint64_t> borders{0};
  for (const auto& [key, value] : *prices)
    if (value.is_object())
      for (const auto& tier : value.at("tiers").as_array())
        borders.insert(tier.at("start").to_number<std::uint64_t>());
  model_spec spec;
  bool is_exact = true;
  for (auto above : borders) {
    const auto get = [&](std::string_view key) {
      return price_at(*prices, key, above, is_exact);
    };
    price_band band;
    band.prompt_above = above;
    band.input = get("input_mtok").value_or(money{});
    band.output = get("output_mtok").value_or(money{});
    band.cache_read = get("cache_read_mtok").value_or(band.input);
    band.cache_write = get("cache_write_mtok").value_or(band.input);
    band.cache_write_1h = band.cache_write; // the list knows no such price
    spec.prices.push_back(band);
  }
  if (!is_exact)
    return "a price has more than nine decimals";
  return spec;
}

} // namespace troupe::test
