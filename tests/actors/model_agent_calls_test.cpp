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
constexpr std::uint32_t turns = 30;

/// The answer of a model that calls a tool in each turn but the last.
protocol::model_reply reply_to(const protocol::model_call& call) {
  const auto turn = call.messages.size() / 2 + 1;
  protocol::model_reply reply;
  reply.model = "p/a";
  reply.used.input = call.messages.size();
  reply.used.output = 1;
  reply.cost = protocol::money{static_cast<std::int64_t>(turn)};
  if (turn == turns)
    reply.content = {protocol::text_part{"done"}};
  else // every other call is one that was made before, in other spaces
    reply.content = {protocol::tool_call{"id" + std::to_string(turn), "look",
                                         std::string(turn % 2, ' ') + "{\"n\":"
                                             + std::to_string(turn / 2) + "}"}};
  return reply;
}

/// A process: an agent with one tool, whose model answers so many calls.
struct process {
  explicit process(std::size_t answers) {
    protocol::agent_spec spec;
    spec.card.name = "editor";
    spec.turns_max = turns;
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.tools = {
        {{"look", "looks", "{}"},
         world.keep(world.system().spawn([]() -> tool_actor::behavior_type {
           return {[](const tool_work& it) {
             return protocol::tool_result{it.call.call_id,
                                          "saw " + it.call.arguments, false};
           }};
         })),
         true}};
    router->script = [this, answers](const auto& ask)
        -> std::optional<protocol::result<protocol::model_reply>> {
      if (router->asked.size() > answers)
        return std::nullopt;
      return reply_to(ask.body);
    };
    config.router = test::spawn_spy(world, router);
    config.clock = world.clock();
    config.journal = test::spawn_spy(world, notes);
    agent = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  auto ask(std::uint32_t attempt) {
    protocol::request<protocol::perform_task> msg;
    msg.head.message = {1, attempt};
    msg.head.cancel_scope = msg.head.message;
    msg.head.conversation = run;
    msg.body.task = "look";
    msg.body.attempt = attempt;
    msg.body.prompt = "Look around.";
    return world.ask<done>(agent, msg);
  }

  [[nodiscard]] std::vector<kept_call> calls() const {
    std::vector<kept_call> all;
    for (const auto& it : notes->calls)
      all.push_back(it.what);
    return all;
  }

  protocol::id run{9, 9};
  test::virtual_time world;
  std::shared_ptr<test::journal_spy> notes =
      std::make_shared<test::journal_spy>();
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  agent_actor agent;
};

/// As `begin_effect` names an effect: tool, arguments and number.
std::vector<std::string> effects_of(const process& it) {
  std::vector<std::string> all;
  for (const auto& begun : it.notes->begun)
    all.push_back(begun.arguments + '#' + std::to_string(begun.number));
  return all;
}

} // namespace

TEST_CASE("each call of a task is kept, with what was new in it",
          "[model_agent][kept_calls]") {
  process it{turns};
  const auto asked = it.ask(1);
  REQUIRE(asked->outcome);
  REQUIRE(asked->outcome->has_value());
  const auto calls = it.calls();
  REQUIRE(calls.size() == turns);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CHECK(calls[i].task == "look");
    CHECK(calls[i].agent == "editor");
    CHECK(calls[i].attempt == 1);
    CHECK(calls[i].number == i + 1);
    CHECK(calls[i].asked.size() == 1);
    CHECK(calls[i].call == it.router->asked[i].head.message);
    CHECK(calls[i].reply == reply_to(it.router->asked[i].body));
  }
  CHECK(it.notes->calls[0].run == it.run);
  CHECK(it.notes->read.empty()); // a first attempt has nothing before it
}

TEST_CASE("A: a task whose process ended between two calls makes the calls "
          "that were left, and no other",
          "[model_agent][kept_calls]") {
  process unbroken{turns};
  const auto whole = unbroken.ask(1);
  for (std::size_t k = 0; k <= turns; ++k) {
    CAPTURE(k);
    process one{k};
    const auto lost = one.ask(1);
    REQUIRE(one.calls().size() == k);
    process two{turns};
    two.notes->past = one.calls();
    const auto asked = two.ask(2);
    REQUIRE(two.notes->read.size() == 1);
    CHECK(two.notes->read[0].task == "look");
    CHECK(two.notes->read[0].attempt == 2);
    CHECK(two.router->asked.size() == turns - k);
    REQUIRE(asked->outcome);
    auto mine = asked->outcome->value().body;
    auto theirs = whole->outcome->value().body;
    CHECK(mine.last_call);
    mine.last_call = theirs.last_call;
    CHECK(mine == theirs); // usage, cost and calls too: once
    // What was begun has the same name as without the end of a process.
    auto effects = effects_of(one);
    if (k > 0 && k < turns)
      effects.pop_back(); // begun again, under its name
    for (auto& name : effects_of(two))
      effects.push_back(std::move(name));
    CHECK(effects == effects_of(unbroken));
  }
}

TEST_CASE("a call is kept before an effect that follows from it, and a task's "
          "answer is given once its last call is kept",
          "[model_agent][kept_calls]") {
  process it{2};
  it.notes->holds = true;
  const auto asked = it.ask(1);
  // The journal has been told of the call first; it takes one by one.
  CHECK(it.notes->calls.size() == 2);
  CHECK(it.notes->begun.size() == 2);
  process last{turns};
  last.notes->holds = true;
  const auto answer = last.ask(1);
  CHECK(last.router->asked.size() == turns);
  CHECK_FALSE(answer->outcome);
  last.notes->release();
  last.world.run();
  REQUIRE(answer->outcome);
  CHECK(answer->outcome->value().body.output == "done");
}

TEST_CASE("a task that is cancelled while its last call is kept ends as "
          "cancelled",
          "[model_agent][kept_calls]") {
  process it{turns};
  it.notes->holds = true;
  const auto answer = it.ask(1);
  it.world.tell(it.agent, protocol::coordination<protocol::cancel>{
                              {}, {protocol::id{1, 1}, "enough"}});
  it.world.run();
  it.notes->release();
  it.world.run();
  REQUIRE(answer->outcome);
  REQUIRE_FALSE(*answer->outcome);
  CHECK(answer->outcome->error().code == errc::cancelled);
}

TEST_CASE("a task whose calls cannot be kept or read ends, and asks no more",
          "[model_agent][kept_calls]") {
  process it{turns};
  it.notes->lost = protocol::fail(errc::journal_failed, "no room");
  const auto attempt = GENERATE(1U, 2U);
  const auto asked = it.ask(attempt);
  REQUIRE(asked->outcome);
  REQUIRE_FALSE(*asked->outcome);
  CHECK(asked->outcome->error().code == errc::journal_failed);
  CHECK(it.router->asked.size() <= 2);
}

TEST_CASE("calls of a task that belongs to no run are not kept",
          "[model_agent][kept_calls]") {
  process it{turns};
  it.run = {};
  const auto asked = it.ask(2);
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->value().body.output == "done");
  CHECK(it.notes->calls.empty());
  CHECK(it.notes->read.empty());
}
