#include "support/node/nodes.hpp"

#include <atomic>
#include <thread>

namespace troupe::cluster {

using namespace test;

TEST_CASE("an agent of another node is called as an own one", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  add_teller(*b, "far", "b");
  REQUIRE(has_agent(*a, "far"));
  const auto report = a->host().run(mission_for("far"));
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(report->tasks[0].output == "b");
}

TEST_CASE("of several agents of another node the one that is meant is called",
          "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  for (const std::string name : {"far-1", "far-2", "far-3"})
    add_teller(*b, name, name);
  for (const std::string name : {"far-2", "far-3", "far-1"}) {
    REQUIRE(has_agent(*a, name));
    CHECK(a->host().run(mission_for(name))->tasks[0].output == name);
  }
}

TEST_CASE("nodes tell one another whom they know", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  const auto c = start_node("c", {a->address()});
  CHECK(becomes([&] { return sees(*b, "c", "up") && sees(*c, "b", "up"); }));
}

TEST_CASE("tasks go to the node that does least", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  std::atomic<int> at_a{0};
  std::atomic<int> at_b{0};
  const auto waiting = [&at_b](const task_view& task) {
    while (at_b == 0 && !task.stop.stop_requested())
      std::this_thread::yield();
  };
  REQUIRE(a->host()
              .add_agent(
                  {.name = "both"},
                  [&, waiting](const task_view& task) {
                    waiting(task);
                    ++at_a;
                    return std::string{"a"};
                  },
                  execution::blocking)
              .has_value());
  REQUIRE(b->host()
              .add_agent(
                  {.name = "both"},
                  [&](const task_view&) {
                    ++at_b;
                    return std::string{"b"};
                  },
                  execution::blocking)
              .has_value());
  REQUIRE(has_stand_in(*a, "both"));
  REQUIRE(becomes([&] { return view_of(*a, "a").agents == 1; }));
  auto mission = mission_for("both", 200);
  mission.concurrency = 32;
  const auto report = a->host().run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(at_a + at_b == 200);
  CHECK(at_a > 0);
  CHECK(at_b > 0);
}

TEST_CASE("an own agent stays when others have one of its name", "[node]") {
  const auto a = start_node("a");
  add_teller(*a, "both", "a");
  const auto b = start_node("b", {a->address()});
  REQUIRE(has_stand_in(*b, "both"));
  add_teller(*b, "both", "b");
  REQUIRE(has_stand_in(*a, "both"));
  REQUIRE(becomes([&] { return view_of(*b, "b").agents == 1; }));
  REQUIRE(b->drain("a").has_value());
  REQUIRE(becomes([&] { return view_of(*b, "a").is_draining; }));
  const auto report = b->host().run(mission_for("both"));
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].output == "b");
}

TEST_CASE("what a lost node was doing ends as unreachable", "[node]") {
  const auto a = start_node("a");
  auto b = start_node("b", {a->address()});
  std::atomic<bool> has_begun{false};
  REQUIRE(b->host()
              .add_agent(
                  {.name = "slow"},
                  [&](const task_view& task) {
                    has_begun = true;
                    while (!task.stop.stop_requested())
                      std::this_thread::yield();
                    return std::string{"stopped"};
                  },
                  execution::blocking)
              .has_value());
  REQUIRE(has_agent(*a, "slow"));
  auto mission = mission_for("slow");
  mission.tasks[0].attempts_max = 1;
  auto run = a->host().start(mission);
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return has_begun.load(); }));
  b.reset();
  const auto report = run->wait();
  CHECK(report.state == protocol::run_state::failed);
  REQUIRE(report.tasks[0].failure.has_value());
  CHECK(report.tasks[0].failure->code == protocol::errc::unreachable);
}

