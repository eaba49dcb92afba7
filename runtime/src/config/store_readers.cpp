#include "config/store_readers.hpp"

#include <chrono>

namespace troupe::config {

using namespace std::chrono_literals;

void read_retention(yaml::mapping& top, protocol::duration& out) {
  top.duration("journal_retention", out, 1h, 87'600h);
}

void read_health(yaml::mapping& top, health_config& out) {
  const auto* at = top.map("health");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, top.found()};
  fields.boolean("enabled", out.enabled);
  fields.integer("window", out.window, 2U, 1'000U);
  fields.integer("count_min", out.count_min, 2U, 1'000U);
  fields.integer("failures_permille", out.failures_permille, 1U, 1'000U);
  fields.integer("gates_permille", out.gates_permille, 1U, 1'000U);
  fields.integer("slow_permille", out.slow_permille, 1'000U, 1'000'000U);
  fields.duration("slow_floor", out.slow_floor, 1ms, 1h);
  fields.duration("drain_max", out.drain_max, 0s, 1h);
  fields.duration("restart_pause", out.restart_pause, 0s, 24h);
  fields.duration("rest", out.rest, 10ms, 24h);
  fields.duration("rest_max", out.rest_max, 10ms, 24h);
  fields.finish();
}

void read_history(yaml::mapping& top, history_config& out) {
  const auto* at = top.map("history");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, top.found()};
  fields.boolean("enabled", out.enabled);
  fields.integer("entries_max", out.entries_max, 1U, 10'000'000U);
  fields.integer("bytes_max", out.bytes_max, 64U << 10U, 3U << 30U);
  fields.duration("age_max", out.age_max, 1s, 720h);
  fields.integer("sample_permille", out.sample_permille, 1U, 1'000U);
  fields.texts("secrets_env", out.secrets_env);
  fields.finish();
}

void read_state(yaml::mapping& top, state_config& out) {
  const auto* at = top.map("state");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, top.found()};
  fields.integer("keys_max", out.keys_max, 1U, 10'000'000U);
  fields.integer("bytes_max", out.bytes_max, 64U << 10U, 3U << 30U);
  fields.integer("value_bytes_max", out.value_bytes_max, 1U << 10U, 16U << 20U);
  fields.integer("versions_max", out.versions_max, 1U, 10'000U);
  fields.integer("history_bytes_max", out.history_bytes_max, 64U << 10U,
                 3U << 30U);
  fields.integer("subscriptions_max", out.subscriptions_max, 1U, 1'000'000U);
  fields.finish();
}

} // namespace troupe::config
