#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::run_state;
using protocol::task_state;
using test::check_story;
using test::run_world;

TEST_CASE("a whole run gives each task what it needs and reports all",
          "[coordinator]") {
  run_world it;
  it.task("first", "ann").output_tokens_max = 99;
  it.task("second", "bob", {"first"});
  it.start();
  const auto& asked = it.spies["ann"]->asked;
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].body.prompt == "Do first");
  CHECK(asked[0].body.account == "t/run/first/ann");
  CHECK(asked[0].body.output_tokens_max == 99);
  CHECK(asked[0].head.deadline == it.world.now() + 5min);
  CHECK(asked[0].head.cancel_scope == asked[0].head.message);
  CHECK(it.spies["bob"]->asked.empty());
  it.world.advance(3s);
  it.agent_says("ann", 0, run_world::text("found"));
  REQUIRE(it.spies["bob"]->asked.size() == 1);
  CHECK(it.spies["bob"]->asked[0].body.inputs
        == std::vector<protocol::task_input>{{"first", "found"}});
  it.agent_says("bob", 0, run_world::text("written"));
  check_story(it);
  const auto& report = it.sink->report;
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[1].output == "written");
  CHECK(report.finished - report.started == 3s);
}

TEST_CASE("a report's money is the ledger's, failed attempts included",
          "[coordinator]") {
  run_world it;
  it.add_model_agent("ann");
  it.task("a", "ann");
  it.task("b", "ann");
  it.task("c", "ann", {"a", "b"});
  int calls = 0;
  const auto answering = [&calls](const test::provider_spy::ask&) {
    using outcome = protocol::result<protocol::model_reply>;
    if (++calls == 2) // nobody knows whether this one was billed
      return std::optional{outcome{protocol::fail(errc::stream_truncated, "")}};
    return std::optional{outcome{test::reply_of("text", 100, 50)}};
  };
  it.first->script = answering;
  it.second->script = answering;
  it.start();
  check_story(it);
  const auto books = it.account();
  const auto& report = it.sink->report;
  CHECK(report.state == run_state::done);
  CHECK(report.cost == books.spent);
  CHECK(report.cost_unknown == books.unknown);
  CHECK(books.unknown > money{});
  CHECK(books.reserved == money{});
  money sum;
  for (const auto& task : report.tasks)
    sum += task.cost;
  CHECK(sum + books.unknown == report.cost);
}

TEST_CASE("a cancel goes to the agents that work and ends the run",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.task("b", "bob", {"a"});
  it.start();
  it.cancel_run({8, 8});
  CHECK(it.spies["ann"]->cancelled.empty());
  it.cancel_run();
  const auto& ann = *it.spies["ann"];
  REQUIRE(ann.cancelled.size() == 1);
  CHECK(ann.cancelled[0] == ann.asked[0].head.cancel_scope);
  check_story(it);
  CHECK(it.sink->report.state == run_state::cancelled);
  CHECK(it.sink->report.failure == protocol::fail(errc::cancelled, "enough"));
  CHECK(it.spies["bob"]->asked.empty());
}

TEST_CASE("a cancelled run ends within its grace if no agent confirms",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.task("b", "bob");
  it.start();
  it.spies["ann"]->confirms_cancel = false;
  it.cancel_run();
  it.world.advance(4s);
  CHECK(it.sink->ends == 0);
  it.world.advance(1s);
  check_story(it);
  CHECK(it.sink->report.state == run_state::cancelled);
  CHECK(it.sink->report.tasks[0].state == task_state::cancelled);
}

TEST_CASE("a run past its deadline ends within its grace", "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.mission.deadline = 10s;
  it.start();
  it.spies["ann"]->confirms_cancel = false;
  it.world.advance(11s);
  CHECK(it.spies["ann"]->cancelled.size() == 1);
  CHECK(it.sink->ends == 0);
  it.world.advance(5s);
  check_story(it);
  CHECK(it.sink->report.state == run_state::failed);
  CHECK(it.sink->report.failure->code == errc::deadline_exceeded);
}

