#pragma once

#include "support/actors/router_world.hpp"
#include "support/actors/run_history.hpp"
#include "support/catch.hpp"
#include "troupe/actors/coordinator.hpp"
#include "troupe/actors/model_agent.hpp"

#include <map>

namespace troupe::test {

/// Takes down what a run tells.
class notes_sink : public actors::event_sink {
public:
  explicit notes_sink(const protocol::mission& mission) : history(mission) {}

  void on_event(protocol::run_event event) noexcept override {
    history.add(event);
    events.push_back(std::move(event));
  }
  void on_end(protocol::run_report it) noexcept override {
    ++ends;
    report = std::move(it);
  }

  run_history history;
  std::vector<protocol::run_event> events;
  protocol::run_report report;
  int ends = 0;
};

/// A coordinator with ledger, registry and spied agents.
struct run_world : router_world {
  static constexpr protocol::id run_id{9, 9};

  /// Adds a task; its agent is a spy of that name, made at need.
  protocol::task_spec& task(const std::string& id, const std::string& agent,
                            std::vector<std::string> needs = {}) {
    auto& it = mission.tasks.emplace_back();
    it.id = id;
    it.agent = agent;
    it.needs = std::move(needs);
    it.prompt = "Do " + id;
    if (handles.count(agent) == 0) {
      spies[agent] = std::make_shared<agent_spy>();
      add_agent(agent, spawn_spy(world, spies[agent]));
    }
    return it;
  }

  void add_agent(const std::string& name, actors::agent_actor who) {
    handles[name] = who;
    protocol::request<protocol::register_agent> ask;
    ask.body.card.name = name;
    world.answer<protocol::response<protocol::agent_registered>>(registry, ask,
                                                                 who);
  }

  /// An agent whose model calls go through the router and cost money.
  void add_model_agent(const std::string& name) {
    actors::model_agent_config config;
    protocol::agent_spec spec;
    spec.card.name = name;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.router = router;
    config.clock = world.clock();
    config.seed = 77;
    add_agent(name, world.keep(spawn_model_agent(world.system(), config)));
  }

  void start() {
    mission.name = "m";
    sink = std::make_shared<notes_sink>(mission);
    actors::coordinator_config config;
    config.mission = mission;
    for (const auto& it : mission.tasks) {
      config.assignments.push_back(
          {handles.at(it.agent), it.agent, protocol::tier::basic});
      if (const auto& judge = it.gate.judge.agent; !judge.empty())
        config.assignments.back().judge = {handles.at(judge), judge};
      for (const auto& name : stand_ins)
        config.assignments.back().stand_ins.push_back(
            {{handles.at(name), name}, {}});
    }
    config.estimates.resize(mission.tasks.size());
    config.run = run_id;
    config.account = "t/run";
    config.registry = registry;
    config.budget = budget;
    config.sink = sink;
    config.learner = learner;
    config.journal = journal;
    config.health = health;
    config.past = past;
    config.clock = world.clock();
    config.seed = 3;
    protocol::request<protocol::open_account> account;
    account.body = {"t/run", mission.budget};
    world.tell(budget, account);
    coordinator = spawn_coordinator(world.system(), std::move(config));
    world.keep(coordinator);
    world.run();
  }

  void cancel_run(protocol::id scope = run_id) {
    protocol::coordination<protocol::cancel> msg;
    msg.body = {scope, "enough"};
    world.tell(coordinator, msg);
  }

  void agent_says(const std::string& agent, std::size_t at,
                  protocol::result<protocol::task_result> outcome) {
    spies.at(agent)->release(at, std::move(outcome));
    world.run();
  }

  static protocol::task_result text(std::string output) {
    protocol::task_result it;
    it.output = std::move(output);
    return it;
  }

  protocol::mission mission;
  std::map<std::string, actors::agent_actor> handles;
  std::map<std::string, std::shared_ptr<agent_spy>> spies;
  actors::registry_actor registry = world.keep(
      actors::spawn_registry(world.system(), {100, world.clock(), 1}));
  std::shared_ptr<notes_sink> sink;
  actors::router_actor learner;                ///< Null: nothing is learned.
  actors::journal_actor journal;               ///< Null: nothing is kept.
  std::vector<protocol::journal_entry> past;   ///< Of an earlier process.
  std::shared_ptr<actors::health_book> health; ///< Null: nobody looks.
  std::vector<std::string> stand_ins; ///< Of all tasks; spies, or agents.
  actors::coordinator_actor coordinator;
};

/// A run's events must tell one story, without gaps, to its end.
inline void check_story(const run_world& it) {
  CHECK(it.sink->ends == 1);
  CHECK(it.sink->history.fault() == "");
  CHECK(it.sink->history.all_ended());
  REQUIRE_FALSE(it.sink->events.empty());
  CHECK(it.sink->events.back().kind == protocol::event_kind::run_finished);
}

} // namespace troupe::test
