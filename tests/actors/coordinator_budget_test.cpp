#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::run_state;
using protocol::task_state;
using test::check_story;
using test::run_world;

TEST_CASE("a run out of money fails by name and never passes its budget",
          "[coordinator]") {
  run_world it;
  it.add_model_agent("ann");
  for (const char* id : {"a", "b", "c", "d"})
    it.task(id, "ann").output_tokens_max = 100;
  it.mission.concurrency = 1;
  it.mission.budget = {1'000'000};
  it.first->script = [](const test::provider_spy::ask&) {
    return std::optional{
        protocol::result<protocol::model_reply>{test::reply_of("x", 50, 90)}};
  };
  it.start();
  check_story(it);
  const auto& report = it.sink->report;
  CHECK(report.state == run_state::failed);
  CHECK(report.tasks[0].state == task_state::done);
  REQUIRE(report.tasks[3].failure.has_value());
  CHECK(report.tasks[3].failure->code == errc::budget_exhausted);
  CHECK(report.cost <= it.mission.budget);
}

TEST_CASE("B9: a task that the money does not suffice for is tried once, and "
          "no provider hears of it",
          "[coordinator]") {
  run_world it;
  it.add_model_agent("ann");
  auto& task = it.task("a", "ann");
  task.budget = {1};
  task.attempts_max = 5;
  int calls = 0;
  it.first->script = [&calls](const test::provider_spy::ask&) {
    ++calls;
    return std::optional{
        protocol::result<protocol::model_reply>{test::reply_of("x", 50, 90)}};
  };
  it.start();
  check_story(it);
  CHECK(it.sink->report.tasks[0].failure->code == errc::budget_exhausted);
  CHECK(it.sink->report.tasks[0].attempts == 1);
  CHECK(calls == 0);
}

TEST_CASE("a task's own budget holds, whatever its name", "[coordinator]") {
  run_world it;
  it.add_model_agent("ann");
  it.task("part/1", "ann").budget = {1};
  it.start();
  check_story(it);
  CHECK(it.sink->report.tasks[0].failure->code == errc::budget_exhausted);
  CHECK(it.sink->report.tasks[0].failure->detail.find("t/run/part:1")
        != std::string::npos);
}
