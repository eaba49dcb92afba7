#include "providers/told_rates.hpp"

#include "providers/asked_wait.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace troupe::providers {

namespace {

using actors::rate_kind;

constexpr std::array<std::pair<rate_kind, const char*>, 4> kinds{
    {{rate_kind::requests, "requests"},
     {rate_kind::tokens, "tokens"},
     {rate_kind::input_tokens, "input-tokens"},
     {rate_kind::output_tokens, "output-tokens"}}};

constexpr std::size_t text_bytes_max = 32;
constexpr double amount_max = 1e12;

std::optional<std::uint64_t> amount_of(std::string_view text) {
  if (text.size() > text_bytes_max)
    return std::nullopt;
  const auto number = read_number(text);
  if (!number)
    return std::nullopt;
  return static_cast<std::uint64_t>(std::min(*number, amount_max));
}

} // namespace

std::vector<actors::told_rate> read_told_rates(const http::response_head& head,
                                               protocol::instant now) {
  std::vector<actors::told_rate> rates;
  const auto told_at = time_of(head, now);
  for (const auto& [kind, name] : kinds) {
    const std::string what{name};
    const auto add = [&, kind = kind](const std::string& limit,
                                      const std::string& remaining,
                                      const std::string& reset) {
      const auto left = amount_of(head.value_of(remaining));
      const auto full_in = read_reset(head.value_of(reset), told_at);
      if (left && full_in)
        rates.push_back({kind, amount_of(head.value_of(limit)).value_or(0),
                         *left, *full_in});
    };
    const auto anthropic = "anthropic-ratelimit-" + what;
    add(anthropic + "-limit", anthropic + "-remaining", anthropic + "-reset");
    add("x-ratelimit-limit-" + what, "x-ratelimit-remaining-" + what,
        "x-ratelimit-reset-" + what);
  }
  return rates;
}

} // namespace troupe::providers
