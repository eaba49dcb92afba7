#include "support/actors/branch_world.hpp"

using namespace troupe;
using protocol::errc;
using protocol::run_state;
using protocol::task_kind;
using protocol::task_state;
using test::branch_world;

namespace {

/// `part` may fail; `part/a` leads to `part/b` and that to it, `end` needs it.
branch_world part_of_two() {
  branch_world it;
  it.task("part/a").within = "part";
  it.task("part/b", {"part/a"}).within = "part";
  it.task("part", {"part/b"}, task_kind::pick).may_fail = true;
  it.task("end", {"part"});
  return it;
}

} // namespace

TEST_CASE("what fails within a task that may fail fails that one, which leads "
          "on, and the run is done",
          "[run_rules]") {
  auto it = part_of_two();
  it.begin();
  it.started();
  const bool is_first = GENERATE(true, false);
  if (!is_first)
    it.say("part/a", "x");
  it.fail_with(is_first ? "part/a" : "part/b", errc::unknown_agent);
  CHECK(it.record("part/b").state
        == (is_first ? task_state::skipped : task_state::failed));
  CHECK(it.record("part").state == task_state::failed);
  CHECK(it.record("part").failure->code == errc::dependency_failed);
  CHECK(it.rules->inputs_of(3).empty());
  CHECK(it.started() == (is_first ? "end" : "part/b end"));
  it.say("end", "x");
  CHECK(it.rules->report().state == run_state::done);
}

TEST_CASE("what needs a failed task by another way is skipped, and the run "
          "fails",
          "[run_rules]") {
  auto it = part_of_two();
  it.task("other", {"part/a"});
  it.begin();
  it.fail_with("part/a", errc::unknown_agent);
  CHECK(it.record("other").state == task_state::skipped);
  it.say("end", "x");
  CHECK(it.rules->report().state == run_state::failed);
}

TEST_CASE("a part within a part fails by itself, and the outer one goes on",
          "[run_rules]") {
  branch_world it;
  it.task("p/q/a").within = "p/q";
  auto& inner = it.task("p/q", {"p/q/a"}, task_kind::pick);
  inner.may_fail = true;
  inner.within = "p";
  it.task("p/b", {"p/q"}).within = "p";
  it.task("p", {"p/b"}, task_kind::pick).may_fail = true;
  it.task("end", {"p"});
  it.begin();
  it.fail_with("p/q/a", errc::unknown_agent);
  CHECK(it.record("p/q").state == task_state::failed);
  CHECK(it.started() == "p/q/a p/b");
  const bool fails_too = GENERATE(false, true);
  if (fails_too)
    it.fail_with("p/b", errc::unknown_agent);
  else
    it.say("p/b", "x");
  CHECK(it.record("p").state
        == (fails_too ? task_state::failed : task_state::done));
  it.say("end", "x");
  CHECK(it.rules->report().state == run_state::done);
}

TEST_CASE("a cancelled part excuses nothing", "[run_rules]") {
  auto it = part_of_two();
  it.begin();
  (void)it.rules->cancel(protocol::fail(errc::cancelled, "enough"), it.now);
  it.fail_with("part/a", errc::cancelled);
  CHECK(it.record("part").state == task_state::cancelled);
  CHECK(it.rules->report().state == run_state::cancelled);
}
