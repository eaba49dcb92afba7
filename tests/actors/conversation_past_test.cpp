#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "troupe/actors/conversation.hpp"

using namespace troupe;
using namespace troupe::actors;
using step = conversation::step;

namespace {

protocol::agent_spec editor(std::uint32_t turns_max = 100) {
  protocol::agent_spec agent;
  agent.card.name = "editor";
  agent.turns_max = turns_max;
  return agent;
}

protocol::perform_task task(std::string prompt = "Shorten this.") {
  protocol::perform_task it;
  it.task = "t";
  it.prompt = std::move(prompt);
  return it;
}

protocol::model_reply reply_of(bool is_last, int turn) {
  protocol::model_reply reply;
  reply.model = "p/a";
  reply.used.input = 100;
  reply.used.output = 7;
  reply.cost = protocol::money{1'000 + turn};
  if (is_last)
    reply.content = {protocol::text_part{"done"}};
  else
    reply.content = {protocol::tool_call{"id", "look", std::to_string(turn)}};
  return reply;
}

void give_result(conversation& it, int turn) {
  it.add_tool_results({{"id", "saw " + std::to_string(turn), false}});
}

/// So many turns, of which each asks for a tool; what was kept of them.
std::vector<kept_call> talk_for(conversation& it, int turns) {
  std::vector<kept_call> kept;
  for (int i = 1; i <= turns; ++i) {
    kept.push_back(it.note(reply_of(false, i)));
    REQUIRE(it.add_reply(reply_of(false, i)) == step::run_tools);
    give_result(it, i);
  }
  return kept;
}

} // namespace

TEST_CASE("a conversation goes on behind its kept calls as if it had not been "
          "broken off",
          "[conversation]") {
  const auto turns = GENERATE(1, 2, 3, 10);
  conversation whole{editor(), {}, task()};
  const auto kept = talk_for(whole, turns);
  conversation other{editor(), {}, task("The prompt is another by now.")};
  CHECK(other.go_on_behind(kept) == step::run_tools);
  REQUIRE(other.pending_tools().size() == 1);
  CHECK(other.pending_tools()[0].arguments == std::to_string(turns));
  give_result(other, turns);
  CHECK(other.call() == whole.call());
  // What is kept from here on follows what was kept.
  const auto last = reply_of(true, turns + 1);
  CHECK(other.note(last) == whole.note(last));
  CHECK(other.add_reply(last) == step::finish);
  CHECK(whole.add_reply(last) == step::finish);
  CHECK(std::move(other).result() == std::move(whole).result());
}

TEST_CASE("what is kept of a call is what was new in it", "[conversation]") {
  conversation it{editor(), {}, task()};
  const auto kept = talk_for(it, 5);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CHECK(kept[i].number == i + 1);
    REQUIRE(kept[i].asked.size() == 1);
    CHECK(kept[i].asked[0].role == protocol::chat_role::user);
    CHECK(kept[i].before.model_calls == i);
  }
}

TEST_CASE("a conversation that had come to its end has the same end again",
          "[conversation]") {
  conversation first{editor(), {}, task()};
  auto kept = talk_for(first, 2);
  SECTION("an answer") {
    kept.push_back(first.note(reply_of(true, 3)));
    conversation again{editor(), {}, task()};
    REQUIRE(again.go_on_behind(kept) == step::finish);
    const auto result = std::move(again).result();
    CHECK(result.output == "done");
    CHECK(result.model_calls == 3);
    CHECK(result.cost == protocol::money{3'006});
  }
  SECTION("no turns left") {
    conversation again{editor(2), {}, task()};
    CHECK(again.go_on_behind(kept) == step::fail);
    CHECK(again.failure().code == protocol::errc::limit_exceeded);
  }
}

TEST_CASE("calls that are no conversation change nothing", "[conversation]") {
  conversation first{editor(), {}, task()};
  auto kept = talk_for(first, 2);
  if (GENERATE(true, false)) {
    kept.push_back(first.note(reply_of(true, 3)));
    kept.push_back(kept[1]); // behind its end
  } else {
    kept[1].asked.clear();
  }
  conversation it{editor(), {}, task()};
  const auto before = it.call();
  CHECK_FALSE(it.go_on_behind(kept));
  CHECK_FALSE(it.go_on_behind({}));
  CHECK(it.call() == before);
  CHECK(it.note(reply_of(true, 1)).number == 1);
}

TEST_CASE("a call that a model was told it repeats is none that was made",
          "[conversation]") {
  auto agent = editor();
  agent.repeats_max = 1;
  conversation first{agent, {}, task()};
  std::vector<kept_call> kept;
  for (const int arguments : {1, 1, 2, 3}) { // the second is not made
    const auto reply = reply_of(false, arguments);
    kept.push_back(first.note(reply));
    REQUIRE(first.add_reply(reply) == step::run_tools);
    give_result(first, arguments);
  }
  conversation again{agent, {}, task()};
  REQUIRE(again.go_on_behind(kept) == step::run_tools);
  std::vector<std::string> made;
  for (const auto& it : again.made_before())
    made.push_back(it.arguments);
  CHECK(made == std::vector<std::string>{"1", "2"}); // the last is begun again
}
