#include "config/config_reader.hpp"

#include "config/agents_reader.hpp"
#include "config/budgets_reader.hpp"
#include "config/fallbacks.hpp"
#include "config/learning_reader.hpp"
#include "config/program_fields.hpp"
#include "config/store_readers.hpp"
#include "config/tools_reader.hpp"
#include "config/traffic_reader.hpp"
#include "store/store_drivers.hpp"
#include "yaml/mapping.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace troupe::config {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
namespace {

constexpr auto key_advice = "keys are not kept in this file: name a variable "
                            "in 'api_key_env' or a file in 'api_key_file'";

std::string lower(std::string_view text) {
  std::string copy{text};
  for (auto& c : copy)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

bool looks_like_key(std::string_view text) {
  constexpr std::array<std::string_view, 6> starts{"sk-",  "Bearer ", "bearer ",
                                                   "ghp_", "AIza",    "xai-"};
  return std::any_of(starts.begin(), starts.end(),
                     [text](auto start) { return text.starts_with(start); });
}

bool is_key_field(std::string_view name) {
  constexpr std::array<std::string_view, 7> names{
      "api_key", "apikey", "api-key", "key", "token", "secret", "password"};
  return std::find(names.begin(), names.end(), lower(name)) != names.end();
}

/// Reads one configuration; holds where its paths start from.
class config_reader {
public:
  config_reader(const fs::path& folder, yaml::problems& found)
      : folder_{folder}, found_{found} {}

  runtime_config read(const yaml::node& root) {
    runtime_config config;
    yaml::mapping fields{root, found_};
    fields.integer("threads", config.threads, 0U, 1024U);
    fields.integer("seed", config.seed);
    fields.texts("catalogue", config.catalogue);
    for (auto& path : config.catalogue)
      path = whole_path(folder_, path);
    path(fields, "catalogue_cache", config.catalogue_cache);
    read_tokens(fields, config.tokens);
    fields.text("tenant", config.tenant);
    fields.money("budget", config.budget);
    fields.choice("budget_window", config.budget_window);
    read_budgets(fields, config.budgets);
    path(fields, "ledger", config.ledger);
    path(fields, "journal", config.journal);
    read_retention(fields, config.journal_retention);
    fields.duration("journal_lease", config.journal_lease, 1s, 10min);
    read_providers(fields, config.providers);
    read_simulated(fields, config.simulated);
    read_log(fields, config.log);
    read_routing(fields, config.routing);
    read_limits(fields, config.limits);
    read_health(fields, config.health);
    read_history(fields, config.history);
    read_state(fields, config.state);
    read_exchanges(fields, config.exchanges);
    read_cache(fields, config.cache);
    read_tools(fields, folder_, config.tools);
    read_agents(fields, folder_, config.agents);
    fields.finish();
    return config;
  }

private:
  void path(yaml::mapping& fields, std::string_view key, std::string& out) {
    fields.text(key, out);
    if (fields.has(key) && !store::is_url(out))
      out = whole_path(folder_, out);
  }

  void read_tokens(yaml::mapping& top, tokens_config& tokens) {
    const auto* at = top.map("tokens");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    if (const auto* ranks = fields.map("ranks"))
      for (std::size_t i = 0; i < ranks->items.size(); ++i) {
        std::string file;
        if (yaml::read_text(ranks->items[i], "the path of a rank file", found_,
                            file))
          tokens.ranks[ranks->keys[i].text] = whole_path(folder_, file);
      }
    fields.finish();
  }

  void read_providers(yaml::mapping& top, std::vector<provider_config>& out) {
    const auto* at = top.map("providers");
    if (at == nullptr)
      return;
    for (std::size_t i = 0; i < at->items.size(); ++i) {
      const auto& name = at->keys[i].text;
      auto same = std::find_if(out.begin(), out.end(), [&](const auto& one) {
        return one.name == name;
      });
      const bool is_new = same == out.end();
      if (is_new) {
        out.push_back({});
        same = out.end() - 1;
        same->name = name;
      }
      same->is_preset = false;
      read_provider(at->items[i], is_new, *same);
    }
  }

  void read_provider(const yaml::node& at, bool is_new, provider_config& out) {
    yaml::mapping fields{at, found_};
    if (is_new)
      fields.require("kind");
    fields.choice("kind", out.kind);
    fields.text("base_url", out.base_url);
    fields.text("api_key_env", out.api_key_env);
    path(fields, "api_key_file", out.api_key_file);
    if (const auto* headers = fields.map("headers"))
      for (std::size_t i = 0; i < headers->items.size(); ++i) {
        std::string value;
        if (yaml::read_text(headers->items[i], "a header", found_, value))
          out.headers[headers->keys[i].text] = value;
      }
    fields.integer("connections_max", out.connections_max, 1U, 1'000U);
    fields.integer("waiting_max", out.waiting_max, 0U, 100'000U);
    fields.integer("requests_per_minute", out.requests_per_minute);
    fields.integer("input_tokens_per_minute", out.input_tokens_per_minute);
    fields.integer("output_tokens_per_minute", out.output_tokens_per_minute);
    fields.duration("burst", out.burst, 1s, 60s);
    if (const auto* times = fields.map("timeouts")) {
      yaml::mapping limits{*times, found_};
      limits.duration("connect", out.timeouts.connect, 1ms, 1h);
      limits.duration("first_byte", out.timeouts.first_byte, 1ms, 1h);
      limits.duration("idle", out.timeouts.idle, 1ms, 1h);
      limits.duration("first_piece", out.timeouts.first_piece, 1ms, 1h);
      limits.duration("next_piece", out.timeouts.next_piece, 1ms, 1h);
      limits.finish();
    }
    if (const auto* pace = fields.map("pace")) {
      yaml::mapping limits{*pace, found_};
      limits.integer("bytes_min", out.pace.bytes_min);
      limits.duration("window", out.pace.window, 1ms, 1h);
      limits.finish();
    }
    fields.integer("answer_bytes_max", out.answer_bytes_max, 64U << 10U,
                   1U << 30U);
    read_breaker(fields, out.breaker, found_);
    path(fields, "ca_file", out.ca_file);
    fields.choice("prompt_cache", out.prompt_cache);
    for (const auto& key : at.keys)
      if (is_key_field(key.text)) {
        found_.add(key, key_advice);
        fields.any(key.text);
      }
    fields.finish();
  }

  void read_simulated(yaml::mapping& top, simulated_config& out) {
    const auto* at = top.map("simulated");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    fields.integer("latency_scale_permille", out.latency_scale_permille, 0U,
                   100'000U);
    fields.integer("failure_permille", out.failure_permille, 0U, 1'000U);
    fields.finish();
  }

  void read_log(yaml::mapping& top, log_config& out) {
    const auto* at = top.map("log");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    fields.choice("level", out.level);
    path(fields, "file", out.file);
    fields.finish();
  }

  void read_routing(yaml::mapping& top, routing_config& out) {
    const auto* at = top.map("routing");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    if (const auto* tiers = fields.map("tiers")) {
      yaml::mapping by_priority{*tiers, found_};
      by_priority.choice("low", out.tiers.low);
      by_priority.choice("medium", out.tiers.medium);
      by_priority.choice("high", out.tiers.high);
      by_priority.choice("critical", out.tiers.critical);
      by_priority.finish();
    }
    fields.integer("attempts_max", out.attempts_max, 1U, 20U);
    fields.duration("patience", out.patience, 1s, 24h);
    read_shares(fields, out, found_);
    read_fallbacks(fields, out, found_);
    read_learning(fields, folder_, out.learning);
    fields.finish();
  }

  void read_limits(yaml::mapping& top, limits_config& out) {
    const auto* at = top.map("limits");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    fields.integer("runs", out.runs, 1U, 10'000U);
    fields.integer("calls_in_flight", out.calls_in_flight, 1U, 1'000'000U);
    fields.integer("agents", out.agents, 1U, 2'000'000U);
    fields.integer("mailbox_messages", out.mailbox_messages, 1U, 16'000'000U);
    fields.integer("mailbox_bytes", out.mailbox_bytes, 64U << 10U, 3U << 30U);
    fields.integer("delegation_depth", out.delegation_depth, 1U, 16U);
    fields.integer("delegation_questions", out.delegation_questions, 0U,
                   10'000U);
    fields.integer("poison_crashes", out.poison_crashes, 1U, 1'000U);
    fields.integer("quarantine_max", out.quarantine_max, 1U, 100'000U);
    fields.integer("mission_file_bytes", out.mission_file_bytes, 1024U,
                   64U << 20U);
    fields.integer("input_file_bytes", out.input_file_bytes, 1024U,
                   128U << 20U);
    fields.finish();
  }

  void read_exchanges(yaml::mapping& top, exchanges_config& out) {
    const auto* at = top.map("exchanges");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    path(fields, "record", out.record);
    path(fields, "replay", out.replay);
    fields.choice("replay_mode", out.replay_mode);
    fields.finish();
  }

  void read_cache(yaml::mapping& top, cache_config& out) {
    const auto* at = top.map("cache");
    if (at == nullptr)
      return;
    yaml::mapping fields{*at, found_};
    fields.choice("mode", out.mode);
    path(fields, "file", out.file);
    fields.duration("ttl", out.ttl, 1s, 24h * 365);
    fields.integer("entries_max", out.entries_max, 1U, 10'000'000U);
    fields.integer("bytes_max", out.bytes_max, 64U << 10U, 3U << 30U);
    fields.integer("file_entries_max", out.file_entries_max, 1U, 10'000'000U);
    fields.integer("file_bytes_max", out.file_bytes_max, 64U << 10U, 3U << 30U);
    fields.integer("temperature_permille_max", out.temperature_permille_max, 0U,
                   2'000U);
    fields.boolean("tool_calls", out.tool_calls);
    fields.finish();
  }

  const fs::path& folder_;
  yaml::problems& found_;
};

} // namespace

runtime_config read_config(const yaml::node& root, const fs::path& folder,
                           yaml::problems& found) {
  return config_reader{folder, found}.read(root);
}

void hide_keys(yaml::node& at, yaml::problems& found) {
  for (auto& item : at.items)
    hide_keys(item, found);
  for (auto& key : at.keys)
    hide_keys(key, found);
  if (looks_like_key(at.text) && !at.text.starts_with("Bearer $")) {
    found.add(at, key_advice);
    at.text = "(hidden)";
  }
}

bool is_key_header(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{
      "authorization", "proxy-authorization", "x-api-key", "api-key",
      "cookie",        "x-goog-api-key"};
  return std::find(names.begin(), names.end(), lower(name)) != names.end();
}

} // namespace troupe::config
