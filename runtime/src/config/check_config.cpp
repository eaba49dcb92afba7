#include "config/check_agents.hpp"
#include "config/check_tools.hpp"
#include "config/config_reader.hpp"
#include "http/url.hpp"
#include "troupe/protocol/mission_check.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace troupe {

namespace {

using namespace std::chrono_literals;
using protocol::field_problem;

class config_check {
public:
  void run(const runtime_config& config) {
    in_range("/threads", config.threads, 0, 1024);
    if (!protocol::is_name(config.tenant))
      add("/tenant", "the tenant's name must have 1 to 64 letters, digits, "
                     "'-', '_' or '.'");
    if (config.budget.nano_usd <= 0)
      add("/budget", "a budget must be above 0; leave it out for no limit");
    check_providers(config.providers);
    in_range("/simulated/latency_scale_permille",
             config.simulated.latency_scale_permille, 0, 100'000);
    in_range("/simulated/failure_permille", config.simulated.failure_permille,
             0, 1'000);
    in_range("/routing/attempts_max", config.routing.attempts_max, 1, 20);
    in_range("/routing/patience", config.routing.patience, 1s, 24h);
    check_shares(config.routing);
    in_range("/routing/latency_weight_permille",
             config.routing.latency_weight_permille, 0, 10'000);
    if (config.routing.learning.spend_per_call < protocol::money{})
      add("/routing/learning/spend_per_call",
          "what a call may cost is not negative; 0: anything");
    const auto& limits = config.limits;
    in_range("/limits/runs", limits.runs, 1, 10'000);
    in_range("/limits/calls_in_flight", limits.calls_in_flight, 1, 1'000'000);
    in_range("/limits/agents", limits.agents, 1, 2'000'000);
    in_range("/limits/mailbox_messages", limits.mailbox_messages, 1,
             16'000'000);
    in_range("/limits/mailbox_bytes", limits.mailbox_bytes, 64U << 10U,
             3U << 30U);
    in_range("/limits/delegation_depth", limits.delegation_depth, 1, 16);
    in_range("/limits/delegation_questions", limits.delegation_questions, 0,
             10'000);
    in_range("/limits/poison_crashes", limits.poison_crashes, 1, 1'000);
    in_range("/limits/quarantine_max", limits.quarantine_max, 1, 100'000);
    in_range("/limits/mission_file_bytes", limits.mission_file_bytes, 1024,
             64U << 20U);
    in_range("/limits/input_file_bytes", limits.input_file_bytes, 1024,
             128U << 20U);
    check_health(config.health);
    check_kept(config);
    if (!config.exchanges.record.empty() && !config.exchanges.replay.empty())
      add("/exchanges/replay",
          "a runtime records or replays: 'record' and 'replay' exclude each "
          "other");
    check_cache(config.cache);
    for (auto& it : config::check_tools(config))
      add(std::move(it.pointer), std::move(it.message));
    for (auto& it : config::check_agents(config))
      add(std::move(it.pointer), std::move(it.message));
  }

  std::vector<field_problem> take() { return std::move(list_); }

private:
  void add(std::string pointer, std::string message) {
    list_.push_back({std::move(pointer), std::move(message)});
  }

  static std::string last_of(const std::string& pointer) {
    return '\'' + pointer.substr(pointer.rfind('/') + 1) + '\'';
  }

  void in_range(const std::string& pointer, std::uint32_t value,
                std::uint32_t least, std::uint32_t most) {
    if (value < least || value > most)
      add(pointer, last_of(pointer) + " must be from " + std::to_string(least)
                       + " to " + std::to_string(most));
  }

  void in_range(const std::string& pointer, protocol::duration value,
                protocol::duration least, protocol::duration most) {
    if (value < least || value > most)
      add(pointer, last_of(pointer) + " must be from "
                       + protocol::for_people(least) + " to "
                       + protocol::for_people(most));
  }

  void check_shares(const routing_config& routing) {
    in_range("/routing/urgent_permille", routing.urgent_permille, 0, 900);
    in_range("/routing/hedge_permille", routing.hedge_permille, 500, 999);
    in_range("/routing/hedge_share_permille", routing.hedge_share_permille, 0,
             500);
    for (const auto& [tenant, share] : routing.shares) {
      if (!protocol::is_name(tenant))
        add("/routing/shares", "the tenant's name must have 1 to 64 letters, "
                               "digits, '-', '_' or '.'");
      else
        in_range("/routing/shares/" + tenant, share, 1, 1'000);
    }
    if (routing.shares.size() > 10'000)
      add("/routing/shares", "'shares' has at most 10,000 tenants");
  }

  void check_breaker(const provider_breaker& one, const std::string& place) {
    in_range(place + "/failures", one.failures, 1, 1'000);
    in_range(place + "/failures_permille", one.failures_permille, 1, 1'000);
    in_range(place + "/volume", one.volume, 1, 10'000);
    in_range(place + "/window", one.window, 1s, 1h);
    in_range(place + "/rest", one.rest, 10ms, 24h);
    in_range(place + "/rest_max", one.rest_max, 10ms, 24h);
    if (one.rest > one.rest_max)
      add(place + "/rest_max", "'rest_max' must not be less than 'rest'");
    in_range(place + "/probes", one.probes, 1, 100);
    in_range(place + "/slow_start", one.slow_start, 0s, 1h);
  }

  void check_retention(protocol::duration retention) {
    if (retention != protocol::duration{}) // for ever
      in_range("/journal_retention", retention, 1h, 87'600h);
  }

  void check_kept(const runtime_config& config) {
    check_history(config.history);
    check_retention(config.journal_retention);
    in_range("/journal_lease", config.journal_lease, 1s, 10min);
    check_state(config.state);
  }

  void check_health(const health_config& health) {
    in_range("/health/window", health.window, 2, 1'000);
    in_range("/health/count_min", health.count_min, 2,
             std::min(health.window, 1'000U));
    in_range("/health/failures_permille", health.failures_permille, 1, 1'000);
    in_range("/health/gates_permille", health.gates_permille, 1, 1'000);
    in_range("/health/slow_permille", health.slow_permille, 1'000, 1'000'000);
    in_range("/health/slow_floor", health.slow_floor, 1ms, 1h);
    in_range("/health/drain_max", health.drain_max, 0s, 1h);
    in_range("/health/restart_pause", health.restart_pause, 0s, 24h);
    in_range("/health/rest", health.rest, 10ms, 24h);
    in_range("/health/rest_max", health.rest_max, health.rest, 24h);
  }

  void check_history(const history_config& history) {
    in_range("/history/entries_max", history.entries_max, 1, 10'000'000);
    in_range("/history/bytes_max", history.bytes_max, 64U << 10U, 3U << 30U);
    in_range("/history/age_max", history.age_max, 1s, 720h);
    in_range("/history/sample_permille", history.sample_permille, 1, 1'000);
    if (history.secrets_env.size() > 64)
      add("/history/secrets_env", "'secrets_env' has at most 64 variables");
    for (std::size_t i = 0; i < history.secrets_env.size(); ++i)
      if (history.secrets_env[i].empty()
          || !is_variable(history.secrets_env[i]))
        add("/history/secrets_env/" + std::to_string(i),
            "this must be the name of an environment variable");
  }

  void check_state(const state_config& state) {
    in_range("/state/keys_max", state.keys_max, 1, 10'000'000);
    in_range("/state/bytes_max", state.bytes_max, 64U << 10U, 3U << 30U);
    in_range("/state/value_bytes_max", state.value_bytes_max, 1U << 10U,
             16U << 20U);
    in_range("/state/versions_max", state.versions_max, 1, 10'000);
    in_range("/state/history_bytes_max", state.history_bytes_max, 64U << 10U,
             3U << 30U);
    in_range("/state/subscriptions_max", state.subscriptions_max, 1, 1'000'000);
  }

  void check_cache(const cache_config& cache) {
    in_range("/cache/ttl", cache.ttl, 1s, 24h * 365);
    in_range("/cache/entries_max", cache.entries_max, 1, 10'000'000);
    in_range("/cache/bytes_max", cache.bytes_max, 64U << 10U, 3U << 30U);
    in_range("/cache/file_entries_max", cache.file_entries_max, 1, 10'000'000);
    in_range("/cache/file_bytes_max", cache.file_bytes_max, 64U << 10U,
             3U << 30U);
    in_range("/cache/temperature_permille_max", cache.temperature_permille_max,
             0, 2'000);
  }

  void check_providers(const std::vector<provider_config>& providers) {
    std::set<std::string> names;
    for (std::size_t i = 0; i < providers.size(); ++i) {
      const auto& one = providers[i];
      const auto place = "/providers/" + std::to_string(i);
      if (!protocol::is_name(one.name))
        add(place + "/name", "a provider's name must have 1 to 64 letters, "
                             "digits, '-', '_' or '.'");
      else if (!names.insert(one.name).second)
        add(place + "/name", "another provider has this name");
      check_address(one, place);
      check_headers(one, place);
      in_range(place + "/connections_max", one.connections_max, 1, 1'000);
      in_range(place + "/waiting_max", one.waiting_max, 0, 100'000);
      in_range(place + "/burst", one.burst, 1s, 60s);
      in_range(place + "/timeouts/connect", one.timeouts.connect, 1ms, 1h);
      in_range(place + "/timeouts/first_byte", one.timeouts.first_byte, 1ms,
               1h);
      in_range(place + "/timeouts/idle", one.timeouts.idle, 1ms, 1h);
      in_range(place + "/timeouts/first_piece", one.timeouts.first_piece, 1ms,
               1h);
      in_range(place + "/timeouts/next_piece", one.timeouts.next_piece, 1ms,
               1h);
      in_range(place + "/pace/window", one.pace.window, 1ms, 1h);
      in_range(place + "/answer_bytes_max", one.answer_bytes_max, 64U << 10U,
               1U << 30U);
      check_breaker(one.breaker, place + "/breaker");
    }
  }

  void check_address(const provider_config& one, const std::string& place) {
    if (!is_variable(one.api_key_env))
      add(place + "/api_key_env",
          "'api_key_env' must be the name of an environment variable");
    if (one.kind == provider_kind::simulated) {
      if (!one.base_url.empty())
        add(place + "/base_url", "a simulated provider has no address");
      return;
    }
    if (one.base_url.empty()) {
      add(place + "/base_url", "'base_url' is missing");
      return;
    }
    auto url = http::parse_base_url(one.base_url);
    if (!url)
      add(place + "/base_url",
          "'base_url' must be an address like https://host/v1, without user, "
          "query and fragment");
    else if (!url->at.tls && !http::is_loopback(url->at))
      add(place + "/base_url",
          "'base_url' must be https: http shows keys and prompts to the "
          "network, and is for this machine only");
  }

  void check_headers(const provider_config& one, const std::string& place) {
    for (const auto& [name, value] : one.headers) {
      if (config::is_key_header(name))
        add(place + "/headers",
            "a header that carries a key is made from 'api_key_env' or "
            "'api_key_file'");
      const bool name_ok = protocol::is_name(name);
      const bool value_ok =
          value.size() <= 1024
          && std::all_of(value.begin(), value.end(), [](char c) {
               return c == '\t' || (c >= ' ' && c <= '~');
             });
      if (!name_ok || !value_ok)
        add(place + "/headers",
            "a header has a name of letters, digits and '-', and a value of "
            "at most 1,024 printable ASCII characters");
    }
  }

  static bool is_variable(const std::string& name) {
    return name.size() <= 128
           && std::all_of(name.begin(), name.end(), [](char c) {
                return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                       || c == '_';
              });
  }

  std::vector<field_problem> list_;
};

provider_config preset(std::string name, provider_kind kind, std::string url,
                       std::string variable) {
  provider_config config;
  config.name = std::move(name);
  config.kind = kind;
  config.base_url = std::move(url);
  config.api_key_env = std::move(variable);
  config.is_preset = true;
  return config;
}

} // namespace

std::vector<provider_config> default_providers() {
  return {preset("anthropic", provider_kind::anthropic_messages,
                 "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
          preset("openai", provider_kind::openai_chat,
                 "https://api.openai.com/v1", "OPENAI_API_KEY"),
          preset("openrouter", provider_kind::openai_chat,
                 "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
          preset("simulated", provider_kind::simulated, "", "")};
}

std::vector<field_problem> check_config(const runtime_config& config) {
  config_check check;
  check.run(config);
  return check.take();
}

} // namespace troupe
