#include "engine/engine.hpp"

#include "catalogue/models_cache.hpp"
#include "config/fallbacks.hpp"
#include "engine/ask_actor.hpp"
#include "engine/cascade_child.hpp"
#include "engine/code_agents.hpp"
#include "engine/configured_tools.hpp"
#include "engine/health_parts.hpp"
#include "engine/log_binding.hpp"
#include "engine/tree_children.hpp"
#include "isolation/agent_process.hpp"
#include "journal/journal_file.hpp"
#include "store/store_drivers.hpp"
#include "troupe/runtime/tokens.hpp"

#include <troupe/protocol/nearest.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <random>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// What a kept run has spent must be known when it goes on.
runtime_config with_ledger(runtime_config config) {
  if (config.ledger.empty() && !config.journal.empty()
      && !store::is_url(config.journal))
    config.ledger = config.journal + "-ledger";
  return config;
}

result<void> add_programs(engine& to, const std::vector<program_agent>& all) {
  for (const auto& it : all) {
    auto added = isolation::check_options(it.where);
    if (added)
      added = to.add_code_agent(it.card, code_agent(it.card, it.where));
    if (!added)
      return fail(errc::config_invalid,
                  "agent '" + it.card.name + "': " + added.error().detail);
  }
  return {};
}

/// Whom all others ask: the ledger, or who stands before it.
caf::actor set_budget_role(caf::actor_system& system,
                           const engine_options& options,
                           const actors::budget_actor& ledger,
                           role_handles& to) {
  (void)to.set(&roles::ledger, ledger);
  return to.set(&roles::budget, options.budget_front
                                    ? options.budget_front(system, ledger)
                                    : ledger);
}

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

} // namespace

result<std::unique_ptr<engine>> engine::start(runtime_config config,
                                              engine_options options) {
  std::string problems;
  for (const auto& it : check_config(config))
    problems += it.pointer + ": " + it.message + "\n";
  if (!problems.empty())
    return fail(errc::config_invalid, std::move(problems));
  auto models = models::load_models(config);
  if (!models.problems.empty())
    return fail(errc::config_invalid, to_text(models.problems));
  for (const auto& it : config::check_fallbacks(config.routing, models.models))
    problems += it.pointer + ": " + it.message + "\n";
  if (!problems.empty())
    return fail(errc::config_invalid, std::move(problems));
  if (auto bound = bind_log(config.log); !bound)
    return bound.error();
  std::unique_ptr<engine> self{new engine{std::move(config), std::move(options),
                                          std::move(models.models)}};
  if (auto ready = self->prepare_counters(); !ready)
    return ready.error();
  if (auto opened = self->exchanges_.open(self->config_.exchanges); !opened)
    return opened.error();
  if (auto ready = self->prepare_providers(); !ready)
    return ready.error();
  if (auto ready = self->open_ledger(); !ready)
    return ready.error();
  if (auto ready = self->open_journal(); !ready)
    return ready.error();
  if (auto ready = self->open_cache(); !ready)
    return ready.error();
  if (auto ready = self->open_learning(); !ready)
    return ready.error();
  auto tools =
      make_configured_tools(self->config_.tools, {self->system_, self->clock_,
                                                  self->io_, self->keys_});
  if (!tools)
    return tools.error();
  for (const auto& [name, tool] : *tools)
    self->tool_book_->set(tool);
  self->tools_ = std::move(*tools);
  if (auto started = self->start_actors(); !started)
    return started.error();
  if (auto added = add_programs(*self, self->config_.agents); !added)
    return added.error();
  return self;
}

engine::engine(runtime_config config, engine_options options, catalogue models)
    : config_(with_ledger(std::move(config))), options_(std::move(options)),
      models_(std::move(models)),
      counter_(std::make_shared<protocol::token_estimator>()),
      caf_config_(options_.driven_by
                      ? actors::system_config::of_driven(*options_.driven_by)
                      : actors::system_config{config_.threads}),
      system_(caf_config_),
      clock_(options_.driven_by
                 ? actors::make_driven_clock(system_, options_.start)
                 : actors::make_wall_clock(system_)),
      faults_(config_.at_failure),
      ids_(options_.driven_by ? *options_.driven_by : random_seed()),
      random_(config_.seed) {
  state_mark_ = std::make_shared<actors::state_mark>();
  state_ = std::make_shared<shared_state::access>(
      system_, clock_, [this] { return roles_.get(&roles::state); },
      [this] { return new_header(); });
}

result<void> engine::prepare_counters() {
  for (const auto& [family, file] : config_.tokens.ranks) {
    if (family != "o200k" && family != "cl100k")
      return fail(errc::config_invalid,
                  "tokens.ranks: '" + family
                      + "' is not a known family (o200k, cl100k)");
    auto counter = load_token_counter(
        file, family == "o200k" ? token_split::o200k : token_split::cl100k);
    if (!counter)
      return counter.error();
    // OpenAI's own models of the catalogue use o200k. Others are estimated by
    // the same table, which is nearer than a guess, but not bounded by it.
    if (family != "o200k")
      continue;
    for (const auto& model : models_.all())
      if (model.provider == "openai" || model.provider == "simulated")
        exact_.emplace(model.id, *counter);
  }
  return {};
}

