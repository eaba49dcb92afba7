#pragma once

#include "run_rules.hpp"
#include "support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::test {

/// A run whose agents answer by `say`.
struct branch_world {
  protocol::task_spec&
  task(const std::string& id, std::vector<std::string> needs = {},
       protocol::task_kind kind = protocol::task_kind::work) {
    auto& it = mission.tasks.emplace_back();
    it.id = id;
    it.needs = std::move(needs);
    it.kind = kind;
    it.prompt =
        kind == protocol::task_kind::pick || kind == protocol::task_kind::join
            ? ""
            : "Do " + id;
    return it;
  }

  void begin() {
    mission.name = "m";
    std::vector<std::string> agents(mission.tasks.size(), "agent");
    for (std::size_t i = 0; i < agents.size(); ++i)
      if (!mission.tasks[i].agent.empty())
        agents[i] = mission.tasks[i].agent;
    rules.emplace(mission, agents,
                  std::vector<protocol::task_estimate>(agents.size()),
                  protocol::id{1, 1}, 7);
    rules->start(now);
    go();
  }

  void go() {
    for (const auto& it : rules->take_startable(now))
      running.push_back(it);
    for (auto& it : rules->take_events())
      events.push_back(std::move(it));
  }

  std::string started() {
    std::string names;
    for (const auto& it : std::exchange(running, {}))
      names += (names.empty() ? "" : " ") + rules->spec(it.task).id;
    return names;
  }

  void say(const std::string& id, const std::string& output) {
    protocol::task_result it;
    it.output = output;
    const auto task = *rules->find(id);
    rules->succeeded(task, rules->report().tasks[task].attempts, it, now);
    go();
  }

  void fail_with(const std::string& id, protocol::error why) {
    const auto task = *rules->find(id);
    rules->failed(task, rules->report().tasks[task].attempts, std::move(why),
                  now);
    go();
  }

  void fail_with(const std::string& id, protocol::errc code) {
    fail_with(id, protocol::fail(code, "so"));
  }

  protocol::result<void> decide(const std::string& id, bool yes,
                                const std::string& by,
                                const std::string& note = {}) {
    auto done = rules->decide(*rules->find(id), yes, by, note, now);
    go();
    return done;
  }

  const protocol::task_record& record(const std::string& id) {
    return rules->report().tasks[*rules->find(id)];
  }

  protocol::mission mission;
  std::optional<actors::run_rules> rules;
  std::vector<actors::run_attempt> running;
  std::vector<protocol::run_event> events;
  protocol::instant now{std::chrono::hours{1'000}};
};

} // namespace troupe::test
