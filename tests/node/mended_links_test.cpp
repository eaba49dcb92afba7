#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"
#include "node_inside.hpp"
#include "support/node/nodes.hpp"

#include <thread>

namespace troupe::cluster {

using namespace test;

namespace {

void add_slow(node& to, const std::string& agent, std::atomic<int>& begun) {
  REQUIRE(to.host()
              .add_agent(
                  {.name = agent},
                  [&begun](const task_view& task) {
                    ++begun;
                    while (!task.stop.stop_requested())
                      std::this_thread::yield();
                    return std::string{"stopped"};
                  },
                  execution::blocking)
              .has_value());
}

} // namespace

TEST_CASE("a link that dies is made anew, and ends what was asked of it",
          "[node][link]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  std::atomic<int> begun{0};
  add_slow(*b, "slow", begun);
  add_teller(*b, "far", "b");
  REQUIRE(has_agent(*a, "slow"));
  REQUIRE(has_agent(*a, "far"));
  REQUIRE(a->host().run(mission_for("far", 5)).has_value());
  for (int i = 1; i <= 3; ++i) {
    auto mission = mission_for("slow");
    mission.tasks[0].attempts_max = 1;
    auto run = a->host().start(mission);
    REQUIRE(run.has_value());
    REQUIRE(becomes([&] { return begun == i; }));
    const auto dead = node_inside::link_to(*a, "b").link;
    caf::anon_send_exit(dead, caf::exit_reason::kill);
    const auto report = run->wait();
    REQUIRE(report.tasks[0].failure.has_value());
    CHECK(report.tasks[0].failure->code == protocol::errc::unreachable);
    REQUIRE(becomes([&] {
      return node_inside::link_to(*a, "b").link != dead && sees(*a, "b", "up")
             && sees(*b, "a", "up");
    }));
    REQUIRE(has_agent(*a, "far"));
    const auto again = a->host().run(mission_for("far", 5));
    REQUIRE(again.has_value());
    CHECK(again->state == protocol::run_state::done);
  }
}

TEST_CASE("a stand-in that was ended is made anew", "[node][link]") {
  const auto a = start_node("a");
  const auto b = start_node("b", {a->address()});
  add_teller(*a, "both", "a");
  for (const auto* agent : {"far", "both"})
    add_teller(*b, agent, "b");
  const auto stand_in = [&](const std::string& agent) {
    return runtime_access::engine_of(a->host()).books().stand_ins->find(agent);
  };
  for (const std::string agent : {"far", "both"}) {
    REQUIRE(has_stand_in(*a, agent));
    const auto dead = stand_in(agent);
    caf::anon_send_exit(dead, caf::exit_reason::kill);
    REQUIRE(
        becomes([&] { return stand_in(agent) && stand_in(agent) != dead; }));
    REQUIRE(has_agent(*a, agent));
    const auto report = a->host().run(mission_for(agent, 5));
    REQUIRE(report.has_value());
    CHECK(report->state == protocol::run_state::done);
  }
}

} // namespace troupe::cluster
