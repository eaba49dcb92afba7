// The named cases of OTP's supervisor_SUITE about types of restarts and
// strategies.
#include "support/actors/supervision_plans.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace troupe::actors;
using namespace troupe::test;

namespace {

using list = supervision_world::lines;
using enum restart_strategy;
using enum restart_type;

/// What becomes of one child that ends so.
list after(restart_type type, child_end how, child_counts counts) {
  supervision_world it{plan(one_for_one, 2)};
  CHECK(it.start("top", worker("child1", type)) == child_answer::done);
  it.take();
  CHECK(it.crash("child1", how));
  it.run();
  CHECK(it.count("top") == counts);
  return it.children("top");
}

constexpr child_counts lives{1, 1, 0, 1};
constexpr child_counts has_ended{1, 0, 0, 1};
constexpr child_counts forgotten{};

} // namespace

TEST_CASE("permanent_normal, permanent_shutdown, permanent_abnormal: a "
          "permanent child is always started again",
          "[supervisor][otp]") {
  for (const auto how : {child_end::normal, child_end::shutdown,
                         child_end::abnormal, child_end::killed})
    CHECK(after(permanent, how, lives) == list{"child1 running"});
}

TEST_CASE("transient_normal, transient_shutdown: a transient child may end, "
          "and be started again by hand",
          "[supervisor][otp]") {
  for (const auto how : {child_end::normal, child_end::shutdown})
    CHECK(after(transient, how, has_ended) == list{"child1 idle"});
  supervision_world it{plan(one_for_one, 2, {worker("a", transient)})};
  it.crash("a", child_end::shutdown);
  it.run();
  CHECK(it.restart("top", "a") == child_answer::done);
  it.crash("a", child_end::shutdown);
  it.run();
  CHECK(it.children("top") == list{"a idle"});
}

TEST_CASE("transient_abnormal: a transient child that fails is started again",
          "[supervisor][otp]") {
  for (const auto how : {child_end::abnormal, child_end::killed})
    CHECK(after(transient, how, lives) == list{"child1 running"});
}

TEST_CASE("temporary_normal, temporary_shutdown, temporary_abnormal: a "
          "temporary child is never started again, and forgotten",
          "[supervisor][otp]") {
  for (const auto how : {child_end::normal, child_end::shutdown,
                         child_end::abnormal, child_end::killed})
    CHECK(after(temporary, how, forgotten).empty());
}

TEST_CASE("temporary_bystander: a temporary child that is stopped for another "
          "one is not started again",
          "[supervisor][otp]") {
  for (const auto strategy : {one_for_all, rest_for_one}) {
    supervision_world it{
        plan(strategy, 2, {worker("child1"), worker("child2", temporary)})};
    it.take();
    it.crash("child1", child_end::normal);
    it.run();
    CHECK(it.take() == list{"-child2", "+child1"});
    CHECK(it.children("top") == list{"child1 running"});
    CHECK_FALSE(it.end());
  }
}

TEST_CASE("multiple_restarts: restarts that lie apart are never too many",
          "[supervisor][otp]") {
  auto how = plan(one_for_one, 1, {worker("child1")});
  how.how.period = 1s;
  supervision_world it{how};
  for (int i = 0; i < 50; ++i) {
    CHECK(it.crash("child1", child_end::abnormal));
    it.advance(1'001ms);
  }
  CHECK_FALSE(it.end());
  CHECK(it.terminate("top", "child1") == child_answer::done);
  CHECK(it.remove("top", "child1") == child_answer::done);
}

TEST_CASE("one_for_one: only the child that failed is started again, until it "
          "is too often",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_one, 2, {worker("child1"), worker("child2")})};
  it.take();
  it.crash("child1", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"+child1"});
  CHECK(it.count("top") == child_counts{2, 2, 0, 2});
  it.crash("child2", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"+child2"});
  it.crash("child1", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-child2", "#top"});
  CHECK(it.end()->why == supervisor_end::restart_limit);
}

TEST_CASE("one_for_one_escalation: a child that cannot be started again ends "
          "its supervisor",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_one, 4, {failing("child1", 2, 99), worker("child2")})};
  it.take();
  it.crash("child1", child_end::abnormal);
  it.settle();
  CHECK(it.take()
        == list{"!child1", "!child1", "!child1", "!child1", "-child2", "#top"});
}

