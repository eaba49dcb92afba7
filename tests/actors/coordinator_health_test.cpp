// What a coordinator tells of agents, and whom it gives tasks to.
#include "health_rules.hpp"
#include "support/actors/run_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::agent_condition;
using protocol::errc;
using protocol::run_state;
using test::run_world;

namespace {

/// A run whose agent `ann` has `bob` for a stand-in, and one task at a time.
struct pair_world : run_world {
  explicit pair_world(int tasks) {
    health = std::make_shared<health_book>(health_limits{});
    mission.deadline = 4h;
    task("first", "bob");
    for (int i = 0; i < tasks; ++i) {
      auto& it = task("t" + std::to_string(i), "ann", {last_});
      it.attempts_max = 1;
      it.may_fail = true;
      last_ = it.id;
    }
    stand_ins = {"bob"};
    start();
    agent_says("bob", 0, text("ready"));
  }

  protocol::health_step advance_book() {
    const auto steps = health->advance(world.now(), [](const std::string&) {
      return std::vector<skill_count>{{"paint", 2}};
    });
    return steps.empty() ? protocol::health_step{} : steps.front();
  }

  [[nodiscard]] std::size_t asked(const std::string& agent) {
    return spies.at(agent)->asked.size();
  }

private:
  std::string last_ = "first";
};

} // namespace

TEST_CASE("an agent that slows down is told of, and its tasks go to the next",
          "[coordinator][health]") {
  pair_world it{40};
  for (std::size_t i = 0; i < 20; ++i) {
    it.world.advance(500ms);
    it.agent_says("ann", i, run_world::text("done"));
  }
  CHECK(it.advance_book().agent.empty());
  for (std::size_t i = 20; i < 28; ++i) {
    it.world.advance(3s);
    it.agent_says("ann", i, run_world::text("done"));
  }
  const auto step = it.advance_book();
  CHECK(step.agent == "ann");
  CHECK(step.cause == protocol::sickness::latency);
  CHECK(step.figures.latency == 3s);
  // That which it has is its own; the next one goes to the other.
  REQUIRE(it.asked("ann") == 29);
  it.agent_says("ann", 28, run_world::text("done"));
  CHECK(it.asked("ann") == 29);
  REQUIRE(it.asked("bob") == 2);
  CHECK(it.spies["bob"]->asked[1].body.account == "t/run/t29/bob");
  it.agent_says("bob", 1, run_world::text("done"));
  CHECK(it.asked("bob") == 3);
  CHECK(it.sink->events.back().agent == "bob");
}

TEST_CASE("an agent that never answers is told of by its deadlines",
          "[coordinator][health]") {
  pair_world it{40};
  for (int i = 0; i < 8; ++i)
    it.world.advance(5min);
  CHECK(it.advance_book().cause == protocol::sickness::errors);
}

TEST_CASE("answers that do not pass their gate are told of",
          "[coordinator][health]") {
  run_world it;
  it.health = std::make_shared<health_book>(health_limits{});
  for (int i = 0; i < 8; ++i) {
    auto& task = it.task("t" + std::to_string(i), "ann");
    task.attempts_max = 1;
    task.gate.must_mention = {"yes"};
  }
  it.mission.concurrency = 1;
  it.start();
  for (std::size_t i = 0; i < 8; ++i)
    it.agent_says("ann", i, run_world::text("no"));
  const auto steps = it.health->advance(it.world.now(), [](const std::string&) {
    return std::vector<skill_count>{};
  });
  REQUIRE_FALSE(steps.empty());
  CHECK(steps.front().cause == protocol::sickness::gates);
}

TEST_CASE("a task for the only one, who is drained, waits and does not fail",
          "[coordinator][health]") {
  run_world it;
  it.health = std::make_shared<health_book>(health_limits{});
  it.task("a", "ann");
  const auto none = [](const std::string&) {
    return std::vector<skill_count>{};
  };
  for (std::uint64_t i = 1; i <= 8; ++i)
    it.health->ended("ann", {it.world.now(), errc::agent_failed, {i, i}, false},
                     it.world.now());
  CHECK(it.health->advance(it.world.now(), none).size() == 2);
  it.start();
  it.world.advance(20s);
  CHECK(it.spies["ann"]->asked.empty());
  // Its next life has another handle.
  it.spies["again"] = std::make_shared<test::agent_spy>();
  it.add_agent("ann", test::spawn_spy(it.world, it.spies["again"]));
  it.health->started("ann", it.world.now());
  it.world.advance(1s);
  REQUIRE(it.spies["again"]->asked.size() == 1);
  CHECK(it.spies["ann"]->asked.empty());
  it.agent_says("again", 0, run_world::text("done"));
  CHECK(it.sink->report.state == run_state::done);
  CHECK(it.sink->report.tasks[0].attempts == 1);
}

TEST_CASE("a task that waits for a drained agent is cancelled with its run",
          "[coordinator][health]") {
  run_world it;
  it.health = std::make_shared<health_book>(health_limits{});
  it.task("a", "ann");
  const auto none = [](const std::string&) {
    return std::vector<skill_count>{};
  };
  for (std::uint64_t i = 1; i <= 8; ++i)
    it.health->ended("ann", {it.world.now(), errc::agent_failed, {i, i}, false},
                     it.world.now());
  (void)it.health->advance(it.world.now(), none);
  it.start();
  it.world.advance(1s);
  it.cancel_run();
  it.world.advance(1s);
  CHECK(it.sink->ends == 1);
  CHECK(it.sink->report.state == run_state::cancelled);
}
