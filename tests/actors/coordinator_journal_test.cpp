#include "support/actors/journal_spy.hpp"
#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"
#include "troupe/actors/run_past.hpp"

#include <caf/all.hpp>

#include <algorithm>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;
using test::check_story;
using test::journal_spy;
using test::run_world;

namespace {

/// A run of two tasks, one after the other, with a journal.
struct kept_world : run_world {
  explicit kept_world(std::vector<protocol::journal_entry> entries = {}) {
    past = std::move(entries);
    journal = test::spawn_spy(world, notes);
    task("a", "ann");
    task("b", "bob", {"a"});
  }

  std::shared_ptr<journal_spy> notes = std::make_shared<journal_spy>();
};

} // namespace

TEST_CASE("R4: nothing is begun or told before it is kept",
          "[coordinator][run_journal]") {
  kept_world it;
  it.notes->holds = true;
  it.start();
  CHECK(it.spies["ann"]->asked.empty());
  CHECK(it.sink->events.empty());
  it.notes->release();
  it.world.run();
  REQUIRE(it.spies["ann"]->asked.size() == 1);
  it.notes->holds = true;
  it.agent_says("ann", 0, run_world::text("found"));
  CHECK(it.spies["bob"]->asked.empty());
  CHECK(it.sink->events.back().kind == event_kind::task_started);
  it.notes->release();
  it.world.run();
  CHECK(it.spies["bob"]->asked.size() == 1);
  it.agent_says("bob", 0, run_world::text("written"));
  check_story(it);
  CHECK(it.sink->report.state == run_state::done);
  CHECK(
      std::holds_alternative<protocol::run_closed>(it.notes->kept.back().what));
}

TEST_CASE("a run's report can be read from its journal alone",
          "[coordinator][run_journal]") {
  kept_world it;
  it.mission.tasks[0].gate.must_mention = {"found"};
  it.start();
  it.agent_says("ann", 0, run_world::text("nothing"));
  it.world.advance(1s);
  it.agent_says("ann", 1, run_world::text("found"));
  it.agent_says("bob", 0, run_world::text("written"));
  check_story(it);
  const auto past = read_past(run_world::run_id, it.notes->kept);
  REQUIRE(past.has_value());
  CHECK(past->is_closed);
  CHECK(past->report == it.sink->report);
  CHECK(past->events == it.sink->events);
}

TEST_CASE("a run goes on in another process: what is done is not done again",
          "[coordinator][run_journal]") {
  kept_world dead;
  dead.start();
  dead.agent_says("ann", 0, run_world::text("found"));
  REQUIRE(dead.spies["bob"]->asked.size() == 1);
  kept_world next{dead.notes->kept};
  next.start();
  CHECK(next.spies["ann"]->asked.empty());
  REQUIRE(next.spies["bob"]->asked.size() == 1);
  const auto& asked = next.spies["bob"]->asked[0].body;
  CHECK(asked.attempt == 2);
  CHECK(asked.inputs == std::vector<protocol::task_input>{{"a", "found"}});
  next.agent_says("bob", 0, run_world::text("written"));
  check_story(next);
  const auto& report = next.sink->report;
  CHECK(report.state == run_state::done);
  CHECK(report.resumed == 1);
  CHECK(report.tasks[0].output == "found");
  CHECK(report.tasks[1].interrupted == 1);
  auto whole = dead.notes->kept;
  whole.insert(whole.end(), next.notes->kept.begin(), next.notes->kept.end());
  const auto past = read_past(run_world::run_id, whole);
  REQUIRE(past.has_value());
  CHECK(past->report == report);
}

TEST_CASE("a cancelled run whose end cannot be kept says that it is not over",
          "[coordinator][run_journal]") {
  kept_world it;
  it.start();
  it.notes->failure = protocol::fail(protocol::errc::journal_failed, "full");
  it.cancel_run();
  CHECK(it.sink->ends == 1);
  CHECK(it.sink->report.state == run_state::failed);
  REQUIRE(it.sink->report.failure.has_value());
  CHECK(it.sink->report.failure->code == protocol::errc::journal_failed);
}

TEST_CASE(
    "a run with a judge from outside its mission goes on from its journal",
    "[coordinator][run_journal]") {
  kept_world dead;
  dead.task("c", "critic");
  dead.mission.tasks.pop_back(); // nobody but the program knows the critic
  dead.mission.tasks[1].gate.judge.agent = "critic";
  dead.mission.caps = {{"critic", {}, 2}};
  dead.start();
  const auto past = read_past(run_world::run_id, dead.notes->kept);
  REQUIRE(past.has_value());
  CHECK_FALSE(past->is_closed);
}

TEST_CASE("a judge is asked about no task whose prompt cannot be filled in",
          "[coordinator][run_journal]") {
  kept_world dead;
  dead.task("c", "critic");
  dead.mission.tasks[1].gate.judge.agent = "critic";
  dead.start();
  dead.agent_says("ann", 0, run_world::text("found"));
  dead.agent_says("bob", 0, run_world::text("written"));
  REQUIRE(dead.spies["critic"]->asked.size() == 2); // its task, and as a judge
  auto entries = dead.notes->kept;
  auto& plan = std::get<protocol::run_planned>(entries.front().what);
  plan.what.tasks[1].prompt = "Use ${a.output.gone}.";
  kept_world next{entries};
  next.task("c", "critic");
  next.mission.tasks[1] = plan.what.tasks[1];
  next.start();
  REQUIRE(next.spies["critic"]->asked.size() == 1);
  CHECK(next.spies["critic"]->asked[0].body.task == "c");
  next.agent_says("critic", 0, run_world::text("done"));
  check_story(next);
  const auto& record = next.sink->report.tasks[1];
  CHECK(record.state == task_state::failed);
  REQUIRE(record.failure.has_value());
  CHECK(record.failure->code == errc::invalid_request);
}

