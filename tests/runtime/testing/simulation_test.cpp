// The simulator: that it repeats itself, and that its checker finds what it is
// there to find.
#include "sim/checker.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <troupe/testing/simulation.hpp>

#include <sstream>

using namespace troupe;
using namespace troupe::testing;
using sim::fact;
using sim::fact_kind;

namespace {

constexpr protocol::id run{1, 2};

fact made(fact_kind what, std::string name = {}, std::int64_t number = 0,
          std::int64_t other = 0, std::string text = {}) {
  fact it;
  it.what = what;
  it.life = 1;
  it.run = run;
  it.name = std::move(name);
  it.text = std::move(text);
  it.number = number;
  it.other = other;
  return it;
}

fact told(std::int64_t sequence, std::string kind, std::string task = {}) {
  return made(fact_kind::run_told, std::move(task), sequence, 0,
              std::move(kind));
}

fact ended(std::int64_t cost = 0) {
  return made(fact_kind::run_ended, {}, cost, 0, "done");
}

std::size_t problems(std::vector<fact> facts) {
  sim::history all;
  all.facts = std::move(facts);
  return sim::broken_promises(all).size();
}

fact in_life(std::uint32_t life, fact it) {
  it.life = life;
  return it;
}

} // namespace

TEST_CASE("a script is played the same each time, fact by fact",
          "[simulation]") {
  for (std::uint64_t seed = 1; seed <= test::rounds(8); ++seed) {
    simulation_script script;
    script.seed = seed;
    script.operations = 150;
    const auto first = simulate(script, true);
    const auto again = simulate(script, true);
    CHECK(first.digest == again.digest);
    REQUIRE(first.told == again.told);
    CHECK(first.broken == std::vector<std::string>{});
    CHECK(first.operations >= 150);
  }
}

TEST_CASE("a script without faults has none", "[simulation]") {
  simulation_script script;
  script.operations = 100;
  script.only = {"none"};
  CHECK(simulate(script).faults == 0);
}

TEST_CASE("steps that are named are played alone", "[simulation]") {
  simulation_script script;
  script.steps = {{0, 7}};
  CHECK(steps_in_words(script).size() == 2);
  CHECK(simulate(script).digest == simulate(script).digest);
  CHECK(simulate(script).digest != simulate({}).digest);
}

TEST_CASE("the checker has nothing against a story that is well told",
          "[simulation]") {
  CHECK(problems({made(fact_kind::run_asked, {}, 500), told(1, "run_started"),
                  told(2, "task_started", "a"), told(3, "task_done", "a"),
                  told(4, "run_finished"), ended(70),
                  made(fact_kind::model_billed, "default/m-r", 70),
                  made(fact_kind::effect_done, "k", 0, 0, "book"),
                  made(fact_kind::account_told, "default/m-r", 70)})
        == 0);
}

TEST_CASE("the checker finds what is told of a run twice, or not at all",
          "[simulation]") {
  CHECK(problems({told(1, "run_started"), told(3, "run_finished"), ended()})
        == 1);
  CHECK(
      problems({told(1, "task_done", "a"), told(2, "task_done", "a"), ended()})
      == 1);
  CHECK(problems(
            {told(1, "task_done", "a"), told(2, "task_started", "a"), ended()})
        == 1);
  CHECK(problems({told(1, "task_done", "a"),
                  in_life(2, told(1, "task_failed", "a")), in_life(2, ended())})
        == 1);
  CHECK(problems({told(1, "run_started"), ended(), ended()}) == 1);
  CHECK(problems({told(1, "run_started")}) == 1);
  CHECK(problems(
            {told(1, "run_started"),
             made(fact_kind::run_not_resumed, {}, 0, 0, "unknown_run: no run"),
             ended()})
        == 1);
}

TEST_CASE("the checker finds effects that were done twice or have no key",
          "[simulation]") {
  const auto once = made(fact_kind::effect_done, "k", 0, 0, "book");
  const auto idempotent = made(fact_kind::effect_done, "k", 1, 0, "book");
  CHECK(problems({once, once}) == 1);
  CHECK(problems({idempotent, idempotent}) == 0);
  CHECK(problems({made(fact_kind::effect_done)}) == 1);
}

TEST_CASE("the checker finds versions that are wrong", "[simulation]") {
  const auto write = [](std::int64_t version, std::int64_t expected = -1) {
    return made(fact_kind::state_written, "s", version, expected + 1);
  };
  const auto read = [](std::int64_t version) {
    return made(fact_kind::state_read, "s", version);
  };
  CHECK(problems({write(1), write(2, 1), read(2)}) == 0);
  CHECK(problems({write(1), write(3)}) == 1);
  CHECK(problems({write(2), write(2)}) == 1);
  CHECK(problems({write(1), write(2), read(1)}) == 1);
  CHECK(problems({write(1), read(2)}) == 1);
  CHECK(problems({write(1), write(2, 7)}) == 1);
  CHECK(problems({write(1), made(fact_kind::state_unknown, "s"), write(3)})
        == 0);
  CHECK(problems({write(9), made(fact_kind::state_lost), read(0)}) == 0);
}

