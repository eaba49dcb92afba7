#include "support/actors/branch_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::event_kind;
using protocol::gate_action;
using protocol::run_state;
using protocol::task_kind;
using protocol::task_state;
using test::branch_world;

TEST_CASE("of two branches the one whose condition holds runs, and a join goes "
          "on behind it",
          "[run_rules]") {
  branch_world it;
  it.task("sort");
  it.task("short", {"sort"}).when = "${sort.output} == 'short'";
  it.task("long", {"sort"}).when = "${sort.output} == 'long'";
  it.task("detail", {"long"});
  it.task("end", {"short", "detail"}).prompt = "Use ${short.output}.";
  it.begin();
  CHECK(it.started() == "sort");
  it.say("sort", "short");
  CHECK(it.started() == "short");
  CHECK(it.record("long").state == task_state::omitted);
  CHECK(it.record("detail").state == task_state::omitted);
  it.say("short", "brief");
  CHECK(it.started() == "end");
  CHECK(it.rules->prompt_of(4).value() == "Use brief.");
  CHECK(it.rules->inputs_of(4).empty());
  it.say("end", "all");
  CHECK(it.rules->report().state == run_state::done);
}

TEST_CASE("a loop ends with the round whose result is good", "[run_rules]") {
  branch_world it;
  it.task("draft#1");
  it.task("draft#2", {"draft#1"}).when =
      "${draft#1.state} == \"done\" and not (${draft#1.output} == 'good')";
  it.task("draft#3", {"draft#2"}).when =
      "${draft#2.state} == \"done\" and not (${draft#2.output} == 'good')";
  it.task("draft", {"draft#1", "draft#2", "draft#3"}, task_kind::pick);
  it.task("end", {"draft"});
  it.begin();
  it.say("draft#1", "bad");
  it.say("draft#2", "good");
  CHECK(it.record("draft#3").state == task_state::omitted);
  CHECK(it.record("draft").output == "good");
  CHECK(it.rules->inputs_of(4)
        == std::vector<protocol::task_input>{{"draft", "good"}});
  it.say("end", "x");
  CHECK(it.rules->report().state == run_state::done);
}

TEST_CASE("a task that may fail does not keep those from running that need it",
          "[run_rules]") {
  branch_world it;
  it.task("maybe").may_fail = true;
  it.task("end", {"maybe"});
  it.begin();
  it.fail_with("maybe", errc::unknown_agent);
  CHECK(it.started() == "maybe end");
  CHECK(it.rules->inputs_of(1).empty());
  it.say("end", "x");
  CHECK(it.rules->report().state == run_state::done);
  CHECK(it.record("maybe").state == task_state::failed);
}

TEST_CASE("a join of a text that is not as its schema asks fails",
          "[run_rules]") {
  branch_world it;
  it.task("plan");
  auto& list = it.task("list", {"plan"}, task_kind::join);
  list.prompt = "${plan.output.items}";
  list.output_schema = R"({"type":"array","maxItems":2})";
  it.task("end", {"list"});
  it.begin();
  it.say("plan", R"({"items":[1,2,3]})");
  CHECK(it.record("list").failure->code == errc::gate_failed);
  CHECK(it.record("end").state == task_state::skipped);
  CHECK(it.rules->report().state == run_state::failed);
}

