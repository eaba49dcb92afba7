// The part of the engine that starts runs.
#include "engine/ask_actor.hpp"
#include "engine/assignments.hpp"
#include "engine/earlier_results.hpp"
#include "engine/engine.hpp"
#include "engine/find_agents.hpp"
#include "engine/model_check.hpp"
#include "engine/tree_children.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/actors/run_past.hpp>
#include <troupe/protocol/mission_budget.hpp>
#include <troupe/protocol/mission_check.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds report_grace{10};
/// A coordinator gives its agents and the ledger less.
constexpr std::chrono::seconds run_stop_limit{20};

void apply(const run_options& options, protocol::mission& mission) {
  if (options.budget)
    protocol::replace_budget(mission, *options.budget);
  if (!options.model.empty())
    for (auto& task : mission.tasks)
      task.model = options.model;
  if (options.reuse)
    mission.reuse = *options.reuse;
}

std::shared_ptr<mission_run::shared_state>
new_state(protocol::id run, const protocol::mission& mission,
          caf::actor_system& system) {
  auto state = std::make_shared<mission_run::shared_state>();
  state->channel = std::make_shared<run_channel>();
  state->channel->wait_by(waiting{system});
  state->id = run;
  state->patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(mission.deadline)
      + report_grace;
  return state;
}

/// Lets go of runs that have ended.
result<void>
make_room(std::vector<std::shared_ptr<mission_run::shared_state>>& runs,
          std::size_t most, run_pace& pace) {
  std::erase_if(runs, [](const auto& run) {
    if (!run->channel->is_finished())
      return false;
    run->detach();
    return true;
  });
  if (runs.size() < most)
    return {};
  auto why = fail(errc::overloaded, "limits.runs is " + std::to_string(most));
  why.retry_after = pace.refuse();
  return why;
}

} // namespace

result<void> engine::check(const protocol::mission& mission) const {
  auto known = agents();
  for (auto& card : books_.stand_ins->cards())
    known.push_back(std::move(card));
  std::string problems;
  for (const auto& it : protocol::check_mission(mission, known))
    problems += it.pointer + ": " + it.message + "\n";
  if (!problems.empty())
    return fail(errc::mission_invalid, std::move(problems));
  return {};
}

std::vector<protocol::agent_spec> engine::specs() const {
  const std::lock_guard lock{mutex_};
  std::vector<protocol::agent_spec> all;
  for (const auto& [name, spec] : specs_)
    all.push_back(*spec);
  return all;
}

result<std::vector<actors::assignment>>
engine::prepare(protocol::mission& mission) {
  if (auto good = check(mission); !good)
    return good.error();
  for (const auto& spec : mission.agents)
    if (auto added = add_model_agent(spec); !added)
      return added.error();
  const auto located = find_agents(system_, roles_, mission);
  if (!located)
    return located.error();
  auto assignments = assign_found(
      mission, *located, [this](const auto& task, const auto& card) {
        return task.level.value_or(
            std::max(config_.routing.tiers.of(task.urgency), card.level));
      });
  if (auto good = equip(mission, assignments); !good)
    return good.error();
  return assignments;
}

result<mission_run> engine::start_run(protocol::mission mission,
                                      const run_options& options,
                                      protocol::id run) {
  apply(options, mission);
  { // before anything is done for it: who is overloaded refuses at once
    const std::lock_guard lock{mutex_};
    if (auto room = make_room(runs_, config_.limits.runs, *pace_); !room)
      return room.error();
  }
  auto assignments = prepare(mission);
  if (!assignments)
    return assignments.error();
  const auto all = specs();
  const model_offer offer{routable_, models_, config_.providers, *counter_};
  if (auto good = check_models_fit(mission, all, offer); !good)
    return good.error();
  if (auto good = check_first_payable(mission, all, offer); !good)
    return good.error();
  auto plan = actors::plan_mission(mission, all, routable_, *counter_);
  if (auto done = times_->apply(system_, journal_, mission, plan.estimates);
      !done)
    return done.error();

  auto state = new_state(run ? run : new_header().message, mission, system_);
  const auto account =
      config_.tenant + "/" + mission.name + "-" + to_string(state->id);
  if (auto opened = ledger().set_budget({account, mission.budget}); !opened)
    return opened.error();
  actors::coordinator_config config;
  config.assignments = std::move(*assignments);
  config.estimates = std::move(plan.estimates);
  config.mission = std::move(mission);
  config.run = state->id;
  config.account = account;
  config.sink = state->channel;
  config.clock = clock_;
  config.seed = options.seed;
  config.forked_from = options.forked_from;
  if (auto known = earlier_results(system_, journal_, config.mission); !known)
    return known.error();
  else
    config.known = std::move(*known);
  return launch(std::move(state), std::move(config));
}