TEST_CASE("an attempt that takes too long is cancelled and tried again",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann").timeout = 2s;
  it.start();
  it.spies["ann"]->confirms_cancel = false;
  it.world.advance(2s);
  auto& ann = *it.spies["ann"];
  REQUIRE(ann.asked.size() == 2);
  CHECK(ann.cancelled.at(0) == ann.asked[0].head.cancel_scope);
  CHECK(ann.asked[1].body.attempt == 2);
  it.agent_says("ann", 0, run_world::text("too late"));
  CHECK(it.sink->ends == 0);
  it.agent_says("ann", 1, run_world::text("in time"));
  check_story(it);
  CHECK(it.sink->report.tasks[0].output == "in time");
}

TEST_CASE("an agent that died is looked up again and asked again",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.task("b", "ann", {"a"});
  it.start();
  const auto restarted = std::make_shared<test::agent_spy>();
  const auto old = it.handles["ann"];
  it.add_agent("ann", test::spawn_spy(it.world, restarted));
  it.world.end(old, caf::exit_reason::kill);
  it.world.advance(250ms); // it is given time to come back
  REQUIRE(restarted->asked.size() == 1);
  CHECK(restarted->asked[0].body.attempt == 2);
  restarted->release(0, run_world::text("x"));
  it.world.run();
  REQUIRE(restarted->asked.size() == 2);
  restarted->release(1, run_world::text("y"));
  it.world.run();
  check_story(it);
  CHECK(it.sink->report.state == run_state::done);
}

TEST_CASE("an agent that is gone for good fails its task as unreachable",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.task("b", "bob", {"a"});
  it.world.run();
  it.world.end(it.handles["ann"], caf::exit_reason::kill);
  it.start();
  it.world.advance(1s);
  check_story(it);
  CHECK(it.sink->report.tasks[0].failure->code == errc::unreachable);
  CHECK(it.sink->report.tasks[0].attempts == 3);
  CHECK(it.sink->report.tasks[1].failure->code == errc::dependency_failed);
}

TEST_CASE("a gate's reason reaches the next attempt", "[coordinator]") {
  run_world it;
  it.task("a", "ann").gate.must_mention = {"harbour"};
  it.start();
  it.agent_says("ann", 0, run_world::text("The town."));
  REQUIRE(it.spies["ann"]->asked.size() == 2);
  CHECK(it.spies["ann"]->asked[1].body.feedback.find("harbour")
        != std::string::npos);
  it.agent_says("ann", 1, run_world::text("The harbour."));
  check_story(it);
}

TEST_CASE("text that arrives is told as progress", "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.spies["ann"]->deltas = {"hello ", "world"};
  it.start();
  it.agent_says("ann", 0, run_world::text("hello world"));
  check_story(it);
  std::vector<std::uint64_t> chars;
  for (const auto& event : it.sink->events)
    if (event.kind == protocol::event_kind::task_progress)
      chars.push_back(event.output_chars);
  CHECK(chars == std::vector<std::uint64_t>{6, 11});
}

TEST_CASE("a coordinator that is killed still ends its run, once",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.start();
  it.world.end(it.coordinator, caf::exit_reason::kill);
  CHECK(it.sink->ends == 1);
  CHECK(it.sink->report.state == run_state::failed);
  CHECK(it.sink->report.failure->code == errc::internal);
  const auto& ann = *it.spies["ann"]; // nobody waits for its work any more
  REQUIRE(ann.cancelled.size() == 1);
  CHECK(ann.cancelled[0] == ann.asked[0].head.cancel_scope);
  it.agent_says("ann", 0, run_world::text("x"));
  CHECK(it.sink->ends == 1);
}

TEST_CASE("a coordinator that is told to end cancels its run",
          "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.start();
  it.world.end(it.coordinator);
  check_story(it);
  CHECK(it.sink->report.state == run_state::cancelled);
  CHECK(it.sink->report.failure->detail == "the runtime is being stopped");
}

TEST_CASE("a run whose ledger is gone still ends", "[coordinator]") {
  run_world it;
  it.task("a", "ann");
  it.start();
  it.world.end(it.budget, caf::exit_reason::kill);
  it.agent_says("ann", 0, run_world::text("x"));
  it.world.advance(11s);
  check_story(it);
  CHECK(it.sink->report.state == run_state::done);
}