TEST_CASE("a run whose last task had ended before its process did only closes",
          "[coordinator][run_journal]") {
  kept_world dead;
  dead.start();
  dead.agent_says("ann", 0, run_world::text("found"));
  dead.agent_says("bob", 0, run_world::text("written"));
  auto entries = dead.notes->kept;
  entries.pop_back(); // run_closed
  kept_world next{entries};
  next.start();
  check_story(next);
  CHECK(next.sink->report.state == run_state::done);
  CHECK(next.spies["ann"]->asked.empty());
  CHECK(next.spies["bob"]->asked.empty());
}

TEST_CASE("a cancelled run that goes on only ends",
          "[coordinator][run_journal]") {
  kept_world dead;
  dead.start();
  dead.spies["ann"]->confirms_cancel = false;
  dead.cancel_run();
  kept_world next{dead.notes->kept};
  next.start();
  check_story(next);
  CHECK(next.sink->report.state == run_state::cancelled);
  CHECK(next.spies["ann"]->asked.empty());
}

TEST_CASE("a run that is left stops its agents and goes on in another process",
          "[coordinator][run_journal]") {
  kept_world it;
  it.start();
  it.agent_says("ann", 0, run_world::text("found"));
  const auto kept = it.notes->kept.size();
  it.world.tell(it.coordinator, leave_run{});
  CHECK(it.spies["bob"]->cancelled.size() == 1);
  check_story(it);
  CHECK(it.sink->report.state == run_state::paused);
  REQUIRE(it.notes->kept.size() == kept + 1);
  CHECK(std::holds_alternative<protocol::run_suspended>(
      it.notes->kept.back().what));
  protocol::request<protocol::describe_account> ask;
  ask.body.path = "t/run"; // the next process pays from it
  CHECK_FALSE(
      it.world.answer<run_world::state>(it.budget, ask).value().body.is_closed);
  kept_world next{it.notes->kept};
  next.start();
  REQUIRE(next.spies["bob"]->asked.size() == 1);
  next.agent_says("bob", 0, run_world::text("written"));
  check_story(next);
  CHECK(next.sink->report.state == run_state::done);
}

TEST_CASE("Q1: what is done while a run is left is not told as done, since the "
          "next process does not know of it",
          "[coordinator][run_journal]") {
  kept_world it;
  it.start();
  it.agent_says("ann", 0, run_world::text("found"));
  it.spies["bob"]->confirms_cancel = false;
  it.world.tell(it.coordinator, leave_run{});
  it.agent_says("bob", 0, run_world::text("written, a moment too late"));
  check_story(it);
  CHECK(it.sink->report.state == run_state::paused);
  CHECK(std::ranges::count(it.sink->events, protocol::event_kind::task_done,
                           &protocol::run_event::kind)
        == 1);
}

TEST_CASE("a run that has to leave says why, and what follows is not kept",
          "[coordinator][run_journal]") {
  kept_world it;
  it.start();
  it.agent_says("ann", 0, run_world::text("found"));
  const auto kept = it.notes->kept.size();
  const auto why = protocol::fail(errc::runtime_ended, "'x' has ended");
  it.world.tell(it.coordinator, leave_run{why});
  it.world.tell(it.coordinator, leave_run{}); // as everything is stopped
  CHECK(it.sink->report.state == run_state::paused);
  CHECK(it.sink->report.failure == why);
  CHECK(it.notes->kept.size() == kept + 1);
}

TEST_CASE("a journal that fails stops its run, and nothing more is begun",
          "[coordinator][run_journal]") {
  const bool at_once = GENERATE(true, false);
  CAPTURE(at_once);
  kept_world it;
  const auto full = protocol::fail(errc::journal_failed, "the disk is full");
  if (at_once)
    it.notes->failure = full;
  it.start();
  if (!at_once) {
    it.notes->failure = full;
    it.agent_says("ann", 0, run_world::text("found"));
  }
  check_story(it);
  CHECK(it.sink->report.state == run_state::failed);
  REQUIRE(it.sink->report.failure.has_value());
  CHECK(it.sink->report.failure->code == errc::journal_failed);
  CHECK(it.sink->report.failure->detail == "the disk is full");
  CHECK(it.spies["ann"]->asked.size() == (at_once ? 0 : 1));
  CHECK(it.spies["bob"]->asked.empty());
}

TEST_CASE("a journal that does not answer stops its run in time",
          "[coordinator][run_journal]") {
  kept_world it;
  it.notes->holds = true;
  it.start();
  it.world.advance(61s);
  check_story(it);
  CHECK(it.sink->report.state == run_state::failed);
  CHECK(it.spies["ann"]->asked.empty());
}

TEST_CASE(
    "a paused run ends what it has begun, and begins more when it goes on",
    "[coordinator][run_journal]") {
  kept_world it;
  it.start();
  it.world.tell(it.coordinator, pause_run{"lunch"});
  it.agent_says("ann", 0, run_world::text("found"));
  it.world.advance(48h);
  CHECK(it.spies["bob"]->asked.empty());
  CHECK(it.sink->ends == 0);
  it.world.tell(it.coordinator, continue_run{});
  REQUIRE(it.spies["bob"]->asked.size() == 1);
  it.agent_says("bob", 0, run_world::text("written"));
  check_story(it);
  CHECK(it.sink->report.state == run_state::done);
}
