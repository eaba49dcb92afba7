#include "config/store_readers.hpp"

#include <chrono>

namespace troupe::config {

using namespace std::chrono_literals;

void read_retention(yaml::mapping& top, protocol::duration& out) {
  top.duration("journal_retention", out, 1h, 87'600h);
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
