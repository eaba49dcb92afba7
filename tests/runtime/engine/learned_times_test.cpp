// What a runtime expects of tasks that it has run before.
#include "engine/learned_times.hpp"
#include "journal/journal_file.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

using namespace troupe;
using protocol::run_state;

namespace {

protocol::mission mission_of(const std::string& name) {
  protocol::mission mission;
  mission.name = name;
  for (const auto* id : {"part#1", "part#2", "whole"}) {
    auto& task = mission.tasks.emplace_back();
    task.id = id;
    task.agent = "worker";
    task.prompt = "Do it";
  }
  mission.tasks.back().needs = {"part#1", "part#2"};
  return mission;
}

runtime make_host(const std::string& journal) {
  runtime_config config;
  config.threads = 2;
  config.journal = journal;
  auto made = runtime::create(config);
  REQUIRE(made.has_value());
  protocol::agent_card card;
  card.name = "worker";
  const auto added = made->add_agent(card, [](const task_view&) {
    return protocol::result<std::string>{"done"};
  });
  REQUIRE(added.has_value());
  return std::move(*made);
}

protocol::run_report run_in(runtime& host, const protocol::mission& mission) {
  auto run = host.start(mission);
  REQUIRE(run.has_value());
  auto report = run->wait();
  REQUIRE(report.state == run_state::done);
  return report;
}

protocol::duration expected(const protocol::run_report& report,
                            std::size_t task) {
  return report.tasks[task].estimate.time;
}

protocol::duration took(const protocol::run_report& report, std::size_t task) {
  return report.tasks[task].finished - report.tasks[task].started;
}

} // namespace

TEST_CASE("a task of a mission that has run is expected to take what it took",
          "[runtime][learned_times]") {
  auto host = make_host({});
  const auto mission = mission_of("m");
  const auto first = run_in(host, mission);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(expected(first, i) == protocol::duration{});
  const auto second = run_in(host, mission);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(expected(second, i) == took(first, i));
  const auto third = run_in(host, mission);
  CHECK(expected(third, 2)
        == took(first, 2) + (took(second, 2) - took(first, 2)) / 2);
  CHECK(expected(run_in(host, mission_of("another")), 0)
        == protocol::duration{});
}

TEST_CASE("the next process expects what the last one has learned",
          "[runtime][learned_times]") {
  const test::scratch_folder folder{"learned"};
  const auto journal = (folder.path() / "runs.db").string();
  protocol::run_report first;
  {
    auto host = make_host(journal);
    first = run_in(host, mission_of("m"));
  }
  auto host = make_host(journal);
  auto mission = mission_of("m");
  mission.tasks[1].id = "part#7"; // which is new
  mission.tasks[2].needs[1] = "part#7";
  const auto second = run_in(host, mission);
  CHECK(expected(second, 0) == took(first, 0));
  CHECK(expected(second, 1) == (took(first, 0) + took(first, 1)) / 2);
}

TEST_CASE("a journal keeps the times of missions as long as runs of them",
          "[learned_times][forgetting]") {
  const test::scratch_folder folder{"learned"};
  const auto journal = (folder.path() / "runs.db").string();
  protocol::run_report ended;
  {
    auto host = make_host(journal);
    ended = run_in(host, mission_of("m"));
    (void)run_in(host, mission_of("n"));
  }
  const auto open = open_journal_file(journal);
  REQUIRE(open.has_value());
  CHECK((*open)->times("m")->size() == 4); // with `part#`
  CHECK((*open)->times("never")->empty());
  const auto done = (*open)->forget_runs({ended.run}, "ann");
  REQUIRE(done.has_value());
  CHECK((*open)->times("m")->empty());
  CHECK((*open)->times("n")->size() == 4);
  CHECK((*open)->verify()->problems.empty());
}

TEST_CASE("a runtime knows so many missions at one time, and no more",
          "[learned_times]") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  learned_times known;
  protocol::run_report report;
  auto& task = report.tasks.emplace_back();
  task.task = "t";
  task.agent = "worker";
  task.state = protocol::task_state::done;
  task.attempts = 1;
  task.finished = task.started + std::chrono::seconds{3};
  const auto time_in = [&](const std::string& name) {
    protocol::mission mission;
    mission.name = name;
    mission.tasks.emplace_back().id = "t";
    std::vector<protocol::task_estimate> estimates(1);
    REQUIRE(known.apply(system, {}, mission, estimates).has_value());
    return estimates.front().time;
  };
  for (std::size_t i = 0; i < learned_times::missions_max; ++i) {
    report.mission = "m" + std::to_string(i);
    known.learn(report, {});
  }
  CHECK(time_in("m0") == std::chrono::seconds{3});
  report.mission = "one more";
  known.learn(report, {});
  CHECK(time_in("m0") == std::chrono::seconds{3});
  CHECK(time_in("m1") == protocol::duration{});
}
