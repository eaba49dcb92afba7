// What users' own tests stand on: scripted models and virtual time.
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"

#include <troupe/testing/stage.hpp>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

protocol::mission one_task(const std::string& agent = "writer") {
  protocol::mission it{.name = "m"};
  it.agents = {{.card = {.name = agent}, .instructions = "You write."}};
  it.tasks.push_back({.id = "t", .agent = agent, .prompt = "Write of tides."});
  return it;
}

} // namespace

TEST_CASE("a scripted model says what its script says", "[stage]") {
  testing::stage stage;
  stage.model("writer").says("Twice a day.");
  const auto report = stage.run(one_task());
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(report->tasks.front().output == "Twice a day.");
  REQUIRE(stage.calls().size() == 1);
  CHECK(stage.calls()[0].agent == "writer");
  CHECK(stage.calls()[0].task == "t");
  CHECK(stage.calls()[0].prompt.find("tides") != std::string::npos);
}

TEST_CASE("a call that no script is for fails the run", "[stage]") {
  testing::stage stage;
  const auto report = stage.run(one_task());
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::failed);
}

TEST_CASE("scripts for words come before those of agents and of all",
          "[stage]") {
  testing::stage stage;
  stage.model().says("all");
  stage.model("writer").says("agent");
  stage.when("tides").says("words");
  for (const auto* expected : {"words", "agent", "all"}) {
    const auto report = stage.run(one_task());
    REQUIRE(report.has_value());
    CHECK(report->tasks.front().output == expected);
  }
}

TEST_CASE("a model that asks to wait an hour is waited for in no time",
          "[stage]") {
  testing::stage stage;
  stage.model().fails(errc::provider_throttled, 20min).says("At last.");
  auto mission = one_task();
  mission.deadline = 2h;
  mission.tasks[0].timeout = 1h;
  mission.tasks[0].model = "simulated/basic"; // else another is asked at once
  const auto before = stage.now();
  const auto report = stage.run(mission);
  REQUIRE(report.has_value());
  CHECK(report->tasks.front().output == "At last.");
  CHECK(stage.now() - before >= 20min);
}

TEST_CASE("a model that hangs is given up at the deadline", "[stage]") {
  testing::stage stage;
  stage.model().hangs().always();
  auto mission = one_task();
  mission.deadline = 10min;
  mission.tasks[0].timeout = 1min;
  mission.tasks[0].attempts_max = 1;
  const auto report = stage.run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::failed);
  REQUIRE(report->tasks[0].failure);
  CHECK(report->tasks[0].failure->code == errc::deadline_exceeded);
}

TEST_CASE("a model calls a tool of the stage and reads its answer", "[stage]") {
  testing::stage stage;
  int called = 0;
  REQUIRE(stage.runtime()
              .add_tool({"tide", "", R"({"type":"object"})"},
                        [&](const tool_view&) -> protocol::result<std::string> {
                          ++called;
                          return "high at six";
                        })
              .has_value());
  stage.model().calls_tool("tide").says("At six.");
  auto mission = one_task();
  mission.agents[0].tools = {"tide"};
  const auto report = stage.run(mission);
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].output == "At six.");
  CHECK(called == 1);
  REQUIRE(stage.calls().size() == 2);
  CHECK(stage.calls()[1].prompt.find("high at six") != std::string::npos);
}

TEST_CASE("a blocking agent asks another on the one thread of a stage",
          "[stage]") {
  testing::stage stage;
  stage.model("boss").says("forty-two"); // who has the task, and pays
  REQUIRE(stage.runtime().add_agent({.card = {.name = "writer"}}).has_value());
  REQUIRE(stage.runtime()
              .add_agent(
                  {.name = "boss"},
                  [](const task_view& task) {
                    return task.ask({"writer", "", "?"});
                  },
                  execution::blocking)
              .has_value());
  protocol::mission mission{.name = "m"};
  mission.tasks.push_back({.id = "t", .agent = "boss", .prompt = "Find out."});
  const auto report = stage.run(mission);
  REQUIRE(report.has_value());
  if (report->tasks[0].failure)
    FAIL(report->tasks[0].failure->detail);
  CHECK(report->tasks[0].output == "forty-two");
}

TEST_CASE("time passes on a stage only when it is told to", "[stage]") {
  testing::stage stage;
  const auto before = stage.now();
  REQUIRE(stage.runtime().state().put("k", "1", {}, 30s).has_value());
  CHECK(stage.runtime().state().read("k").has_value());
  stage.advance(31s);
  CHECK(stage.now() - before >= 31s);
  const auto gone = stage.runtime().state().read("k");
  CHECK((!gone || !gone->entry));
}

TEST_CASE("a broken stream is another attempt, not an answer", "[stage]") {
  testing::stage stage;
  stage.model().breaks_off("Half of").says("The whole of it.");
  const auto report = stage.run(one_task());
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].output == "The whole of it.");
}

TEST_CASE("a configuration with problems makes no stage", "[stage]") {
  runtime_config config;
  config.tenant = "no name/";
  CHECK_THROWS(testing::stage(1, config));
}
