#include "run_rules.hpp"
#include "support/actors/run_history.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::event_kind;
using protocol::instant;
using protocol::run_state;
using protocol::task_state;
using protocol::test::random_source;

namespace {

const instant start{std::chrono::hours{1'000}};

/// Tasks `a`, `b`, ... with their needs: {"", "a", "ab"}.
protocol::mission mission_of(const std::vector<std::string>& needs) {
  protocol::mission it;
  it.name = "m";
  for (std::size_t i = 0; i < needs.size(); ++i) {
    auto& task = it.tasks.emplace_back();
    task.id = std::string(1, static_cast<char>('a' + i));
    for (const auto need : needs[i])
      task.needs.emplace_back(1, need);
  }
  return it;
}

run_rules rules_of(const protocol::mission& mission,
                   std::vector<protocol::duration> times = {}) {
  std::vector<std::string> agents(mission.tasks.size(), "agent");
  std::vector<protocol::task_estimate> estimates(mission.tasks.size());
  for (std::size_t i = 0; i < times.size(); ++i)
    estimates[i].time = times[i];
  return {mission, agents, estimates, {1, 1}, 7};
}

protocol::task_result text(std::string output) {
  protocol::task_result it;
  it.output = std::move(output);
  return it;
}

std::string names(const run_rules& rules,
                  const std::vector<run_rules::attempt>& attempts) {
  std::string out;
  for (const auto& it : attempts)
    out += rules.spec(it.task).id;
  return out;
}

std::size_t count(const std::vector<protocol::run_event>& events,
                  event_kind kind) {
  return static_cast<std::size_t>(
      std::count_if(events.begin(), events.end(),
                    [&](const auto& it) { return it.kind == kind; }));
}

task_state state(const run_rules& rules, std::size_t task) {
  return rules.report().tasks[task].state;
}

} // namespace

TEST_CASE("results of its needs are what a task works on", "[run_rules]") {
  auto mission = mission_of({"", "a"});
  mission.inputs = {{"book", "Once."}, {"other", "x"}};
  mission.tasks[1].inputs = {"book"};
  auto rules = rules_of(mission);
  rules.start(start);
  REQUIRE(names(rules, rules.take_startable(start)) == "a");
  CHECK(rules.take_startable(start).empty());
  rules.succeeded(0, 1, text("short"), start + 1s);
  REQUIRE(names(rules, rules.take_startable(start + 1s)) == "b");
  CHECK(
      rules.inputs_of(1)
      == std::vector<protocol::task_input>{{"book", "Once."}, {"a", "short"}});
  auto result = text("done");
  result.cost.nano_usd = 5;
  result.cached_calls = 2;
  result.saved.nano_usd = 9;
  result.model = "p/a";
  rules.succeeded(1, 1, result, start + 3s);
  REQUIRE(rules.is_finished());
  CHECK(rules.report().state == run_state::done);
  CHECK(rules.report().cost.nano_usd == 5);
  CHECK(rules.report().cached_calls == 2);
  CHECK(rules.report().saved.nano_usd == 9);
  CHECK(rules.report().tasks[1].cached_calls == 2);
  CHECK(rules.report().tasks[1].saved.nano_usd == 9);
  CHECK(rules.report().tasks[1].model == "p/a");
  CHECK(rules.report().tasks[1].started == start + 1s);
  CHECK(rules.report().finished == start + 3s);
}

TEST_CASE("urgency goes before the longest path, which goes before position",
          "[run_rules]") {
  auto mission = mission_of({"", "", "", "b", ""});
  mission.tasks[4].urgency = protocol::priority::critical;
  mission.concurrency = 10;
  auto rules = rules_of(mission, {2s, 1s, 2s, 5s, 1s});
  rules.start(start);
  CHECK(names(rules, rules.take_startable(start)) == "ebac");
}

TEST_CASE("no more tasks run than the cap allows", "[run_rules]") {
  auto mission = mission_of({"", "", "", ""});
  mission.concurrency = 2;
  auto rules = rules_of(mission);
  rules.start(start);
  CHECK(names(rules, rules.take_startable(start)) == "ab");
  rules.succeeded(1, 1, text("x"), start);
  CHECK(names(rules, rules.take_startable(start)) == "c");
  CHECK(rules.take_startable(start).empty());
}

TEST_CASE("waves wait for the whole level, eager tasks for their needs",
          "[run_rules]") {
  auto mission = mission_of({"", "", "a", "b"});
  auto eager = rules_of(mission);
  eager.start(start);
  REQUIRE(eager.take_startable(start).size() == 2);
  eager.succeeded(0, 1, text("x"), start);
  CHECK(names(eager, eager.take_startable(start)) == "c");
  mission.order = protocol::schedule::waves;
  auto waves = rules_of(mission);
  waves.start(start);
  REQUIRE(waves.take_startable(start).size() == 2);
  waves.succeeded(0, 1, text("x"), start);
  CHECK(waves.take_startable(start).empty());
  waves.succeeded(1, 1, text("x"), start);
  CHECK(names(waves, waves.take_startable(start)) == "cd");
}

TEST_CASE("a failure skips all that depends on it and nothing else",
          "[run_rules]") {
  auto mission = mission_of({"", "a", "b", "", "cd", "d"});
  mission.tasks[0].attempts_max = 1;
  auto rules = rules_of(mission);
  rules.start(start);
  REQUIRE(names(rules, rules.take_startable(start)) == "ad");
  rules.failed(0, 1, protocol::fail(errc::agent_failed, "boom"), start);
  CHECK(state(rules, 0) == task_state::failed);
  for (const std::size_t i : {1U, 2U, 4U}) {
    CHECK(state(rules, i) == task_state::skipped);
    CHECK(rules.report().tasks[i].failure->code == errc::dependency_failed);
  }
  CHECK(rules.report().tasks[2].failure->detail
        == "needs 'b', which did not succeed");
  rules.succeeded(3, 1, text("x"), start);
  REQUIRE(names(rules, rules.take_startable(start)) == "f");
  rules.succeeded(5, 1, text("x"), start);
  REQUIRE(rules.is_finished());
  CHECK(rules.report().state == run_state::failed);
}

TEST_CASE("a task is tried again as often as it may, with pauses",
          "[run_rules]") {
  auto mission = mission_of({""});
  mission.tasks[0].attempts_max = 3;
  auto rules = rules_of(mission);
  rules.start(start);
  auto now = start;
  for (std::uint32_t attempt = 1; attempt <= 3; ++attempt) {
    const auto taken = rules.take_startable(now);
    REQUIRE(taken.size() == 1);
    CHECK(taken[0].number == attempt);
    rules.failed(0, attempt, protocol::fail(errc::provider_throttled, "429"),
                 now);
    if (attempt == 3)
      break;
    const auto due = rules.next_due();
    CHECK(due >= now);
    CHECK(due <= now + 200ms * (1 << (attempt - 1)));
    if (due > now)
      CHECK(rules.take_startable(due - 1ns).empty());
    now = due;
  }
  REQUIRE(rules.is_finished());
  CHECK(rules.report().tasks[0].failure->code == errc::provider_throttled);
  const auto events = rules.take_events();
  CHECK(count(events, event_kind::attempt_failed) == 2);
  CHECK(count(events, event_kind::task_failed) == 1);
}

TEST_CASE("a failure that no repetition mends is not repeated", "[run_rules]") {
  for (const auto code : {errc::budget_exhausted, errc::no_model_fits,
                          errc::content_refused, errc::limit_exceeded}) {
    auto rules = rules_of(mission_of({""}));
    rules.start(start);
    REQUIRE(rules.take_startable(start).size() == 1);
    rules.failed(0, 1, protocol::fail(code, ""), start);
    CHECK(rules.is_finished());
    CHECK(state(rules, 0) == task_state::failed);
  }
}

TEST_CASE(
    "C5: what was tried as often as allowed below is not tried again above",
    "[run_rules]") {
  auto rules = rules_of(mission_of({""}));
  rules.start(start);
  REQUIRE(rules.take_startable(start).size() == 1);
  auto why = protocol::fail(errc::provider_unavailable, "down");
  why.retries_spent = true;
  rules.failed(0, 1, why, start);
  CHECK(state(rules, 0) == task_state::failed);
  CHECK(rules.report().tasks[0].attempts == 1);
}

TEST_CASE("a task is not tried again before its failure allows it",
          "[run_rules]") {
  auto mission = mission_of({""});
  mission.tasks[0].timeout = 60s;
  auto rules = rules_of(mission);
  rules.start(start);
  REQUIRE(rules.take_startable(start).size() == 1);
  auto why = protocol::fail(errc::provider_throttled, "429");
  why.retry_after = 40s;
  rules.failed(0, 1, why, start);
  CHECK(rules.next_due() == start + 40s);
  REQUIRE(rules.take_startable(start + 40s).size() == 1);
  why.retry_after = 61s; // longer than one attempt may take
  rules.failed(0, 2, why, start + 40s);
  CHECK(state(rules, 0) == task_state::failed);
}

TEST_CASE("a retry that waits while all places are taken asks for no wake-up",
          "[run_rules]") {
  auto mission = mission_of({"", ""});
  mission.concurrency = 1;
  auto rules = rules_of(mission);
  rules.start(start);
  REQUIRE(names(rules, rules.take_startable(start)) == "a");
  rules.failed(0, 1, protocol::fail(errc::overloaded, ""), start);
  // Nothing is due any more for `a` while `b` has the only place.
  const auto taken = rules.take_startable(start);
  REQUIRE(taken.size() == 1);
  CHECK(rules.next_due() > start + 1min);
}

TEST_CASE("an attempt that takes too long is ended and tried again",
          "[run_rules]") {
  auto mission = mission_of({""});
  mission.tasks[0].timeout = 10s;
  mission.tasks[0].attempts_max = 2;
  auto rules = rules_of(mission);
  rules.start(start);
  const auto first = rules.take_startable(start);
  REQUIRE(first.size() == 1);
  CHECK(first[0].deadline == start + 10s);
  CHECK(rules.next_due() == start + 10s);
  CHECK(rules.expire(start + 10s - 1ns).empty());
  const auto late = rules.expire(start + 10s);
  REQUIRE(late.size() == 1);
  CHECK(late[0].number == 1);
  rules.succeeded(0, 1, text("too late"), start + 10s);
  CHECK_FALSE(rules.is_finished());
  const auto second = rules.take_startable(start + 10s);
  REQUIRE(second.size() == 1);
  CHECK(second[0].deadline == start + 20s);
  CHECK(rules.expire(start + 20s).size() == 1);
  REQUIRE(rules.is_finished());
  CHECK(rules.report().tasks[0].failure->code == errc::deadline_exceeded);
}

TEST_CASE("a run that passes its deadline cancels what runs, once",
          "[run_rules]") {
  auto mission = mission_of({"", "", "a"});
  mission.deadline = 5s;
  auto rules = rules_of(mission);
  rules.start(start);
  const auto running = rules.take_startable(start);
  REQUIRE(running.size() == 2);
  CHECK(running[0].deadline == start + 5s);
  CHECK(names(rules, rules.expire(start + 5s)) == "ab");
  CHECK(rules.is_cancelling());
  CHECK(rules.expire(start + 6s).empty());
  CHECK(rules.next_due() == instant{});
  rules.failed(0, 1, protocol::fail(errc::cancelled, ""), start + 6s);
  rules.abandon(start + 7s);
  REQUIRE(rules.is_finished());
  CHECK(rules.report().state == run_state::failed);
  CHECK(rules.report().failure->code == errc::deadline_exceeded);
  CHECK(state(rules, 2) == task_state::cancelled);
}

TEST_CASE("an answer that fails its gate tells the next attempt why",
          "[run_rules]") {
  auto mission = mission_of({"", "a"});
  mission.tasks[0].gate.must_mention = {"harbour"};
  auto rules = rules_of(mission);
  rules.start(start);
  REQUIRE(rules.take_startable(start).size() == 1);
  CHECK(rules.progress_of(0).feedback.empty());
  auto wrong = text("The town.");
  wrong.cost.nano_usd = 3;
  rules.succeeded(0, 1, wrong, start);
  CHECK(rules.report().tasks[0].failure->code == errc::gate_failed);
  CHECK(rules.progress_of(0).feedback.find("harbour") != std::string::npos);
  REQUIRE(names(rules, rules.take_startable(start)) == "a");
  rules.succeeded(0, 2, text("The harbour."), start);
  CHECK(state(rules, 0) == task_state::done);
  CHECK_FALSE(rules.report().tasks[0].failure.has_value());
  CHECK(rules.report().tasks[0].cost.nano_usd == 3);
  CHECK(names(rules, rules.take_startable(start)) == "b");
}

TEST_CASE("answers of attempts that have ended are ignored", "[run_rules]") {
  auto rules = rules_of(mission_of({"", "a"}));
  rules.start(start);
  REQUIRE(rules.take_startable(start).size() == 1);
  rules.succeeded(0, 2, text("of the future"), start);
  CHECK(state(rules, 0) == task_state::running);
  rules.succeeded(0, 1, text("x"), start);
  rules.failed(0, 1, protocol::fail(errc::agent_failed, ""), start);
  rules.progressed(0, 1, {5}, start);
  CHECK(state(rules, 0) == task_state::done);
  CHECK(count(rules.take_events(), event_kind::task_progress) == 0);
}

TEST_CASE("a cancel starts nothing more and is heard once", "[run_rules]") {
  auto mission = mission_of({"", "", "a"});
  mission.concurrency = 1;
  auto rules = rules_of(mission);
  rules.start(start);
  REQUIRE(rules.take_startable(start).size() == 1);
  const auto enough = protocol::fail(errc::cancelled, "enough");
  CHECK(names(rules, rules.cancel(enough, start)) == "a");
  CHECK(rules.cancel(enough, start).empty());
  CHECK(rules.take_startable(start).empty());
  rules.failed(0, 1, protocol::fail(errc::provider_timeout, ""), start);
  REQUIRE(rules.is_finished());
  CHECK(rules.report().state == run_state::cancelled);
  CHECK(rules.report().failure == enough);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(state(rules, i) == task_state::cancelled);
  rules.close(start);
  CHECK(rules.take_events().back().kind == event_kind::run_finished);
}
