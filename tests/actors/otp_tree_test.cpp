// The named cases of OTP's supervisor_SUITE about trees, what is kept and
// loops, and its rules for significant children.
#include "support/actors/supervision_plans.hpp"
#include "support/catch.hpp"

using namespace std::chrono_literals;
using namespace troupe::actors;
using namespace troupe::test;

namespace {

using list = supervision_world::lines;
using enum restart_strategy;
using enum restart_type;

planned_supervisor ending(auto_shutdown how, std::vector<planned_child> with,
                          restart_strategy strategy = one_for_one) {
  auto it = plan(strategy, 9, std::move(with));
  it.how.ends = how;
  return it;
}

} // namespace

TEST_CASE("child_unlink: a child that hears nothing does not hold the "
          "supervisor up",
          "[supervisor][otp]") {
  auto naughty = worker("naughty");
  naughty.hangs = true;
  supervision_world it{plan(one_for_one, 2, {naughty})};
  const auto asked = it.ask_terminate("top", "naughty");
  const auto next = it.ask_start("top", worker("b"));
  it.advance(999ms);
  CHECK(it.answer_to(next) == nullptr);
  it.advance(1ms);
  REQUIRE(it.answer_to(asked) != nullptr);
  REQUIRE(it.answer_to(next) != nullptr);
  CHECK(it.children("top") == list{"naughty idle", "b running"});
}

TEST_CASE("tree: a supervisor that gives up is started again by its own, "
          "without the children that were added",
          "[supervisor][otp]") {
  supervision_world it{
      plan(one_for_all, 4,
           {nested("sup1",
                   plan(one_for_one, 4, {worker("child1"), worker("child2")})),
            nested("sup2", plan(one_for_one, 4))})};
  CHECK(it.count("top") == child_counts{2, 2, 2, 0});
  CHECK(it.count("sup1") == child_counts{2, 2, 0, 2});
  CHECK(it.start("sup2", failing("child3", 2, 99)) == child_answer::done);
  CHECK(it.start("sup2", worker("child4")) == child_answer::done);
  it.take();
  it.crash("child4", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"+child4"});
  CHECK(it.children("sup2") == list{"child3 running", "child4 running"});
  it.crash("child3", child_end::abnormal);
  it.settle();
  CHECK(it.take()
        == list{"!child3", "!child3", "!child3", "-child4", "#sup2", "-child2",
                "-child1", "#sup1", "+child1", "+child2"});
  CHECK(it.count("top") == child_counts{2, 2, 2, 0});
  CHECK(it.count("sup1") == child_counts{2, 2, 0, 2});
  CHECK(it.children("sup2").empty());
  CHECK(it.contradictions().empty());
}

TEST_CASE("do_not_save_child_specs_for_temporary_children, "
          "do_not_save_start_parameters_for_temporary_children: of a temporary "
          "child nothing is kept",
          "[supervisor][otp]") {
  using enum child_answer;
  for (const auto strategy : {one_for_all, one_for_one, rest_for_one})
    for (const auto how :
         {child_end::killed, child_end::normal, child_end::abnormal}) {
      supervision_world it{plan(strategy, 9)};
      CHECK(it.start("top", worker("a")) == done);
      it.crash("a", how);
      it.run();
      CHECK(it.start("top", worker("a")) == already_started);
      CHECK(it.start("top", worker("b", transient)) == done);
      it.crash("b", how);
      it.run();
      CHECK(it.start("top", worker("b", transient))
            == (how == child_end::normal ? already_present : already_started));
      CHECK(it.start("top", worker("c", temporary)) == done);
      it.crash("c", how);
      it.run();
      CHECK(it.start("top", worker("c", temporary)) == done);
      CHECK(it.terminate("top", "c") == done);
      CHECK(it.start("top", worker("c", temporary)) == done);
      CHECK(it.terminate("top", "a") == done);
      CHECK(it.start("top", worker("a")) == already_present);
      CHECK(it.restart("top", "a") == done);
    }
}

