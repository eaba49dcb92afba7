#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/conversation.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using step = conversation::step;

namespace {

protocol::agent_spec editor() {
  protocol::agent_spec agent;
  agent.card.name = "editor";
  agent.card.level = protocol::tier::advanced;
  agent.instructions = "You edit.";
  agent.turns_max = 3;
  return agent;
}

protocol::perform_task task() {
  protocol::perform_task it;
  it.task = "t";
  it.prompt = "Shorten this.";
  it.account = "t/m/a";
  it.output_tokens_max = 77;
  it.seed = 9;
  return it;
}

protocol::model_reply wishing(std::vector<std::string> tools) {
  protocol::model_reply reply;
  reply.model = "p/a";
  reply.stop = protocol::stop_reason::tool_use;
  reply.content = {protocol::text_part{"Let me look."}};
  for (const auto& name : tools)
    reply.content.emplace_back(
        protocol::tool_call{"id-" + name, name, "{\"q\":1}"});
  return reply;
}

} // namespace

TEST_CASE("a prompt shows its inputs by name and the feedback last",
          "[conversation]") {
  auto it = task();
  CHECK(render_prompt(it) == "Shorten this.");
  it.inputs = {{"book", "Once."}, {"notes", "Twice."}};
  it.feedback = "too long";
  CHECK(render_prompt(it)
        == "Shorten this.\n\n<input name=\"book\">\nOnce.\n</input>"
           "\n\n<input name=\"notes\">\nTwice.\n</input>"
           "\n\nThe last answer was turned down: too long"
           "\nAnswer again and put that right.");
}

TEST_CASE("the first call holds what agent and task ask for",
          "[conversation]") {
  auto agent = editor();
  agent.model = "p/agent";
  auto it = task();
  const std::vector<protocol::tool_spec> tools{{"find", "finds", "{}"}};
  const conversation talk{agent, tools, it};
  const auto& call = talk.call();
  CHECK(call.model == "p/agent");
  CHECK(call.level == protocol::tier::advanced);
  CHECK(call.account == "t/m/a");
  CHECK(call.system == "You edit.");
  CHECK(call.tools == tools);
  CHECK(call.output_tokens_max == 77);
  CHECK(call.seed == 9);
  REQUIRE(call.messages.size() == 1);
  CHECK(call.messages[0].role == protocol::chat_role::user);
  CHECK(text_of(call.messages[0].content) == "Shorten this.");
  it.model = "p/task";
  it.level = protocol::tier::expert;
  const conversation pinned{agent, {}, it};
  CHECK(pinned.call().model == "p/task");
  CHECK(pinned.call().level == protocol::tier::expert);
}

TEST_CASE("an answer of text ends the conversation", "[conversation]") {
  conversation talk{editor(), {}, task()};
  auto reply = test::reply_of("Short.", 11, 3);
  reply.model = "p/a";
  reply.cost.nano_usd = 40;
  reply.simulated = true;
  REQUIRE(talk.add_reply(reply) == step::finish);
  const auto result = std::move(talk).result();
  CHECK(result.output == "Short.");
  CHECK(result.model == "p/a");
  CHECK(result.model_calls == 1);
  CHECK(result.used.input == 11);
  CHECK(result.cost.nano_usd == 40);
  CHECK(result.simulated);
}

TEST_CASE("answers that were given again are counted, with what they saved",
          "[conversation]") {
  conversation talk{editor(), {}, task()};
  auto wish = wishing({"find"});
  wish.cost.nano_usd = 3;
  REQUIRE(talk.add_reply(wish) == step::run_tools);
  talk.add_tool_results({{"id-find", "found", false}});
  auto reply = test::reply_of("Done.");
  reply.is_cached = true;
  reply.saved.nano_usd = 40;
  REQUIRE(talk.add_reply(reply) == step::finish);
  auto result = std::move(talk).result();
  CHECK(result.model_calls == 2);
  CHECK(result.cached_calls == 1);
  CHECK(result.saved.nano_usd == 40);
  CHECK(result.cost.nano_usd == 3);
  const auto theirs = result;
  add_use(result, theirs);
  CHECK(result.cached_calls == 2);
  CHECK(result.saved.nano_usd == 80);
}

TEST_CASE("tool results go back behind the model's own words",
          "[conversation]") {
  conversation talk{editor(), {}, task()};
  REQUIRE(talk.add_reply(wishing({"find", "sum"})) == step::run_tools);
  REQUIRE(talk.pending_tools().size() == 2);
  CHECK(talk.pending_tools()[1].name == "sum");
  talk.add_tool_results({{"id-find", "found", false}, {"id-sum", "no", true}});
  CHECK(talk.pending_tools().empty());
  const auto& messages = talk.call().messages;
  REQUIRE(messages.size() == 3);
  CHECK(messages[1].role == protocol::chat_role::assistant);
  CHECK(messages[1].content.size() == 3);
  CHECK(messages[2].role == protocol::chat_role::user);
  CHECK(messages[2].content.size() == 2);
  REQUIRE(talk.add_reply(test::reply_of("Done.")) == step::finish);
  const auto result = std::move(talk).result();
  CHECK(result.model_calls == 2);
  CHECK(result.tool_calls == 2);
}

TEST_CASE("a model that asks for tools in every turn exceeds the limit",
          "[conversation]") {
  conversation talk{editor(), {}, task()};
  for (int turn = 1; turn < 3; ++turn) {
    REQUIRE(talk.add_reply(wishing({"find"})) == step::run_tools);
    talk.add_tool_results({{"id-find", "found", false}});
  }
  REQUIRE(talk.add_reply(wishing({"find"})) == step::fail);
  CHECK(talk.failure().code == errc::limit_exceeded);
  CHECK(talk.failure().detail
        == "the model asked for tools in each of 3 turns");
}

TEST_CASE("a refusal and an answer without text are failures",
          "[conversation]") {
  conversation refused{editor(), {}, task()};
  auto reply = test::reply_of("I would rather not.");
  reply.stop = protocol::stop_reason::refusal;
  reply.model = "p/a";
  REQUIRE(refused.add_reply(reply) == step::fail);
  CHECK(refused.failure().code == errc::content_refused);
  CHECK(refused.failure().detail == "p/a declined to answer");
  conversation silent{editor(), {}, task()};
  REQUIRE(silent.add_reply(test::reply_of("")) == step::fail);
  CHECK(silent.failure().code == errc::agent_failed);
}