result<mission_run> engine::resume_run(protocol::id run) {
  if (!journal_)
    return fail(errc::invalid_request, "no journal is configured");
  const auto is_under_way = [&] {
    const std::lock_guard lock{mutex_};
    return std::any_of(runs_.begin(), runs_.end(), [&](const auto& it) {
      return it->id == run && !it->channel->is_finished();
    });
  };
  if (is_under_way())
    return fail(errc::invalid_request,
                "run " + to_string(run) + " is under way");
  if (leases_) // nobody else goes on with it from here on
    if (auto taken = leases_->take(run); !taken)
      return taken.error();
  auto resumed = resume_taken(run);
  if (!resumed && leases_)
    leases_->release(run);
  return resumed;
}

result<mission_run> engine::resume_taken(protocol::id run) {
  auto kept = ask_for<actors::run_read>(
      system_, journal_, "the journal is gone", actors::read_run{run});
  if (!kept)
    return kept.error();
  auto past = actors::read_past(run, kept->entries);
  if (!past)
    return past.error();
  if (past->is_closed)
    return fail(errc::unknown_run,
                "run " + to_string(run) + " has ended: "
                    + std::string(enum_name(past->report.state)));
  auto& plan = past->plan;
  auto assignments = prepare(plan.what);
  if (!assignments)
    return assignments.error();
  auto state = new_state(run, plan.what, system_);
  // Beside a database each process has a ledger of its own.
  if (auto opened =
          ledger().go_on(plan.account, plan.what.budget,
                         leases_ ? past->report.cost : protocol::money{});
      !opened)
    return opened.error();
  actors::coordinator_config config;
  config.assignments = std::move(*assignments);
  config.estimates = std::move(plan.estimates);
  config.mission = std::move(plan.what);
  config.run = run;
  config.account = std::move(plan.account);
  config.sink = state->channel;
  config.clock = clock_;
  config.seed = plan.seed;
  config.past = std::move(kept->entries);
  config.forked_from = plan.forked_from;
  return launch(std::move(state), std::move(config));
}

namespace {

/// Its coordinator is not started again: it ends with a report that says so,
/// and its journal lets it be resumed (docs/adr/0049).
result<void> put_under(const actors::supervisor_actor& runs,
                       caf::actor_system& system,
                       const std::shared_ptr<mission_run::shared_state>& state,
                       actors::coordinator_config config) {
  const auto mission = config.mission.name;
  const auto begun = ask_for<actors::child_started>(
      system, runs, "the runs' supervisor is gone",
      actors::start_child{temporary_child(
          to_string(state->id),
          [state, config = std::move(config)](caf::actor_system& home) mutable {
            const std::lock_guard lock{state->mutex};
            state->coordinator =
                actors::spawn_coordinator(home, std::move(config));
            return caf::actor_cast<caf::actor>(state->coordinator);
          },
          run_stop_limit, mission)});
  if (!begun)
    return begun.error();
  return {};
}

} // namespace

result<mission_run>
engine::launch(std::shared_ptr<mission_run::shared_state> state,
               actors::coordinator_config config) {
  config.registry = roles_.get(&roles::registry);
  config.budget = roles_.get(&roles::budget);
  config.journal = journal_;
  config.quarantine = books_.quarantine;
  config.health = books_.health;
  state->channel->at_end(
      [times = times_, journal = journal_, pace = pace_,
       leases = leases_](const protocol::run_report& report) {
        pace->ended(report.finished);
        if (leases)
          leases->release(report.run);
        if (report.state != protocol::run_state::paused)
          times->learn(report, journal);
      });
  if (policy_ && config_.routing.learning.gates)
    config.learner = roles_.get(&roles::cascade);
  {
    const std::lock_guard lock{mutex_};
    if (auto room = make_room(runs_, config_.limits.runs, *pace_); !room)
      return room.error();
    // Kept by the engine until it has ended, so that an abandoned run is still
    // stopped with the runtime.
    runs_.push_back(state);
  }
  if (auto begun = put_under(roles_.get(&roles::runs), system_, state,
                             std::move(config));
      !begun) {
    const std::lock_guard lock{mutex_};
    std::erase(runs_, state);
    return begun.error();
  }
  if (wishes_) // it can do what is wished
    wishes_->add(state);
  return mission_run{std::move(state)};
}

} // namespace troupe
