// The part of the engine that gives answers again.
#include "cache/sqlite_answers.hpp"
#include "engine/engine.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "store/store_drivers.hpp"

#include <troupe/actors/answer_cache.hpp>
#include <troupe/protocol/fingerprint.hpp>

#include <caf/all.hpp>

namespace troupe {

using protocol::result;

namespace {

/// What changes answers beside the call: which models there are, and where.
std::string setting_of(const std::vector<protocol::model_spec>& models,
                       const runtime_config& config) {
  protocol::fingerprint_builder print;
  print.add(config.seed); // of simulated models
  for (const auto& it : models) {
    print.add(it.id);
    print.add(it.wire_name);
    print.add_value(it.level);
    print.add_value(it.pinned_only);
  }
  for (const auto& it : config.providers) {
    print.add(it.name);
    print.add(it.base_url);
  }
  return to_string(print.finish());
}

} // namespace

result<void> engine::open_cache() {
  const auto& from = config_.cache;
  if (from.mode == cache_mode::off || from.file.empty())
    return {};
  auto answers = open_sqlite_answers(
      from.file, {from.file_entries_max, from.file_bytes_max});
  if (!answers)
    return answers.error();
  answers_ = std::move(*answers);
  return {};
}

// Behind the router, whose handle it holds; before the agents, who hold its.
actors::child_spec engine::cache_child() {
  return {"answer-cache", [this](caf::actor_system& system) {
            const auto& from = config_.cache;
            actors::answer_cache_config to;
            to.router = roles_.get(&roles::router);
            to.limits.entries = from.entries_max;
            to.limits.bytes = from.bytes_max;
            to.limits.ttl = from.ttl;
            to.limits.temperature_permille = from.temperature_permille_max;
            to.limits.keeps_tool_calls = from.tool_calls;
            to.store = answers_;
            to.setting = setting_of(routable_, config_);
            to.calls_max = config_.limits.calls_in_flight;
            to.patience = config_.routing.patience;
            to.clock = clock_;
            to.seed = next_seed();
            return roles_.set(&roles::cache, actors::spawn_answer_cache(
                                                 system, std::move(to)));
          }};
}

result<void> engine::open_ledger() {
  if (config_.ledger.empty())
    return {};
  if (store::is_url(config_.ledger))
    return protocol::fail(
        protocol::errc::config_invalid,
        "ledger: in a database it is one that the nodes of a cluster "
        "share; run trouped with `store`, or name a file here");
  auto log = open_sqlite_ledger(config_.ledger, options_.vfs);
  if (!log)
    return log.error();
  auto ledger = actors::open_ledger(std::move(*log), now());
  if (!ledger)
    return ledger.error();
  ledger_ = std::move(*ledger);
  return {};
}

} // namespace troupe
