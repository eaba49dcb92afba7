// The part of the engine that sets providers and the router up.
#include "engine/engine.hpp"
#include "http/url.hpp"
#include "providers/http_provider.hpp"
#include "providers/key_file.hpp"

#include <troupe/actors/log.hpp>
#include <troupe/actors/simulated_provider.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::chrono::milliseconds ms(protocol::duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

providers::wire_format format_of(provider_kind kind) {
  switch (kind) {
  case provider_kind::anthropic_messages:
    return providers::wire_format::anthropic_messages;
  case provider_kind::openai_responses:
    return providers::wire_format::openai_responses;
  default:
    return providers::wire_format::openai_chat;
  }
}

bool hints_prompt_cache(const provider_config& from) {
  if (from.prompt_cache != prompt_caching::automatic)
    return from.prompt_cache == prompt_caching::on;
  if (from.kind == provider_kind::anthropic_messages)
    return true;
  const auto url = http::parse_base_url(from.base_url);
  return url && url->at.host == "api.openai.com";
}

providers::http_provider_config http_config(const provider_config& from,
                                            providers::secret key,
                                            http::io_thread* io,
                                            const actors::wall_clock& clock) {
  providers::http_provider_config to;
  to.name = from.name;
  to.wire.format = format_of(from.kind);
  to.wire.hints_prompt_cache = hints_prompt_cache(from);
  to.base_url = from.base_url;
  to.api_key = std::move(key);
  if (from.name == "openrouter")
    to.headers = providers::openrouter_headers("", "troupe");
  for (const auto& header : from.headers) // later ones replace earlier ones
    to.headers.push_back(header);
  to.timeouts = {ms(from.timeouts.connect), ms(from.timeouts.first_byte),
                 ms(from.timeouts.idle)};
  to.pace = {ms(from.timeouts.first_piece), ms(from.timeouts.next_piece),
             from.pace.bytes_min, ms(from.pace.window)};
  to.answer_bytes_max = from.answer_bytes_max;
  to.connections_max = from.connections_max;
  to.waiting_max = from.waiting_max;
  to.ca_file = from.ca_file;
  to.io = io;
  to.clock = clock;
  return to;
}

/// A call that would wait for a connection waits in the router, where the most
/// urgent goes first and none holds money.
actors::rate_limits rates_of(const provider_config& from) {
  return {from.requests_per_minute, from.input_tokens_per_minute,
          from.output_tokens_per_minute, from.connections_max, from.burst};
}

actors::breaker_limits breaker_of(const provider_breaker& from) {
  actors::breaker_limits to;
  to.window = from.window;
  to.volume_min = from.volume;
  to.failures_permille = from.failures_permille;
  to.consecutive = from.failures;
  to.open_first = from.rest;
  to.open_max = from.rest_max;
  to.probes = from.probes;
  to.slow_start = from.slow_start;
  return to;
}

actors::all_open_policy policy_of(all_rest from) {
  switch (from) {
  case all_rest::wait:
    return actors::all_open_policy::wait;
  case all_rest::fail:
    return actors::all_open_policy::fail;
  case all_rest::least_bad:
    return actors::all_open_policy::least_bad;
  }
  return actors::all_open_policy::wait;
}

actors::hedge_limits hedging_of(const routing_config& from) {
  actors::hedge_limits limits;
  limits.permille = from.hedge_permille;
  limits.share_permille = from.hedge_share_permille;
  return limits;
}

actors::simulated_provider_config
simulated(const runtime_config& from, const actors::wall_clock& clock,
          std::shared_ptr<const protocol::token_counter> counter) {
  actors::simulated_provider_config to;
  to.seed = from.seed;
  to.calls_max = from.limits.calls_in_flight;
  to.latency_scale_permille = from.simulated.latency_scale_permille;
  for (auto& profile : to.profiles)
    profile.unavailable_permille = from.simulated.failure_permille;
  to.count_tokens = [counter = std::move(counter)](std::string_view text) {
    return counter->count(text);
  };
  to.clock = clock;
  return to;
}

std::function<actors::provider_actor()>
stand_in(const engine_options::make_provider& make, caf::actor_system& system,
         const actors::wall_clock& clock) {
  return [make, &system, clock] {
    return make(system, clock);
  };
}

} // namespace

