#include "support/actors/health_ward.hpp"
#include "support/catch.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::agent_condition;
using protocol::errc;
using protocol::sickness;
using test::ward;

namespace {

std::vector<errc> all_codes() {
  std::vector<errc> all;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<errc>>(
      [&](auto it) { all.push_back(it.value); });
  return all;
}

} // namespace

TEST_CASE("an agent whose tasks fail is drained, started again and tried out",
          "[health_rules]") {
  ward it;
  it.tasks("ann", 7, errc::agent_failed);
  CHECK(it.steps.empty());
  it.task("ann", errc::agent_failed);
  // Nothing keeps it: it is ended at once.
  REQUIRE(it.path() == "drained restarted");
  CHECK(it.steps[0].cause == sickness::errors);
  CHECK(it.steps[0].figures.failed == 8);
  CHECK(it.steps[0].why == "8 of its last 8 tasks failed");
  CHECK_FALSE(it.rules.may_be_given("ann"));
  CHECK(it.rules.may_be_given("bob"));
  it.start("ann");
  CHECK(it.path() == "drained restarted probation");
  CHECK(it.rules.may_be_given("ann"));
  it.tasks("ann", 3);
  CHECK(it.path() == "drained restarted probation well");
  CHECK(it.rules.are_all_well());
  CHECK(it.rules.restarts_of("ann") == 1);
}

TEST_CASE("half of the outcomes is the limit, however old the good ones",
          "[health_rules]") {
  ward it;
  it.tasks("ann", 9);
  it.tasks("ann", 8, errc::unreachable);
  CHECK(it.steps.empty());
  it.task("ann", errc::unreachable);
  CHECK(it.path() == "drained restarted");
}

TEST_CASE("outcomes of long ago say nothing", "[health_rules]") {
  ward it;
  it.tasks("ann", 7, errc::agent_failed);
  it.wait(61min);
  it.task("ann", errc::agent_failed);
  CHECK(it.steps.empty());
}

TEST_CASE("what is not an agent's fault does not count against it",
          "[health_rules]") {
  for (const auto code : all_codes()) {
    if (is_fault_of_agent(code) || code == errc::deadline_exceeded)
      continue;
    ward it;
    it.tasks("ann", 50, code);
    INFO(to_string(code));
    CHECK(it.steps.empty());
  }
}

TEST_CASE("a time that was up counts when it was long, and not for a model's",
          "[health_rules]") {
  ward it;
  it.tasks("ann", 20, errc::deadline_exceeded, 900ms);
  CHECK(it.steps.empty());
  it.task("mo", {}, 10ms, true);
  it.tasks("mo", 20, errc::deadline_exceeded, 1min);
  CHECK(it.steps.empty());
  it.tasks("ann", 8, errc::deadline_exceeded, 1min);
  CHECK(it.path() == "drained restarted");
}

TEST_CASE("one bad input, tried again and again, does not make an agent sick",
          "[health_rules]") {
  ward it;
  for (int i = 0; i < 30; ++i) {
    it.works = 0;
    it.task("ann", errc::agent_failed);
  }
  CHECK(it.steps.empty());
}

TEST_CASE("works over which two agents fail make neither of them sick",
          "[health_rules]") {
  ward it;
  for (int i = 0; i < 30; ++i) {
    it.task("ann", errc::agent_failed);
    --it.works;
    it.task("bob", errc::agent_failed);
  }
  CHECK(it.steps.empty());
}

