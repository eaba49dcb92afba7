// The named cases of OTP's supervisor_SUITE that start, stop and administer
// children. What has no counterpart is listed in docs/supervision.md.
#include "support/actors/supervision_plans.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace troupe::actors;
using namespace troupe::test;

namespace {

using list = supervision_world::lines;
using enum restart_strategy;
using enum restart_type;

} // namespace

TEST_CASE("sup_start_normal: a supervisor without children starts and stops",
          "[supervisor][otp]") {
  supervision_world it{plan(one_for_one, 2)};
  CHECK_FALSE(it.end());
  it.stop();
  it.run();
  REQUIRE(it.end());
  CHECK(it.end()->why == supervisor_end::asked);
}

TEST_CASE("sup_start_ignore_child: a child that does not want to start is kept",
          "[supervisor][otp]") {
  supervision_world it{plan(one_for_one, 2)};
  CHECK(it.start("top", ignoring("child1")) == child_answer::ignored);
  CHECK(it.start("top", worker("child2")) == child_answer::done);
  CHECK(it.children("top") == list{"child1 idle", "child2 running"});
  CHECK(it.count("top") == child_counts{2, 1, 0, 2});
}

TEST_CASE("sup_start_ignore_temporary_child: a temporary child that does not "
          "want to start is forgotten",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_one, 2,
           {ignoring("child1", temporary), worker("child2", temporary)})};
  CHECK(it.children("top") == list{"child2 running"});
  CHECK(it.count("top") == child_counts{1, 1, 0, 1});
}

TEST_CASE("sup_start_ignore_temporary_child_start_child: so is one that was "
          "added",
          "[supervisor][otp]") {
  supervision_world it{plan(one_for_one, 2)};
  CHECK(it.start("top", ignoring("child1", temporary))
        == child_answer::ignored);
  CHECK(it.start("top", worker("child2", temporary)) == child_answer::done);
  CHECK(it.children("top") == list{"child2 running"});
  CHECK(it.count("top") == child_counts{1, 1, 0, 1});
}

TEST_CASE("sup_start_ignore_temporary_child_start_child_simple, "
          "sup_start_ignore_permanent_child_start_child_simple: a dynamic "
          "child of any type that does not want to start is forgotten",
          "[supervisor][otp]") {
  for (const auto type : {temporary, permanent}) {
    supervision_world it{plan(dynamic, 2)};
    CHECK(it.start("top", ignoring("child1", type)) == child_answer::ignored);
    CHECK(it.start("top", worker("child2", type)) == child_answer::done);
    CHECK(it.children("top") == list{"child2 running"});
    it.stop();
    it.run();
    CHECK(it.end()->why == supervisor_end::asked);
  }
}

TEST_CASE("sup_start_error_return, sup_start_fail: a first start that fails "
          "stops those before it and ends the supervisor",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_one, 9,
           {worker("a"), worker("b"), failing("c", 1, 1), worker("d")})};
  CHECK(it.take() == list{"+a", "+b", "!c", "-b", "-a", "#top"});
  REQUIRE(it.end());
  CHECK(it.end()->why == supervisor_end::start_failed);
  CHECK(it.end()->child == "c");
  CHECK(it.end()->cause == "no");
}

TEST_CASE("faulty_application_shutdown: the cause of a failed start comes to "
          "the top",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_all, 9,
           {worker("a"),
            nested("s", plan(one_for_one, 9, {failing("faulty", 1, 1)}))})};
  CHECK(it.take() == list{"+a", "!faulty", "#s", "-a", "#top"});
  REQUIRE(it.end());
  CHECK(it.end()->child == "s");
  CHECK(it.end()->cause == "no");
}

TEST_CASE("sup_start_child_returns_error, "
          "sup_start_restart_child_returns_error: a start that was asked for "
          "and fails is told and not counted",
          "[supervisor][otp]") {
  supervision_world it{plan(one_for_one, 0)};
  CHECK(it.start("top", failing("a", 1, 1)) == child_answer::start_failed);
  CHECK(it.children("top").empty());
  CHECK(it.start("top", failing("b", 2, 3)) == child_answer::done);
  CHECK(it.terminate("top", "b") == child_answer::done);
  CHECK(it.restart("top", "b") == child_answer::start_failed);
  CHECK(it.restart("top", "b") == child_answer::start_failed);
  CHECK(it.children("top") == list{"b idle"});
  CHECK(it.restart("top", "b") == child_answer::done);
  CHECK_FALSE(it.end());
}

TEST_CASE("sup_start_child_returns_error_simple: nor is one of a dynamic "
          "supervisor",
          "[supervisor][otp]") {
  supervision_world it{plan(dynamic, 0)};
  CHECK(it.start("top", failing("a", 1, 1)) == child_answer::start_failed);
  CHECK(it.children("top").empty());
  CHECK_FALSE(it.end());
}