result<void> engine::prepare_providers() {
  bool calls_real_models = false;
  std::set<std::string> usable;
  if (exchanges_.is_replay()) {
    calls_real_models = prepare_replay(usable);
    choose_routable(usable, calls_real_models);
    return {};
  }
  for (const auto& it : config_.providers) {
    const auto other = options_.providers.find(it.name);
    if (other != options_.providers.end()) {
      usable.insert(it.name);
      make_provider_.emplace(it.name, stand_in(other->second, system_, clock_));
      continue;
    }
    if (it.kind == provider_kind::simulated) {
      usable.insert(it.name);
      make_provider_.emplace(it.name, [this] {
        const auto exact = exact_.find("simulated/basic");
        return actors::spawn_simulated_provider(
            system_,
            simulated(config_, clock_,
                      exact == exact_.end() ? counter_ : exact->second));
      });
      continue;
    }
    result<providers::secret> key = providers::secret{};
    if (!it.api_key_env.empty() || !it.api_key_file.empty())
      key = providers::load_api_key(it.api_key_env, it.api_key_file);
    if (!key && key.error().code == errc::provider_unauthorized && it.is_preset)
      continue; // a preset without a key: known, but no call goes there
    if (!key)
      return fail(key.error().code, it.name + ": " + key.error().detail);
    if (!key->empty())
      keys_.push_back(*key);
    if (!io_)
      io_ = std::make_unique<http::io_thread>();
    auto config = http_config(it, std::move(*key), io_.get(), clock_);
    config.told = roles_.told_rates();
    if (auto valid = providers::validate(config); !valid)
      return valid;
    usable.insert(it.name);
    calls_real_models = calls_real_models || !it.is_preset;
    make_provider_.emplace(it.name, [this, config = std::move(config)] {
      return providers::spawn_http_provider(system_, config);
    });
  }
  choose_routable(usable, calls_real_models);
  return {};
}

void engine::choose_routable(const std::set<std::string>& usable,
                             bool calls_real_models) {
  // A key that happens to be in the environment must not spend money by
  // itself: real models are chosen freely only when the configuration names a
  // provider; else only for calls that name the model.
  for (auto model : models_.all()) {
    if (usable.count(model.provider) == 0)
      continue;
    const bool is_real = model.provider != "simulated";
    model.pinned_only = model.pinned_only || is_real != calls_real_models;
    routable_.push_back(std::move(model));
  }
}

std::vector<actors::child_spec> engine::provider_children() {
  std::vector<actors::child_spec> children;
  for (const auto& [name, make] : make_provider_)
    children.push_back({"provider-" + name,
                        [this, name = name, make = make](caf::actor_system&) {
                          auto it = make();
                          if (exchanges_.is_recording())
                            it = exchanges_.recorded({name, it, nullptr,
                                                      secrets(), clock_,
                                                      next_seed()});
                          return roles_.set_provider(name, it);
                        }});
  return children;
}

actors::child_spec engine::router_child() {
  return {"router", [this](caf::actor_system& system) {
            actors::router_config config;
            config.models = routable_;
            config.counter = counter_;
            config.exact = exact_;
            config.attempts_max = config_.routing.attempts_max;
            config.calls_max = config_.limits.calls_in_flight;
            config.patience = config_.routing.patience;
            for (const auto& it : config_.providers) {
              config.breakers_at[it.name] = breaker_of(it.breaker);
              const bool is_in_process =
                  it.kind == provider_kind::simulated
                  && options_.providers.count(it.name) == 0;
              if (!is_in_process && !exchanges_.is_replay())
                config.rates[it.name] = rates_of(it);
            }
            config.when_all_open = policy_of(config_.routing.when_all_rest);
            for (const auto& [of, it] : config_.routing.fallbacks)
              config.fallbacks[of] = {it.general, it.context_window,
                                      it.content_policy};
            config.latency_weight_permille =
                config_.routing.latency_weight_permille;
            config.told = roles_.told_rates();
            config.shares.weights = config_.routing.shares;
            config.shares.urgent_permille = config_.routing.urgent_permille;
            config.hedging = hedging_of(config_.routing);
            config.policy = policy_;
            config.clock = clock_;
            config.seed = next_seed();
            config.providers = roles_.get(&roles::providers);
            config.budget = roles_.get(&roles::budget);
            return roles_.set(&roles::router,
                              actors::spawn_router(system, std::move(config)));
          }};
}

} // namespace troupe
