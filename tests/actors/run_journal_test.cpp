#include "run_rules.hpp"
#include "support/actors/random_mission.hpp"
#include "support/actors/run_history.hpp"
#include "support/catch.hpp"
#include "troupe/actors/run_past.hpp"

#include <troupe/protocol/json.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::event_kind;
using protocol::instant;
using protocol::journal_entry;
using protocol::run_state;
using protocol::task_state;
using protocol::test::random_source;

namespace {

const instant start{1'000h};

protocol::task_result text(std::string output) {
  protocol::task_result it;
  it.output = std::move(output);
  it.cost = protocol::money{1'000};
  return it;
}

/// A run with a journal, by the rules alone.
struct kept_run {
  explicit kept_run(protocol::mission what) : mission(std::move(what)) {
    rules.journal().keep();
    rules.journal().add(
        protocol::run_planned{mission, estimates(), "t/run", 7, {}}, start);
    rules.start(start);
    take();
  }

  kept_run(const kept_run& dead, instant now, std::size_t entries)
      : mission(dead.mission) {
    kept.assign(dead.kept.begin(),
                dead.kept.begin() + static_cast<std::ptrdiff_t>(entries));
    const auto done = rules.restore(kept);
    REQUIRE(done.has_value());
    rules.journal().keep();
    rules.go_on(now);
    take();
  }

  /// As they come back from a file.
  void take() {
    for (const auto& it : rules.journal().take()) {
      auto read = protocol::from_json<journal_entry>(protocol::to_json(it));
      REQUIRE(read.has_value());
      REQUIRE(*read == it);
      kept.push_back(std::move(*read));
    }
  }

  std::vector<protocol::task_estimate> estimates() const {
    return std::vector<protocol::task_estimate>(mission.tasks.size());
  }

  protocol::mission mission;
  run_rules rules{mission,
                  std::vector<std::string>(mission.tasks.size(), "agent"),
                  estimates(),
                  {1, 1},
                  7};
  std::vector<journal_entry> kept;
  std::vector<run_attempt> checks;
};

/// Half of them have what only some missions have.
protocol::mission mission_from(random_source& source) {
  auto it = test::random_mission(source);
  if (source.coin())
    test::enliven(it, source);
  return it;
}

/// What people and judges do, now and then.
void let_others_decide(kept_run& run, random_source& source, instant now) {
  for (const auto& it : run.rules.take_checks())
    run.checks.push_back(it);
  if (!run.checks.empty() && source.coin()) {
    const auto it = run.checks.back();
    run.checks.pop_back();
    std::optional<std::string> finding;
    if (source.coin())
      finding = "thin";
    run.rules.checked(it.task, it.number, finding, text("judged"), now);
  }
  if (source.below(3) == 0)
    (void)run.rules.decide(source.below(run.mission.tasks.size()),
                           source.below(3) != 0, "ada",
                           source.coin() ? "so" : "", now);
}

protocol::error random_failure(random_source& source) {
  if (source.coin())
    return protocol::fail(errc::agent_failed, "no");
  auto why = protocol::fail(errc::effect_unknown, "who knows");
  why.effect = "e";
  return why;
}

protocol::mission chain_of(std::size_t count) {
  protocol::mission it;
  it.name = "chain";
  for (std::size_t i = 0; i < count; ++i) {
    auto& task = it.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    if (i != 0)
      task.needs = {"t" + std::to_string(i - 1)};
  }
  return it;
}

/// Plays on with random outcomes until `steps` have passed or the run has
/// ended.
instant play(kept_run& run, random_source& source, instant now,
             std::size_t steps) {
  std::vector<run_attempt> open;
  for (std::size_t step = 0; step < steps && !run.rules.is_finished(); ++step) {
    now += std::chrono::milliseconds{source.below(2'000)};
    for (const auto& late : run.rules.expire(now))
      std::erase_if(open, [&](const auto& it) { return it.task == late.task; });
    for (const auto& it : run.rules.take_startable(now))
      open.push_back(it);
    if (source.below(60) == 0)
      (void)run.rules.cancel(protocol::fail(errc::cancelled, "enough"), now);
    else if (source.below(20) == 0)
      run.rules.pause("lunch", now);
    else if (source.below(4) == 0)
      run.rules.unpause(now);
    if (!open.empty() && source.below(3) != 0) {
      const auto it = open[source.below(open.size())];
      std::erase_if(open, [&](const auto& x) { return x.task == it.task; });
      if (source.below(4) != 0)
        run.rules.succeeded(it.task, it.number,
                            text(source.below(3) != 0 ? "good" : "bad"), now);
      else
        run.rules.failed(it.task, it.number, random_failure(source), now);
    } else if (run.rules.is_cancelling() && open.empty()) {
      run.rules.abandon(now);
    }
    let_others_decide(run, source, now);
    run.take();
  }
  return now;
}

} // namespace

TEST_CASE("a run goes on from its journal as it was when its process ended",
          "[run_journal]") {
  const auto seed = GENERATE(range(1, 200));
  CAPTURE(seed);
  random_source source{static_cast<std::uint64_t>(seed)};
  kept_run first{mission_from(source)};
  const auto now = play(first, source, start, source.below(40));
  kept_run again{first.mission};
  again.rules = run_rules{
      first.mission,
      std::vector<std::string>(first.mission.tasks.size(), "agent"),
      std::vector<protocol::task_estimate>(first.mission.tasks.size()),
      {1, 1},
      7};
  REQUIRE(again.rules.restore(first.kept).has_value());
  // But for what nobody could know: the agent's words about its progress.
  CHECK(again.rules.report() == first.rules.report());
  CHECK(again.rules.is_cancelling() == first.rules.is_cancelling());
  CHECK(now >= start);
}

TEST_CASE("what a run has decided is decided again by the same answers",
          "[run_journal]") {
  const auto seed = GENERATE(range(1, 200));
  CAPTURE(seed);
  random_source source{static_cast<std::uint64_t>(seed)};
  auto run = std::make_unique<kept_run>(mission_from(source));
  auto now = start;
  while (!run->rules.is_finished()) {
    now = play(*run, source, now, source.below(60)) + 1s;
    if (!run->rules.is_finished())
      run = std::make_unique<kept_run>(*run, now, run->kept.size());
  }
  run->rules.close(now);
  run->take();
  const auto replayed = replay_run({1, 1}, run->kept);
  REQUIRE(replayed.has_value());
  CHECK(*replayed == 0);
  if (run->rules.report().state != run_state::done)
    return; // one failure more need not change anything
  for (auto& it : run->kept) {
    auto* end = std::get_if<protocol::attempt_ended>(&it.what);
    if (end == nullptr || end->failure
        || run->rules.spec(*run->rules.find(end->task)).may_fail)
      continue;
    end->failure = protocol::fail(errc::agent_failed, "as if");
    const auto other = replay_run({1, 1}, run->kept);
    CHECK((!other || *other != 0)); // what followed from it does not now
    return;
  }
}

TEST_CASE("a run that is killed at any entry, again and again, ends with each "
          "task done once",
          "[run_journal]") {
  const auto seed = GENERATE(range(1, 200));
  CAPTURE(seed);
  random_source source{static_cast<std::uint64_t>(seed)};
  auto run = std::make_unique<kept_run>(mission_from(source));
  auto now = start;
  for (int lives = 0; !run->rules.is_finished(); ++lives) {
    REQUIRE(lives < 2'000);
    const auto durable = run->kept.size();
    now = play(*run, source, now, source.below(30));
    if (run->rules.is_finished())
      break;
    // What had not reached the disk is lost.
    const auto entries = durable + source.below(run->kept.size() - durable + 1);
    now += std::chrono::hours{source.below(3)};
    run = std::make_unique<kept_run>(*run, now, entries);
  }
  std::map<std::string, int> done;
  test::run_history history{run->mission};
  run->rules.close(now);
  for (const auto& event : run->rules.take_events()) {
    history.add(event);
    done[event.task] += event.kind == event_kind::task_done ? 1 : 0;
  }
  CHECK(history.fault() == "");
  CHECK(history.all_ended());
  for (const auto& task : run->rules.report().tasks)
    CHECK(done[task.task] == (task.state == task_state::done ? 1 : 0));
}

TEST_CASE("time in which nobody works on a run does not count against it",
          "[run_journal]") {
  auto mission = chain_of(2);
  mission.deadline = 10s;
  kept_run first{mission};
  REQUIRE(first.rules.take_startable(start).size() == 1);
  first.rules.succeeded(0, 1, text("a"), start + 4s);
  first.take();
  kept_run again{first, start + 30h, first.kept.size()};
  CHECK(again.rules.expire(start + 30h).empty());
  CHECK_FALSE(again.rules.is_cancelling());
  CHECK(again.rules.next_due() == start + 30h + 6s);
  CHECK(again.rules.report().resumed == 1);
  REQUIRE(again.rules.take_startable(start + 30h).size() == 1);
  again.rules.pause("", start + 30h);
  again.rules.unpause(start + 90h);
  (void)again.rules.expire(start + 90h + 6s - 1ns);
  CHECK_FALSE(again.rules.is_cancelling());
  (void)again.rules.expire(start + 90h + 6s);
  CHECK(again.rules.is_cancelling());
}

TEST_CASE("what was at work when its process ended is begun again, and its "
          "attempt does not count as a failure",
          "[run_journal]") {
  auto mission = chain_of(1);
  mission.tasks[0].attempts_max = 1;
  kept_run first{mission};
  REQUIRE(first.rules.take_startable(start).size() == 1);
  first.take();
  kept_run again{first, start + 1s, first.kept.size()};
  const auto begun = again.rules.take_startable(start + 1s);
  REQUIRE(begun.size() == 1);
  CHECK(begun[0].number == 2);
  again.rules.succeeded(0, 1, text("of the dead"), start + 2s);
  CHECK_FALSE(again.rules.is_finished());
  again.rules.succeeded(0, 2, text("of the living"), start + 2s);
  CHECK(again.rules.report().state == run_state::done);
  CHECK(again.rules.report().tasks[0].output == "of the living");
  CHECK(again.rules.report().tasks[0].interrupted == 1);
}

TEST_CASE("a task over which process after process ends is given up",
          "[run_journal]") {
  auto run = std::make_unique<kept_run>(chain_of(2));
  for (int life = 1; life <= 5; ++life) {
    REQUIRE(run->rules.take_startable(start).size() == 1);
    run->take();
    run = std::make_unique<kept_run>(*run, start, run->kept.size());
  }
  const auto& report = run->rules.report();
  CHECK(report.state == run_state::failed);
  CHECK(report.tasks[0].state == task_state::failed);
  CHECK(report.tasks[0].failure->code == errc::unreachable);
  CHECK(report.tasks[1].state == task_state::skipped);
}

TEST_CASE("a process that ends on purpose says nothing against its tasks",
          "[run_journal]") {
  auto run = std::make_unique<kept_run>(chain_of(1));
  for (int life = 1; life <= 20; ++life) {
    REQUIRE(run->rules.take_startable(start).size() == 1);
    run->rules.pause("a new version", start);
    run->take();
    run = std::make_unique<kept_run>(*run, start, run->kept.size());
  }
  CHECK(run->rules.report().state == run_state::running);
  CHECK(run->rules.report().tasks[0].interrupted == 20);
}

TEST_CASE("a paused run starts nothing until it goes on", "[run_journal]") {
  kept_run run{chain_of(2)};
  REQUIRE(run.rules.take_startable(start).size() == 1);
  run.rules.pause("lunch", start);
  run.rules.succeeded(0, 1, text("a"), start);
  CHECK(run.rules.take_startable(start).empty());
  run.rules.unpause(start + 1h);
  CHECK(run.rules.take_startable(start + 1h).size() == 1);
}

TEST_CASE(
    "G5: nothing is kept or told behind the end of a run that ended while "
    "it was paused",
    "[run_journal]") {
  kept_run run{chain_of(1)};
  REQUIRE(run.rules.take_startable(start).size() == 1);
  run.rules.pause("lunch", start);
  run.rules.succeeded(0, 1, text("a"), start + 1h);
  REQUIRE(run.rules.is_finished());
  run.rules.close(start + 1h);
  run.take();
  (void)run.rules.take_events();
  run.rules.unpause(start + 2h);
  CHECK(run.rules.journal().take().empty());
  CHECK(run.rules.take_events().empty());
}

TEST_CASE("entries that contradict each other are not gone on from",
          "[run_journal]") {
  kept_run first{chain_of(2)};
  REQUIRE(first.rules.take_startable(start).size() == 1);
  first.rules.succeeded(0, 1, text("a"), start);
  REQUIRE(first.rules.take_startable(start).size() == 1);
  first.take();
  const auto refused = [&](std::vector<journal_entry> entries) {
    kept_run other{first.mission};
    run_rules rules{first.mission, {"x", "x"}, {{}, {}}, {1, 1}, 7};
    const auto done = rules.restore(entries);
    return !done && done.error().code == errc::journal_damaged;
  };
  REQUIRE(first.kept.size() == 4);
  CHECK_FALSE(refused(first.kept));
  CHECK(refused({}));
  for (std::size_t i = 0; i < first.kept.size(); ++i) {
    auto fewer = first.kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK((refused(fewer) || i + 1 == first.kept.size()));
    auto twice = first.kept;
    twice.push_back(first.kept[i]);
    twice.back().sequence = 5;
    CHECK(refused(twice));
  }
  auto other = first.kept;
  std::get<protocol::attempt_started>(other[1].what).task = "nobody";
  CHECK(refused(other));
}

TEST_CASE("a run that nobody works on is ended in its journal, wherever its "
          "process has ended",
          "[run_journal]") {
  const auto seed = GENERATE(range(1, 200));
  CAPTURE(seed);
  random_source source{static_cast<std::uint64_t>(seed)};
  kept_run run{mission_from(source)};
  const auto now = play(run, source, start, source.below(60));
  const bool had_finished = run.rules.is_finished();
  const auto state = run.rules.report().state;
  const auto why = protocol::fail(errc::cancelled, "by ada");
  const past_cost cost{protocol::money{77}, protocol::money{7}};
  const auto end = cancel_past({1, 1}, run.kept, why, cost, now + 1s);
  REQUIRE(end.has_value());
  auto all = run.kept;
  all.insert(all.end(), end->begin(), end->end());
  const auto past = read_past({1, 1}, all);
  REQUIRE(past.has_value());
  CHECK(past->is_closed);
  CHECK(past->report.state == (had_finished ? state : run_state::cancelled));
  CHECK(past->report.cost == protocol::money{77});
  CHECK(past->report.cost_unknown == protocol::money{7});
  for (const auto& it : past->report.tasks)
    CHECK(it.state != task_state::running);
  const auto replayed = replay_run({1, 1}, all);
  REQUIRE(replayed.has_value());
  CHECK(*replayed == 0);
  const auto again = cancel_past({1, 1}, all, why, cost, now + 2s);
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().code == errc::unknown_run);
}