TEST_CASE("sup_start_map: defaults are OTP's", "[supervisor][otp]") {
  const child_rule rule;
  CHECK(rule.restart == permanent);
  CHECK(rule.shutdown == 5'000ms);
  CHECK(rule.kind == child_kind::worker);
  CHECK_FALSE(rule.is_significant);
  const supervision how; // but for the intensity, 1 in 5 s there
  CHECK(how.strategy == one_for_one);
  CHECK(how.period == 5'000ms);
  CHECK(how.ends == auto_shutdown::never);
}

TEST_CASE("sup_start_map_faulty_specs, child_specs: faulty children are told",
          "[supervisor][otp]") {
  const auto tell = [](child_rule rule, auto_shutdown ends = {}) {
    return problems_in(rule, ends);
  };
  CHECK(tell({"a"}).empty());
  CHECK(tell({"a", permanent, no_stop_limit}).empty());
  CHECK(tell({"a", temporary, brutal_kill}).empty());
  CHECK(tell({""}) == list{"a child needs an id"});
  CHECK(tell({"a", permanent, -10ms})
        == list{"child 'a': shutdown must not be negative"});
  CHECK(problems_in(supervision{}, {{"a"}, {"b"}, {"a"}})
        == list{"two children are called 'a'"});
  supervision simple;
  simple.strategy = dynamic;
  CHECK(problems_in(simple, {}).empty());
  CHECK(problems_in(simple, {{"a"}})
        == list{"a dynamic supervisor begins without children"});
}

TEST_CASE("sup_flags: faulty settings are told, all at once",
          "[supervisor][otp]") {
  CHECK(problems_in(supervision{}).empty());
  supervision how;
  how.intensity = intensity_max + 1;
  how.period = 0ms;
  how.backoff = {-1ms, -2ms};
  CHECK(problems_in(how).size() == 4);
  how = {};
  how.backoff.cap = 25h;
  CHECK(problems_in(how) == list{"backoff.cap: at most a day"});
}

TEST_CASE("sup_stop_infinity: a child without a limit is waited for",
          "[supervisor][otp]") {
  auto slow = worker("b");
  slow.rule.shutdown = no_stop_limit;
  slow.takes = 100h;
  supervision_world it{plan(one_for_one, 2, {worker("a"), slow})};
  it.take();
  it.stop();
  it.advance(99h);
  CHECK_FALSE(it.end());
  it.advance(1h);
  CHECK(it.take() == list{"-b", "-a", "#top"});
}

TEST_CASE("sup_stop_timeout: a child that does not stop in time is killed",
          "[supervisor][otp]") {
  auto hanging = worker("b");
  hanging.hangs = true;
  supervision_world it{plan(one_for_one, 2, {worker("a"), hanging})};
  it.take();
  it.stop();
  it.advance(999ms);
  CHECK(it.take().empty());
  it.advance(1ms);
  CHECK(it.take() == list{"xb", "-a", "#top"});
}

TEST_CASE("sup_stop_brutal_kill: a child may be killed unasked",
          "[supervisor][otp]") {
  auto brutal = worker("b");
  brutal.rule.shutdown = brutal_kill;
  supervision_world it{plan(one_for_one, 2, {worker("a"), brutal})};
  it.take();
  it.stop();
  it.run();
  CHECK(it.take() == list{"xb", "-a", "#top"});
}

TEST_CASE("child_adm, extra_return: children are administered by their ids",
          "[supervisor][otp]") {
  using enum child_answer;
  const auto child = worker("child1");
  supervision_world it{plan(one_for_one, 2, {child})};
  CHECK(it.count("top") == child_counts{1, 1, 0, 1});
  CHECK(it.start("top", child) == already_started);
  CHECK(it.terminate("top", "other") == not_found);
  CHECK(it.remove("top", "other") == not_found);
  CHECK(it.restart("top", "other") == not_found);
  CHECK(it.remove("top", "child1") == running);
  CHECK(it.restart("top", "child1") == running);

  CHECK(it.terminate("top", "child1") == done);
  CHECK(it.children("top") == list{"child1 idle"});
  CHECK(it.count("top") == child_counts{1, 0, 0, 1});
  CHECK(it.terminate("top", "child1") == done);
  CHECK(it.start("top", child) == already_present);

  CHECK(it.restart("top", "child1") == done);
  CHECK(it.children("top") == list{"child1 running"});
  CHECK(it.terminate("top", "child1") == done);
  CHECK(it.remove("top", "child1") == done);
  CHECK(it.restart("top", "child1") == not_found);
  CHECK(it.children("top").empty());
  CHECK(it.count("top") == child_counts{});
  CHECK(it.start("top", child) == done);
  CHECK(it.count("top") == child_counts{1, 1, 0, 1});
  CHECK(it.contradictions().empty());
}

TEST_CASE("child_adm_simple: children of a dynamic supervisor are started and "
          "terminated, no more",
          "[supervisor][otp]") {
  using enum child_answer;
  supervision_world it{plan(restart_strategy::dynamic, 2)};
  CHECK(it.count("top") == child_counts{});
  CHECK(it.start("top", worker("a")) == done);
  CHECK(it.start("top", worker("b")) == done);
  CHECK(it.count("top") == child_counts{2, 2, 0, 2});
  CHECK(it.restart("top", "a") == child_answer::dynamic);
  CHECK(it.remove("top", "a") == child_answer::dynamic);
  CHECK(it.terminate("top", "a") == done);
  CHECK(it.children("top") == list{"b running"});
  CHECK(it.terminate("top", "a") == not_found); // it is forgotten
}

TEST_CASE("count_children: a thousand children that come and go are counted",
          "[supervisor][otp]") {
  supervision_world it{plan(dynamic, 2)};
  for (int i = 0; i < 1'000; ++i)
    it.ask_start("top", worker(std::to_string(i), temporary));
  it.run();
  CHECK(it.count("top") == child_counts{1'000, 1'000, 0, 1'000});
  for (const auto& id : it.living())
    CHECK(it.crash(id, child_end::killed));
  it.run();
  CHECK(it.count("top") == child_counts{});
  CHECK_FALSE(it.end());
}