TEST_CASE("the checker finds money that is missing", "[simulation]") {
  const auto account = [](std::int64_t spent, std::int64_t overrun = 0) {
    return made(fact_kind::account_told, "default/m-r", spent, overrun);
  };
  CHECK(
      problems({made(fact_kind::model_billed, "default/m-r", 70), account(69)})
      == 1);
  CHECK(problems({made(fact_kind::run_asked, {}, 50), account(51)}) == 1);
  CHECK(problems({ended(80), account(79)}) == 1);
  CHECK(problems({account(10, 5)}) == 1);
  CHECK(problems({made(fact_kind::model_billed, "default/m-r", 70, 1),
                  account(70, 5)})
        == 0);
  CHECK(problems({account(70), made(fact_kind::account_told, "default", 60)})
        == 1);
}

TEST_CASE("the checker finds a bill of an account that nobody knows",
          "[simulation]") {
  const auto account = made(fact_kind::account_told, "default/m-r", 70);
  const auto bill = made(fact_kind::model_billed, "default/m-r/t/writer", 70);
  CHECK(problems({bill, account}) == 2); // of the task, and of its agent
  CHECK(problems({bill, account,
                  made(fact_kind::account_told, "default/m-r/t", 70),
                  made(fact_kind::account_told, "default/m-r/t/writer", 70)})
        == 0);
}

TEST_CASE("the checker finds a tree that gives up too early", "[simulation]") {
  const auto kill = [](std::chrono::seconds at, std::string who = "router") {
    auto it = made(fact_kind::fault, "kill_" + who);
    it.at = protocol::instant{at};
    return it;
  };
  const auto end = made(fact_kind::tree_ended);
  using std::chrono_literals::operator""s;
  CHECK(problems({kill(1s), kill(2s), kill(3s), end}) == 1);
  CHECK(problems({kill(1s), kill(2s), kill(3s), kill(6s), end}) == 0);
  CHECK(problems({kill(1s), kill(2s), kill(3s), kill(7s), end}) == 1);
  CHECK(problems({kill(1s, "budget-manager"), end}) == 0);
  CHECK(problems({kill(1s, "tools"), made(fact_kind::life_began), end}) == 1);
}

TEST_CASE("the checker finds what goes wrong with many runs at one time",
          "[simulation]") {
  using namespace std::chrono_literals;
  const auto at = [](std::chrono::milliseconds when, fact it,
                     protocol::id who) {
    it.at = protocol::instant{when};
    it.run = who;
    return it;
  };
  const auto load = [](std::string name, std::int64_t able = 0) {
    return made(fact_kind::load, std::move(name), able);
  };
  const auto asked = [](std::int64_t urgency) {
    return made(fact_kind::run_asked, "load", 0, urgency);
  };
  const auto refused = [](std::int64_t wait, std::string why) {
    return made(fact_kind::run_refused, {}, wait, 0, std::move(why));
  };
  const auto served = made(fact_kind::model_asked);
  const protocol::id low{1, 1};
  const protocol::id high{1, 2};
  CHECK(problems({refused(50, "overloaded: 24"), refused(0, "internal: x")})
        == 0);
  CHECK(problems({refused(0, "overloaded: 24")}) == 1);
  CHECK(problems({load("crowd"), refused(50, "overloaded: 24")}) == 0);
  CHECK(problems({load("crowd"), refused(50, "internal: x")}) == 1);
  CHECK(problems({load("few"), refused(50, "overloaded: 24")}) == 1);
  CHECK(problems({load("crowd", 10), load("over")}) == 1);
  CHECK(problems({load("crowd", 1), at(0ms, asked(1), low),
                  at(0ms, served, low), load("over")})
        == 0);
  CHECK(problems({load("crowd", 1), at(0ms, asked(1), low), load("few")}) == 1);
  CHECK(problems({load("crowd"), at(0ms, asked(3), high),
                  at(0ms, asked(1), low), at(1s, served, low)})
        == 1);
  CHECK(problems({load("crowd"), at(0ms, asked(1), low),
                  at(950ms, asked(3), high), at(1s, served, low)})
        == 0);
  CHECK(problems({load("few"), at(0ms, asked(1), low), at(3s, ended(), low)})
        == 1);
}

TEST_CASE("the checker finds what a follower is told twice", "[simulation]") {
  const auto hears = [](std::int64_t offset) {
    return made(fact_kind::feed_told, {}, offset);
  };
  CHECK(problems({hears(1), hears(4), hears(5)}) == 0);
  CHECK(problems({hears(4), hears(4)}) == 1);
  CHECK(problems({hears(1), made(fact_kind::feed_gap, {}, 2, 6), hears(5)})
        == 1);
}

TEST_CASE("troupe-sim refuses what it does not know", "[simulation]") {
  std::ostringstream out;
  std::ostringstream err;
  const auto run_with = [&](std::vector<const char*> words) {
    words.insert(words.begin(), "troupe-sim");
    return simulation_command(static_cast<int>(words.size()), words.data(), out,
                              err);
  };
  CHECK(run_with({"--only", "no_such_fault"}) == 2);
  CHECK(err.str().find("power_cut") != std::string::npos);
  CHECK(run_with({"--ops", "0"}) == 2);
  CHECK(run_with({"--seed", "x"}) == 2);
  CHECK(run_with({"--help"}) == 0);
  CHECK(run_with({"--seed", "3", "--ops", "20", "--only", "crash"}) == 0);
  CHECK(out.str().find("seed 3: good") != std::string::npos);
}