TEST_CASE("an agent that takes much longer than it used to is sick",
          "[health_rules]") {
  ward it;
  it.tasks("ann", 30, {}, 500ms);
  it.tasks("bob", 30, {}, 20ms);
  it.tasks("ann", 8, {}, 1'900ms);
  it.tasks("bob", 8, {}, 900ms); // much longer, and still quick
  CHECK(it.steps.empty());
  it.tasks("ann", 8, {}, 2'100ms);
  REQUIRE(it.path() == "drained restarted");
  CHECK(it.steps[0].cause == sickness::latency);
  it.start("ann");
  it.tasks("ann", 2, {}, 2'100ms);
  CHECK(it.steps.back().to == agent_condition::replaced);
  // What it needs now is usual in the end, and it is back.
  for (int i = 0; i < 200 && !it.rules.are_all_well(); ++i)
    it.task("ann", {}, 2'100ms);
  CHECK(it.rules.are_all_well());
}

TEST_CASE("an agent whose answers do not pass is sick, and well when they do",
          "[health_rules]") {
  ward it;
  const auto answer = [&](bool passes) {
    it.task("ann");
    it.rules.judged("ann", passes,
                    passes ? protocol::id{} : protocol::id{++it.works, 2},
                    it.now);
    it.advance();
  };
  for (int i = 0; i < 8; ++i)
    answer(false);
  REQUIRE(it.path() == "drained restarted");
  CHECK(it.steps[0].cause == sickness::gates);
  it.start("ann");
  it.tasks("ann", 5); // nobody has looked at these
  CHECK(it.steps.back().to == agent_condition::probation);
  for (int i = 0; i < 3; ++i)
    answer(true);
  CHECK(it.rules.are_all_well());
}

TEST_CASE("a drain waits for what is under way, for the last one not for long",
          "[health_rules]") {
  const auto agents = GENERATE(std::size_t{1}, std::size_t{2});
  ward it{agents};
  it.rules.begun("ann", it.now);
  it.tasks("ann", 8, errc::agent_failed);
  REQUIRE(it.path() == "drained");
  const auto longest = agents == 1 ? 5s : 30s;
  CHECK(it.rules.next_due() == it.now + longest);
  it.wait(longest - 1ms);
  CHECK(it.path() == "drained");
  it.wait(1ms);
  CHECK(it.path() == "drained restarted");
  // What its earlier life had is not the fault of the next one.
  it.start("ann");
  agent_outcome late;
  late.begun = it.now - 1min;
  late.failure = errc::unreachable;
  it.rules.ended("ann", late, it.now);
  it.rules.ended("ann", late, it.now);
  it.advance();
  CHECK(it.path() == "drained restarted probation");
}

TEST_CASE("no more than their share is drained at one time", "[health_rules]") {
  ward it{4};
  for (const auto* name : {"a", "b", "c", "d"}) {
    it.rules.begun(name, it.now); // keeps it
    it.tasks(name, 8, errc::agent_failed);
  }
  CHECK(it.path() == "drained drained");
  it.wait(30s); // one restart a second
  CHECK(it.path() == "drained drained restarted");
  it.wait(1s);
  it.start("a");
  it.start("b");
  it.wait(1s);
  CHECK(it.path()
        == "drained drained restarted restarted probation drained probation "
           "drained");
}

TEST_CASE("an agent that is not started again is replaced", "[health_rules]") {
  ward it;
  it.tasks("ann", 8, errc::agent_failed);
  it.wait(30s);
  CHECK(it.path() == "drained restarted replaced");
  CHECK(it.rules.rank_of("ann") > it.rules.rank_of("bob"));
}

TEST_CASE("each rest is twice as long as the one before, up to a limit",
          "[health_rules]") {
  ward it;
  it.tasks("ann", 8, errc::agent_failed);
  it.start("ann");
  for (const auto rest : {1min, 2min, 4min, 8min, 16min, 30min, 30min}) {
    it.tasks("ann", 2, errc::agent_failed);
    REQUIRE(it.steps.back().to == agent_condition::replaced);
    CHECK(it.rules.next_due() == it.now + rest);
    it.wait(rest - 1ms);
    REQUIRE(it.steps.back().to == agent_condition::replaced);
    it.wait(1ms);
    REQUIRE(it.steps.back().to == agent_condition::probation);
  }
  it.tasks("ann", 3);
  CHECK(it.rules.are_all_well());
  CHECK(it.rules.restarts_of("ann") == 1);
}

TEST_CASE(
    "an agent that is sick again soon after a restart is replaced at once",
    "[health_rules]") {
  ward it;
  it.tasks("ann", 8, errc::agent_failed);
  it.start("ann");
  it.tasks("ann", 3);
  it.tasks("ann", 8, errc::agent_failed);
  CHECK(it.path() == "drained restarted probation well replaced");
  CHECK(it.rules.restarts_of("ann") == 1);
}

TEST_CASE("an agent on probation has so many trials, and lost ones come back",
          "[health_rules]") {
  ward it;
  it.tasks("ann", 8, errc::agent_failed);
  const std::vector<std::string> both{"ann", "bob"};
  CHECK(it.rules.choose(both, it.now) == 1);
  it.start("ann");
  CHECK(it.rules.choose(both, it.now) == 0); // promised
  it.rules.begun("ann", it.now);
  CHECK(it.rules.choose(both, it.now) == 0);
  CHECK(it.rules.choose(both, it.now) == 1);
  CHECK(it.rules.choose(std::vector<std::string>{"ann"}, it.now) == 0);
  it.wait(11min); // nobody has heard of them
  CHECK(it.rules.choose(both, it.now) == 0);
  CHECK(it.rules.choose(both, it.now) == 0);
  CHECK(it.rules.choose(both, it.now) == 1);
}

TEST_CASE("only so many agents are watched, and those that are not well stay",
          "[health_rules]") {
  health_limits limits;
  limits.agents_max = 10;
  ward it{2, limits};
  it.tasks("ann", 8, errc::agent_failed);
  for (int i = 0; i < 1'000; ++i)
    it.task("a" + std::to_string(i));
  CHECK(it.rules.size() <= 10);
  CHECK_FALSE(it.rules.may_be_given("ann"));
}
