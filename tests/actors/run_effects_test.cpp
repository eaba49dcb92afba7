#include "support/actors/branch_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;
using protocol::unknown_effect;
using test::branch_world;

namespace {

protocol::error nobody_knows() {
  auto why = protocol::fail(errc::effect_unknown,
                            "tool 'send', begun at noon, has not answered");
  why.effect = "e1";
  return why;
}

/// One task, whose effects ask somebody, and what needs it.
branch_world asking() {
  branch_world it;
  auto& task = it.task("mail");
  task.retries.unknown_effects = unknown_effect::ask;
  task.attempts_max = 1;
  it.task("end", {"mail"});
  return it;
}

const protocol::approval_given* last_answer(branch_world& it) {
  static protocol::journal_entry kept;
  for (auto& entry : it.rules->journal().take())
    if (std::holds_alternative<protocol::approval_given>(entry.what))
      kept = std::move(entry);
  return std::get_if<protocol::approval_given>(&kept.what);
}

} // namespace

TEST_CASE("an effect of which nobody knows fails its task, unless somebody is "
          "to be asked",
          "[run_rules][effects]") {
  auto it = asking();
  it.mission.tasks[0].retries.unknown_effects =
      GENERATE(unknown_effect::fail, unknown_effect::ask);
  it.begin();
  it.fail_with("mail", nobody_knows());
  const bool asks =
      it.mission.tasks[0].retries.unknown_effects == unknown_effect::ask;
  CHECK(it.record("mail").state
        == (asks ? task_state::running : task_state::failed));
  CHECK(it.events.back().kind
        == (asks ? event_kind::approval_asked : event_kind::task_skipped));
  if (asks) {
    CHECK(it.events.back().note.find("'send', begun at noon")
          != std::string::npos);
  }
}

TEST_CASE("who is asked of an effect says what it is, and the task goes on, "
          "whatever its number of attempts",
          "[run_rules][effects]") {
  auto it = asking();
  it.begin();
  it.rules->journal().keep();
  it.started();
  it.fail_with("mail", nobody_knows());
  CHECK(it.started().empty());
  const bool has_happened = GENERATE(true, false);
  REQUIRE(it.decide("mail", has_happened, "ada", "sent as 7").has_value());
  const auto* kept = last_answer(it);
  REQUIRE(kept != nullptr);
  CHECK((kept->effect == "e1" && kept->is_yes == has_happened));
  CHECK((kept->by == "ada" && kept->note == "sent as 7"));
  CHECK(it.started() == "mail");
  CHECK(it.record("mail").attempts == 2);
  it.say("mail", "done");
  CHECK(it.started() == "end");
}

TEST_CASE("an effect of which nobody says anything in time fails its task",
          "[run_rules][effects]") {
  auto it = asking();
  it.mission.tasks[0].approval.expires = 10s;
  it.mission.tasks[0].approval.approve_on_expiry = GENERATE(true, false);
  it.begin();
  it.fail_with("mail", nobody_knows());
  it.now += 10s;
  CHECK(it.rules->expire(it.now).empty());
  it.go();
  CHECK(it.record("mail").state == task_state::failed);
  CHECK(it.record("mail").failure->code == errc::effect_unknown);
  CHECK(it.record("end").state == task_state::skipped);
  CHECK(it.rules->report().state == run_state::failed);
}

TEST_CASE("one effect after the other may be asked for, and an attempt that "
          "fails otherwise asks nobody",
          "[run_rules][effects]") {
  auto it = asking();
  it.begin();
  it.fail_with("mail", nobody_knows());
  CHECK(it.decide("mail", true, "", "").has_error()); // by nobody
  REQUIRE(it.decide("mail", true, "ada").has_value());
  auto second = nobody_knows();
  second.effect = "e2";
  it.fail_with("mail", second);
  REQUIRE(it.decide("mail", false, "bob").has_value());
  CHECK(it.decide("mail", false, "bob").has_error()); // it asks no more
  it.fail_with("mail", errc::agent_failed);
  CHECK(it.record("mail").state == task_state::failed);
}

TEST_CASE("a run that is cancelled asks of no effect", "[run_rules][effects]") {
  auto it = asking();
  it.begin();
  (void)it.rules->cancel(protocol::fail(errc::cancelled, "enough"), it.now);
  it.fail_with("mail", nobody_knows());
  CHECK(it.record("mail").state == task_state::cancelled);
  CHECK(it.rules->report().state == run_state::cancelled);
}