TEST_CASE("one_for_all: all are stopped in reverse and started in order",
          "[supervisor][otp]") {
  supervision_world it{plan(
      one_for_all, 2, {worker("child1"), worker("child2"), worker("child3")})};
  it.take();
  for (const auto* id : {"child1", "child2"}) {
    it.crash(id, child_end::abnormal);
    it.run();
    const list others = id == std::string{"child1"}
                            ? list{"-child3", "-child2"}
                            : list{"-child3", "-child1"};
    auto notes = it.take();
    REQUIRE(notes.size() == 5);
    CHECK(list(notes.begin(), notes.begin() + 2) == others);
    CHECK(list(notes.begin() + 2, notes.end())
          == list{"+child1", "+child2", "+child3"});
  }
  it.crash("child3", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-child2", "-child1", "#top"});
}

TEST_CASE("one_for_all_escalation: one that cannot be started again takes all "
          "with it",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_all, 4, {worker("child1"), failing("child2", 2, 99)})};
  it.take();
  it.crash("child1", child_end::abnormal);
  it.settle();
  CHECK(it.take()
        == list{"-child2", "+child1", "!child2", "-child1", "+child1",
                "!child2", "-child1", "+child1", "!child2", "-child1",
                "+child1", "!child2", "-child1", "#top"});
}

TEST_CASE("one_for_all_other_child_fails_restart: those that were started "
          "again stop when another cannot be",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_all, 3, {worker("child1"), failing("child2", 2, 2)})};
  it.take();
  it.crash("child1", child_end::abnormal);
  it.settle();
  CHECK(it.take()
        == list{"-child2", "+child1", "!child2", "-child1", "+child1",
                "+child2"});
  CHECK_FALSE(it.end());
}

TEST_CASE("simple_one_for_one, simple_one_for_one_extra: dynamic children are "
          "started again one by one, until it is too often",
          "[supervisor][otp]") {
  supervision_world it{plan(dynamic, 2)};
  it.start("top", worker("a"));
  it.start("top", worker("b"));
  it.take();
  it.crash("a", child_end::abnormal);
  it.crash("b", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"+a", "+b"});
  it.crash("a", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-b", "#top"});
}

TEST_CASE("simple_one_for_one_shutdown: dynamic children are stopped at once, "
          "and killed when their time is up",
          "[supervisor][otp]") {
  supervision_world it{plan(dynamic, 2)};
  for (const auto* id : {"a", "b", "c"}) {
    auto child = worker(id);
    child.rule.shutdown = 2s;
    child.takes = id == std::string{"c"} ? 5s : 1s;
    it.start("top", child);
  }
  it.take();
  it.stop();
  it.advance(999ms);
  CHECK(it.take().empty());
  it.advance(1ms);
  CHECK(it.take() == list{"-a", "-b"});
  it.advance(999ms);
  CHECK_FALSE(it.end());
  it.advance(1ms);
  CHECK(it.take() == list{"xc", "#top"});
}

TEST_CASE("simple_one_for_one_escalation: a dynamic child that cannot be "
          "started again ends its supervisor",
          "[supervisor][otp]") {
  supervision_world it{plan(dynamic, 4)};
  it.start("top", failing("a", 2, 99));
  it.start("top", worker("b"));
  it.take();
  it.crash("a", child_end::abnormal);
  it.settle();
  CHECK(it.take() == list{"!a", "!a", "!a", "!a", "-b", "#top"});
}

TEST_CASE("rest_for_one: those started before it go on living",
          "[supervisor][otp]") {
  supervision_world it{plan(
      rest_for_one, 2, {worker("child1"), worker("child2"), worker("child3")})};
  it.take();
  it.crash("child2", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-child3", "+child2", "+child3"});
  it.crash("child3", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"+child3"});
  CHECK(it.starts("child1") == 1);
  it.crash("child2", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-child3", "-child1", "#top"});
}

TEST_CASE("rest_for_one_escalation: one that cannot be started again takes "
          "all with it",
          "[supervisor][otp]") {
  supervision_world it{
      plan(rest_for_one, 4, {worker("child1"), failing("child2", 2, 99)})};
  it.take();
  it.crash("child1", child_end::abnormal);
  it.settle();
  CHECK(it.take()
        == list{"-child2", "+child1", "!child2", "!child2", "!child2",
                "!child2", "-child1", "#top"});
}

TEST_CASE("rest_for_one_other_child_fails_restart: only the one that failed "
          "is tried again",
          "[supervisor][otp]") {
  supervision_world it{
      plan(rest_for_one, 3, {worker("child1"), failing("child2", 2, 2)})};
  it.take();
  it.crash("child1", child_end::abnormal);
  it.settle();
  CHECK(it.take() == list{"-child2", "+child1", "!child2", "+child2"});
  CHECK_FALSE(it.end());
}