TEST_CASE("a cancel reaches the agent on another node", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  std::atomic<bool> has_begun{false};
  std::atomic<bool> was_stopped{false};
  REQUIRE(b->host()
              .add_agent(
                  {.name = "slow"},
                  [&](const task_view& task) {
                    has_begun = true;
                    while (!task.stop.stop_requested())
                      std::this_thread::yield();
                    was_stopped = true;
                    return std::string{"stopped"};
                  },
                  execution::blocking)
              .has_value());
  REQUIRE(has_agent(*a, "slow"));
  auto run = a->host().start(mission_for("slow"));
  REQUIRE(run.has_value());
  REQUIRE(becomes([&] { return has_begun.load(); }));
  run->cancel();
  CHECK(run->wait().state == protocol::run_state::cancelled);
  CHECK(becomes([&] { return was_stopped.load(); }));
}

TEST_CASE("a node that drains is given nothing new", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  add_teller(*b, "far", "b");
  REQUIRE(has_agent(*a, "far"));
  REQUIRE(a->drain("b").has_value());
  REQUIRE(becomes([&] { return view_of(*a, "b").is_draining; }));
  auto mission = mission_for("far");
  mission.tasks[0].attempts_max = 1;
  const auto report = a->host().run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::failed);
  REQUIRE(a->drain("b", false).has_value());
  REQUIRE(becomes([&] { return !view_of(*a, "b").is_draining; }));
  CHECK(a->host().run(mission)->state == protocol::run_state::done);
}

TEST_CASE("a node that was removed may come back when it is started again",
          "[node]") {
  const auto a = start_node("a");
  auto b = start_node("b", {a->address()});
  REQUIRE(becomes([&] { return sees(*a, "b", "up"); }));
  REQUIRE(a->remove("b").has_value());
  CHECK(sees(*a, "b", "nowhere"));
  CHECK_FALSE(a->remove("b").has_value());
  CHECK_FALSE(a->remove("a").has_value());
  b.reset();
  b = start_node("b", {a->address()});
  CHECK(becomes([&] { return sees(*a, "b", "up"); }));
}

TEST_CASE("what is told to all agents reaches those of other nodes, once",
          "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  std::atomic<int> heard{0};
  for (auto* it : {a.get(), b.get()})
    for (int i = 0; i < 5; ++i)
      REQUIRE(it->host()
                  .add_agent(
                      {.name = "agent-" + std::to_string(i)},
                      [](const task_view&) { return std::string{}; },
                      execution::inline_, [&heard](const auto&) { ++heard; })
                  .has_value());
  add_teller(*b, "alone", "b");
  REQUIRE(has_agent(*a, "alone"));
  protocol::broadcast news;
  news.content = "The tide turns.";
  const auto sent = a->broadcast(news, "harbour");
  REQUIRE(sent.has_value());
  CHECK(sent->reached == 11);
  CHECK(sent->refused == 0);
  CHECK(becomes([&] { return heard == 10; }));
}

TEST_CASE("a run's money is kept where it was begun", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  protocol::agent_spec writer;
  writer.card.name = "writer";
  writer.instructions = "You write one sentence.";
  REQUIRE(b->host().add_agent(writer).has_value());
  REQUIRE(has_agent(*a, "writer"));
  auto mission = mission_for("writer", 3);
  mission.budget = protocol::parse_money("1 USD").value();
  const auto report = a->host().run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(report->cost > protocol::money{});
  const auto here = a->host().account("default");
  const auto there = b->host().account("default");
  REQUIRE(here.has_value());
  REQUIRE(there.has_value());
  CHECK(here->spent == report->cost);
  CHECK(here->reserved == protocol::money{});
  CHECK(there->spent == protocol::money{});
}

TEST_CASE("what a run may spend holds on other nodes too", "[node]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  protocol::agent_spec writer;
  writer.card.name = "writer";
  writer.instructions = "You write one sentence.";
  REQUIRE(b->host().add_agent(writer).has_value());
  REQUIRE(has_agent(*a, "writer"));
  auto mission = mission_for("writer", 50);
  mission.concurrency = 16;
  mission.budget = protocol::parse_money("0.002 USD").value();
  const auto report = a->host().run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::failed);
  CHECK(report->cost <= mission.budget);
  CHECK(a->host().account("default")->spent <= mission.budget);
}

} // namespace troupe::cluster