TEST_CASE("simple_one_for_one_scale_many_temporary_children: ten thousand are "
          "terminated one by one",
          "[supervisor][otp]") {
  supervision_world it{plan(dynamic, 2)};
  for (int i = 0; i < 10'000; ++i)
    it.ask_start("top", worker(std::to_string(i), temporary));
  it.run();
  for (int i = 0; i < 10'000; ++i)
    it.ask_terminate("top", std::to_string(i));
  it.run();
  CHECK(it.count("top") == child_counts{});
}

TEST_CASE("simple_global_supervisor: a supervisor that is killed is started "
          "again with its children",
          "[supervisor][otp]") {
  auto middle = nested("middle", plan(one_for_all, 3, {worker("server")}));
  middle.rule.shutdown = brutal_kill;
  supervision_world it{plan(one_for_all, 3, {middle, worker("other")})};
  it.take();
  it.crash("other", child_end::abnormal); // which has it killed
  it.run();
  CHECK(it.take() == list{"xserver", "xmiddle", "+server", "+other"});
  it.crash("server", child_end::killed);
  it.run();
  CHECK(it.take() == list{"+server"});
  it.crash("server", child_end::normal);
  it.run();
  CHECK(it.take() == list{"+server"});
  CHECK(it.terminate("middle", "server") == child_answer::done);
  CHECK(it.restart("middle", "server") == child_answer::done);
  CHECK(it.contradictions().empty());
}

TEST_CASE("hanging_restart_loop: what cannot be started again can be "
          "terminated between its starts",
          "[supervisor][otp]") {
  using enum child_answer;
  auto how = plan(one_for_one, 8, {failing("child1", 2, 2)});
  how.children.front().failing.insert(4);
  how.how.backoff.base = 1s; // else there is nothing between
  supervision_world it{how, 3};
  it.crash("child1", child_end::abnormal);
  while (it.starts("child1") < 2)
    it.advance(1ms);
  CHECK(it.children("top") == list{"child1 restarting"});
  CHECK(it.count("top") == child_counts{1, 0, 0, 1});
  const auto started = it.ask_start("top", worker("child1"));
  CHECK(it.answer_to(started)->what == already_present);
  CHECK(it.restart("top", "child1") == restarting);
  CHECK(it.remove("top", "child1") == restarting);
  CHECK(it.terminate("top", "child1") == done);
  CHECK(it.children("top") == list{"child1 idle"});
  it.advance(1h);
  CHECK(it.starts("child1") == 2);
  CHECK(it.restart("top", "child1") == done);
  it.crash("child1", child_end::abnormal);
  while (it.starts("child1") < 4)
    it.advance(1ms);
  it.stop(); // the supervisor does not hang either
  it.run();
  CHECK(it.end());
}

TEST_CASE("hanging_restart_loop_simple: nor does one of a dynamic supervisor",
          "[supervisor][otp]") {
  using enum child_answer;
  auto how = plan(restart_strategy::dynamic, 8);
  how.how.backoff.base = 1s;
  supervision_world it{how, 3};
  CHECK(it.start("top", failing("child1", 2, 99)) == done);
  it.crash("child1", child_end::abnormal);
  while (it.starts("child1") < 2)
    it.advance(1ms);
  CHECK(it.children("top") == list{"child1 restarting"});
  CHECK(it.count("top") == child_counts{1, 0, 0, 1});
  CHECK(it.terminate("top", "child1") == done);
  CHECK(it.children("top").empty());
  it.stop();
  it.run();
  CHECK(it.end());
}

TEST_CASE("a significant child that ends by itself ends its supervisor, where "
          "any does",
          "[supervisor][otp]") {
  for (const auto strategy : {one_for_one, one_for_all, rest_for_one}) {
    supervision_world it{ending(
        auto_shutdown::any_significant,
        {worker("a"), significant("b", transient), significant("c", temporary)},
        strategy)};
    it.take();
    it.crash("b", child_end::normal);
    it.run();
    CHECK(it.take() == list{"-c", "-a", "#top"});
    CHECK(it.end()->why == supervisor_end::significant);
  }
}

TEST_CASE("a significant child that is started again or terminated ends "
          "nobody",
          "[supervisor][otp]") {
  supervision_world it{
      ending(auto_shutdown::any_significant,
             {significant("a", transient), worker("b", temporary),
              significant("c", temporary)})};
  it.crash("a", child_end::abnormal);
  it.crash("b", child_end::abnormal);
  it.run();
  CHECK(it.terminate("top", "a") == child_answer::done);
  CHECK_FALSE(it.end());
  it.crash("c", child_end::killed); // for good
  it.run();
  CHECK(it.end());
}

TEST_CASE("the last significant child that ends by itself ends its "
          "supervisor, where all do",
          "[supervisor][otp]") {
  supervision_world it{
      ending(auto_shutdown::all_significant,
             {worker("a"), significant("b", transient),
              significant("c", temporary), worker("d", temporary)})};
  it.crash("b", child_end::shutdown);
  it.crash("d", child_end::normal);
  it.run();
  CHECK_FALSE(it.end());
  it.take();
  it.crash("c", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-a", "#top"});
}

TEST_CASE("a bystander that is significant and is stopped ends nobody",
          "[supervisor][otp]") {
  supervision_world it{ending(
      auto_shutdown::all_significant,
      {worker("a"), significant("b", temporary), significant("c", transient)},
      one_for_all)};
  it.take();
  it.crash("a", child_end::abnormal);
  it.run();
  CHECK(it.take() == list{"-c", "-b", "+a", "+c"});
  CHECK_FALSE(it.end());
}

TEST_CASE("a supervisor that its significant child has ended counts as ended "
          "in good order",
          "[supervisor][otp]") {
  const auto inner = ending(auto_shutdown::any_significant,
                            {significant("job", transient), worker("help")});
  supervision_world it{
      plan(one_for_one, 0, {nested("unit", inner, temporary), worker("a")})};
  it.take();
  it.crash("job", child_end::normal);
  it.run();
  CHECK(it.take() == list{"-help", "#unit"});
  CHECK(it.children("top") == list{"a running"});
}

TEST_CASE("significant children are told where nothing ends with them",
          "[supervisor][otp]") {
  child_rule rule{"a", transient};
  rule.is_significant = true;
  CHECK(problems_in(rule, auto_shutdown::never).size() == 1);
  CHECK(problems_in(rule, auto_shutdown::any_significant).empty());
  rule.restart = permanent;
  CHECK(problems_in(rule, auto_shutdown::all_significant).size() == 1);
}
