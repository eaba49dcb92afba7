#include "support/actors/journal_spy.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/model_agent.hpp"

#include <caf/all.hpp>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using done = protocol::response<protocol::task_result>;

/// An agent with one tool, whose calls are kept.
struct effects_world {
  effects_world() {
    protocol::agent_spec spec;
    spec.card.name = "editor";
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.tools = {
        {{"send", "sends", "{}"},
         world.keep(world.system().spawn([this]() -> tool_actor::behavior_type {
           return {[this](const tool_work& it) {
             calls.push_back(it);
             return protocol::tool_result{it.call.call_id, "sent", false};
           }};
         })),
         true}};
    config.router = test::spawn_spy(world, router);
    config.clock = world.clock();
    config.journal = test::spawn_spy(world, notes);
    agent = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  auto ask(protocol::id run = {9, 9}) {
    protocol::request<protocol::perform_task> msg;
    msg.head.message = {1, 1};
    msg.head.conversation = run;
    msg.body.task = "mail";
    msg.body.prompt = "Send it.";
    return world.ask<done>(agent, msg);
  }

  void model_says(std::size_t at, protocol::model_reply reply) {
    router->release(at, std::move(reply));
    world.run();
  }

  static protocol::model_reply wishing(std::vector<std::string> arguments) {
    protocol::model_reply reply;
    for (const auto& it : arguments)
      reply.content.emplace_back(protocol::tool_call{"id-" + it, "send", it});
    return reply;
  }

  test::virtual_time world;
  std::shared_ptr<test::journal_spy> notes =
      std::make_shared<test::journal_spy>();
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  std::vector<tool_work> calls;
  agent_actor agent;
};

} // namespace

TEST_CASE("a tool is called once its call is kept, and its answer is kept "
          "before it is used",
          "[model_agent][effects]") {
  effects_world it;
  const auto asked = it.ask();
  it.model_says(0, effects_world::wishing({R"({"to":"ann"})"}));
  REQUIRE(it.calls.size() == 1);
  REQUIRE(it.notes->begun.size() == 1);
  const auto& begun = it.notes->begun[0];
  CHECK(begun.run == protocol::id{9, 9});
  CHECK(begun.step == "mail/editor");
  CHECK(begun.tool == "send");
  CHECK(begun.arguments == R"({"to":"ann"})");
  CHECK(begun.is_idempotent);
  CHECK(it.calls[0].key == "key1");
  REQUIRE(it.notes->ended.size() == 1);
  CHECK(it.notes->ended[0].key == "key1");
  CHECK(it.notes->ended[0].outcome.content == "sent");
  REQUIRE(it.router->asked.size() == 2);
}

TEST_CASE("equal calls of one attempt are told apart by their number",
          "[model_agent][effects]") {
  effects_world it;
  const auto asked = it.ask();
  it.model_says(0, effects_world::wishing({"{}", "{}", R"({"x":1})"}));
  REQUIRE(it.notes->begun.size() == 3);
  CHECK(it.notes->begun[0].number == 1);
  CHECK(it.notes->begun[1].number == 2);
  CHECK(it.notes->begun[2].number == 1);
}

TEST_CASE("calls whose arguments stand in another order are equal",
          "[model_agent][effects]") {
  effects_world it;
  const auto asked = it.ask();
  it.model_says(
      0, effects_world::wishing({R"({"a":1,"b":2})", R"({ "b": 2, "a": 1 })"}));
  REQUIRE(it.notes->begun.size() == 2);
  CHECK(it.notes->begun[0].number == 1);
  CHECK(it.notes->begun[1].number == 2);
}

TEST_CASE("B: what a tool gave before is used, and it is not called again",
          "[model_agent][effects]") {
  effects_world it;
  it.notes->done = protocol::tool_result{"other", "sent long ago", false};
  const auto asked = it.ask();
  it.model_says(0, effects_world::wishing({"{}"}));
  CHECK(it.calls.empty());
  CHECK(it.notes->ended.empty());
  REQUIRE(it.router->asked.size() == 2);
  const auto& said = it.router->asked[1].body.messages.back().content;
  const auto* result = std::get_if<protocol::tool_result>(&said.front());
  REQUIRE(result != nullptr);
  CHECK(result->content == "sent long ago");
  CHECK(result->call_id == "id-{}"); // the model's of now
}

TEST_CASE("a task whose tool may have been at work ends, and calls nothing",
          "[model_agent][effects]") {
  effects_world it;
  it.notes->unknown = protocol::fail(errc::effect_unknown, "send");
  const auto asked = it.ask();
  it.model_says(0, effects_world::wishing({"{}"}));
  CHECK(it.calls.empty());
  REQUIRE(asked->outcome);
  REQUIRE_FALSE(*asked->outcome);
  CHECK(asked->outcome->error().code == errc::effect_unknown);
  CHECK(retry_of(errc::effect_unknown) == protocol::retry::never);
}

TEST_CASE("tools of a task that belongs to no run are not kept",
          "[model_agent][effects]") {
  effects_world it;
  const auto asked = it.ask({});
  it.model_says(0, effects_world::wishing({"{}"}));
  CHECK(it.calls.size() == 1);
  CHECK(it.notes->begun.empty());
}