std::vector<actors::child_spec> engine::core_children() {
  std::vector<actors::child_spec> children;
  // Never taken along by others: runs go on while the rest is started again.
  children.push_back(temporary_children("runs", roles_, &roles::runs, clock_));
  children.push_back(
      temporary_children("tools", roles_, &roles::tools, clock_));
  // Its ledger lives in its memory: a new one would not know what is spent.
  children.push_back(
      irreplaceable({"budget-manager", [this](caf::actor_system& system) {
                       const auto ledger = actors::spawn_budget_manager(
                           system, {clock_, next_seed(), ledger_});
                       return set_budget_role(system, options_, ledger, roles_);
                     }}));
  children.push_back(
      {"registry", [this](caf::actor_system& system) {
         return roles_.set(
             &roles::registry,
             actors::spawn_registry(system, {config_.limits.agents, clock_,
                                             next_seed(), books_.lives,
                                             books_.health, books_.stand_ins}));
       }});
  for (auto& it : provider_children())
    children.push_back(std::move(it));
  children.push_back(router_child());
  if (config_.cache.mode != cache_mode::off)
    children.push_back(cache_child());
  children.push_back(cascade_child(roles_, config_, routable_, clock_,
                                   [this] { return next_seed(); }));
  children.push_back(
      {"agents",
       [this](caf::actor_system& system) {
         actors::supervisor_config agents;
         agents.name = "agents";
         agents.intensity = 10;
         agents.clock = clock_;
         {
           const std::lock_guard lock{mutex_};
           for (const auto& [name, spec] : agent_children_)
             agents.children.push_back(spec);
         }
         return roles_.set(&roles::agents,
                           actors::spawn_supervisor(system, std::move(agents)));
       },
       actors::restart_type::permanent, actors::no_stop_limit,
       actors::child_kind::supervisor});
  children.push_back(state_child());
  children.push_back(topic_hub_child()); // last: takes nobody down with it
  return children;
}

result<void> engine::open_journal() {
  if (config_.journal.empty())
    return {};
  if (config_.journal_retention != protocol::duration{})
    if (const auto done =
            forget_old_runs(config_.journal, now() - config_.journal_retention,
                            [this] { return now(); });
        !done)
      return done.error();
  auto log = open_journal_file(
      config_.journal, [this] { return now(); }, options_.vfs,
      options_.driven_by, config_.journal_lease);
  if (!log)
    return log.error();
  leases_ = (*log)->leases();
  journal_ = actors::spawn_journal(
      system_, std::shared_ptr<actors::journal_log>{std::move(*log)});
  if (!options_.driven_by && !leases_) // nobody else has its files
    wishes_ = std::make_unique<wish_watch>(system_, config_.journal,
                                           [this] { return now(); });
  return {};
}

result<void> engine::start_actors() {
  books_.journal = options_.journal_front
                       ? options_.journal_front(system_, journal_)
                       : journal_;
  books_.quarantine = std::make_shared<actors::quarantine_book>(
      actors::quarantine_limits{config_.limits.poison_crashes,
                                config_.limits.quarantine_max},
      secrets());
  books_.health = make_health_book(config_.health);
  actors::supervisor_config root;
  root.name = "troupe";
  root.strategy = actors::restart_strategy::rest_for_one;
  root.ends = actors::auto_shutdown::any_significant;
  root.clock = clock_;
  root.children = core_children();
  if (config_.history.enabled)
    root.children.push_back(history_child());
  if (books_.health)
    root.children.push_back(health_child(
        books_.health, roles_, journal_, clock_,
        [this](const std::string& agent) {
          const std::lock_guard lock{mutex_};
          return count_skills(cards_, agent);
        },
        [this] { return new_header(); }));
  root.at_failure = [this](const protocol::error& why) {
    fall(why);
  };
  root_ = actors::spawn_supervisor(system_, std::move(root));
  const auto started = ask_for<actors::children_listed>(
      system_, root_, "the supervisor is gone", actors::list_children{});
  if (!started)
    return started.error();
  faults_.watch(system_, root_, journal_);
  for (const auto& [name, tool] : tools_)
    if (auto shown = show_tool(system_, roles_, tool); !shown)
      return shown.error();
  return set_budgets();
}

result<void> engine::set_budgets() {
  auto all = config_.budgets;
  all.insert(all.begin(),
             {config_.tenant, config_.budget, 0, 0, config_.budget_window});
  for (auto& it : all)
    if (const auto opened = ledger().set_budget(std::move(it)); !opened)
      return opened.error();
  return {};
}

ledger_access engine::ledger() {
  return {system_, roles_.get(&roles::budget), new_header()};
}

std::uint64_t engine::next_seed() {
  const std::lock_guard lock{mutex_};
  const auto id = ids_.next(now()); // ids of two actors never collide
  return id.high ^ id.low;
}

protocol::header engine::new_header() {
  protocol::header head;
  const std::lock_guard lock{mutex_};
  head.message = ids_.next(now());
  head.from = "runtime";
  return head;
}

} // namespace troupe
