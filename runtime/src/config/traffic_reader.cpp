#include "config/traffic_reader.hpp"

#include <chrono>

namespace troupe::config {

using namespace std::chrono_literals;

void read_breaker(yaml::mapping& provider, provider_breaker& out,
                  yaml::problems& found) {
  const auto* at = provider.map("breaker");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, found};
  fields.integer("failures", out.failures, 1U, 1'000U);
  fields.integer("failures_permille", out.failures_permille, 1U, 1'000U);
  fields.integer("volume", out.volume, 1U, 10'000U);
  fields.duration("window", out.window, 1s, 1h);
  fields.duration("rest", out.rest, 10ms, 24h);
  fields.duration("rest_max", out.rest_max, 10ms, 24h);
  fields.integer("probes", out.probes, 1U, 100U);
  fields.duration("slow_start", out.slow_start, 0s, 1h);
  fields.finish();
}

void read_shares(yaml::mapping& routing, routing_config& out,
                 yaml::problems& found) {
  routing.choice("when_all_rest", out.when_all_rest);
  routing.integer("urgent_permille", out.urgent_permille, 0U, 900U);
  routing.integer("hedge_permille", out.hedge_permille, 500U, 999U);
  routing.integer("hedge_share_permille", out.hedge_share_permille, 0U, 500U);
  const auto* at = routing.map("shares");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, found};
  for (const auto& key : at->keys)
    fields.integer(key.text, out.shares[key.text], 1U, 1'000U);
  fields.finish();
}

} // namespace troupe::config