TEST_CASE("a chain of ten thousand joins is done without recursion",
          "[run_rules]") {
  branch_world it;
  it.task("t0");
  for (int i = 1; i < 10'000; ++i)
    it.task("t" + std::to_string(i), {"t" + std::to_string(i - 1)},
            task_kind::join);
  it.begin();
  it.say("t0", "word");
  CHECK(it.record("t9999").output == "word");
  CHECK(it.rules->report().state == run_state::done);
}

TEST_CASE("an approval takes no place, and a yes lets the run go on",
          "[run_rules]") {
  branch_world it;
  it.mission.concurrency = 1;
  auto& step = it.task("release", {}, task_kind::approval);
  step.approval.ask = {"ada", "bob"};
  it.task("other");
  it.task("end", {"release"});
  it.begin();
  CHECK(it.started() == "other");
  CHECK(it.events[1].kind == event_kind::approval_asked);
  CHECK(it.events[1].note == "ada, bob: Do release");
  CHECK(it.decide("release", true, "eve").error().detail.find("not 'eve'")
        != std::string::npos);
  CHECK(it.decide("release", true, "").has_error());
  CHECK(it.decide("other", true, "ada").has_error());
  it.say("other", "x");
  CHECK(it.decide("release", true, "ada", "fine").has_value());
  CHECK(it.record("release").output
        == R"({"approved":true,"by":"ada","note":"fine"})");
  CHECK(it.record("release").decided == "yes, by ada: fine");
  CHECK(it.decide("release", false, "bob").has_error());
  CHECK(it.started() == "end");
}

TEST_CASE("a no, and no answer in time, end an approval", "[run_rules]") {
  branch_world it;
  const auto start = it.now;
  it.task("first", {}, task_kind::approval).approval.expires = 10s;
  it.task("second", {}, task_kind::approval);
  auto& silent = it.task("third", {}, task_kind::approval);
  silent.approval.expires = 20s;
  silent.approval.approve_on_expiry = true;
  it.task("end", {"first"});
  it.begin();
  CHECK(it.decide("second", false, "ada", "not yet").has_value());
  CHECK(it.record("second").failure->code == errc::approval_refused);
  CHECK(it.rules->next_due() == start + 10s);
  it.now = start + 10s;
  CHECK(it.rules->expire(it.now).empty());
  CHECK(it.record("first").failure->code == errc::approval_expired);
  CHECK(it.record("end").state == task_state::skipped);
  it.now = start + 20s;
  CHECK(it.rules->expire(it.now).empty());
  CHECK(it.record("third").state == task_state::done);
  CHECK(it.rules->report().state == run_state::failed);
}

TEST_CASE("an approval whose prompt cannot be filled in fails and asks nobody",
          "[run_rules]") {
  branch_world it;
  it.task("plan");
  it.task("release", {"plan"}, task_kind::approval).prompt =
      "Release ${plan.output.version}?";
  it.task("end", {"release"});
  auto& excused = it.task("aside", {"plan"}, task_kind::approval);
  excused.prompt = "Tell ${plan.output.whom}?";
  excused.may_fail = true;
  it.task("rest", {"aside"});
  it.begin();
  it.started();
  it.say("plan", R"({"name": "tides"})");
  CHECK(it.record("release").state == task_state::failed);
  CHECK(it.record("release").failure->code == errc::invalid_request);
  CHECK(it.record("release").failure->detail.find("${plan.output.version}")
        != std::string::npos);
  CHECK(it.record("end").state == task_state::skipped);
  CHECK(it.decide("release", true, "ada").has_error());
  for (const auto& event : it.events)
    CHECK(event.kind != event_kind::approval_asked);
  CHECK(it.started() == "rest");
  it.say("rest", "done");
  CHECK(it.rules->report().state == run_state::failed);
}

TEST_CASE("a gate that asks keeps the answer until somebody has looked at it",
          "[run_rules]") {
  branch_world it;
  auto& task = it.task("write");
  task.gate.must_mention = {"tides"};
  task.gate.on_fail = gate_action::ask;
  it.task("end", {"write"});
  it.begin();
  it.say("write", "about the moon");
  CHECK(it.started() == "write");
  CHECK(it.decide("write", false, "ada", "mention the sea").has_value());
  it.go();
  CHECK(it.started() == "write");
  CHECK(it.rules->progress_of(0).feedback == "mention the sea");
  it.say("write", "about the sea");
  CHECK(it.decide("write", true, "ada").has_value());
  CHECK(it.record("write").output == "about the sea");
  CHECK(it.started() == "end");
}

TEST_CASE("a gate that escalates asks a tier higher each time", "[run_rules]") {
  branch_world it;
  auto& task = it.task("write");
  task.gate.matches = "^\\d+$";
  task.gate.on_fail = gate_action::escalate;
  it.begin();
  CHECK(it.rules->progress_of(0).raised == 0);
  it.say("write", "many");
  CHECK(it.rules->progress_of(0).raised == 1);
  it.say("write", "42");
  CHECK(it.record("write").state == task_state::done);
}

TEST_CASE("a gate that fails at once spends no second attempt", "[run_rules]") {
  branch_world it;
  auto& task = it.task("write");
  task.output_schema = R"({"type":"object"})";
  task.gate.on_fail = gate_action::fail;
  it.begin();
  it.say("write", "no JSON");
  CHECK(it.record("write").state == task_state::failed);
  CHECK(it.record("write").attempts == 1);
}

TEST_CASE("an answer that others look at waits for them, and costs what both "
          "have cost",
          "[run_rules]") {
  branch_world it;
  it.task("write").gate.judge.agent = "critic";
  it.begin();
  protocol::task_result answer;
  answer.output = "text";
  answer.cost = {5};
  it.rules->succeeded(0, 1, answer, it.now);
  const auto checks = it.rules->take_checks();
  REQUIRE(checks.size() == 1);
  CHECK(it.rules->answer(0)->output == "text");
  protocol::task_result judging;
  judging.cost = {2};
  it.rules->checked(0, 1, "it is thin", judging, it.now);
  CHECK(it.record("write").cost == protocol::money{7});
  CHECK(it.rules->progress_of(0).feedback == "it is thin");
  it.go();
  it.say("write", "better");
  it.rules->checked(0, 1, std::nullopt, {}, it.now); // late
  CHECK(it.record("write").state == task_state::running);
  it.rules->checked(0, 2, std::nullopt, {}, it.now);
  CHECK(it.record("write").output == "better");
}

TEST_CASE("a task is tried again for the failures that it names, and no others",
          "[run_rules]") {
  branch_world it;
  it.task("a").retries.on = {errc::unknown_agent};
  it.task("b").retries.on = {errc::unknown_agent};
  it.begin();
  it.fail_with("a", errc::unknown_agent);
  CHECK(it.record("a").state == task_state::ready);
  it.fail_with("b", errc::agent_failed);
  CHECK(it.record("b").state == task_state::failed);
}

TEST_CASE("a place under a cap is not left empty by a task that waits for "
          "another cap",
          "[run_rules]") {
  branch_world it;
  it.mission.concurrency = 10;
  it.mission.caps = {{"a", {}, 1}, {{}, "slow", 1}};
  it.task("hold").skill = "slow";
  it.task("first").agent = "a";
  auto& both = it.task("both");
  both.agent = "a";
  both.skill = "slow";
  it.task("last").agent = "a";
  it.begin();
  CHECK(it.started() == "hold first");
  it.say("first", "x"); // now `both` waits for `hold`, and `last` need not
  CHECK(it.started() == "last");
  it.say("last", "x");
  it.say("hold", "x");
  CHECK(it.started() == "both");
}

TEST_CASE("no more tasks of an agent or a skill run than its cap says",
          "[run_rules]") {
  branch_world it;
  it.mission.concurrency = 10;
  it.mission.caps = {{{}, "slow", 2}};
  for (int i = 0; i < 6; ++i)
    it.task("t" + std::to_string(i)).skill = i < 5 ? "slow" : "fast";
  it.begin();
  CHECK(it.started() == "t0 t1 t5");
  it.say("t0", "x");
  CHECK(it.started() == "t2");
  it.fail_with("t1", errc::unknown_agent);
  CHECK(it.started() == "t3");
  it.say("t2", "x");
  it.say("t3", "x");
  CHECK(it.started() == "t4");
}
