#include "support/actors/job.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/model_agent.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using done = protocol::response<protocol::task_result>;
using perform = protocol::request<protocol::perform_task>;

/// What the critic was asked, and what it has not answered yet.
struct critic_notes {
  std::vector<perform> asked;
  std::vector<caf::typed_response_promise<done>> held;
  std::vector<protocol::id> cancelled;
  caf::actor_addr self;
};

/// A writer with a model and a critic whom it may ask.
struct desk {
  explicit desk(std::vector<std::string> asks = {"critic"},
                delegation_limits limits = {}) {
    using handle = agent_actor::extend<caf::reacts_to<test::job>>;
    const auto critic = world.keep(world.system().spawn(
        [notes = notes](handle::pointer self) -> handle::behavior_type {
          notes->self = self->address();
          return {[notes, self](const perform& msg) -> caf::result<done> {
                    notes->asked.push_back(msg);
                    notes->held.push_back(self->make_response_promise<done>());
                    return notes->held.back();
                  },
                  [notes](const protocol::coordination<protocol::cancel>& it) {
                    notes->cancelled.push_back(it.body.scope);
                    for (auto& promise : std::exchange(notes->held, {}))
                      promise.deliver(
                          to_caf(protocol::fail(errc::cancelled, "stop")));
                  },
                  [](const protocol::notification<protocol::announcement>&) {},
                  [](const test::job& it) {
                    it.code();
                  }};
        }));
    register_critic(caf::actor_cast<agent_actor>(critic));
    protocol::agent_spec spec;
    spec.card.name = "writer";
    spec.asks = std::move(asks);
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.router = writer_router;
    config.clock = world.clock();
    config.registry = registry;
    config.delegation = limits;
    writer = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  void register_critic(const agent_actor& who) {
    protocol::request<protocol::register_agent> hello;
    hello.body.card.name = "critic";
    hello.body.card.skills = {"judging"};
    hello.body.card.description = "Judges texts.";
    world.tell(registry, hello, who);
  }

  auto ask() {
    perform msg;
    msg.head.message = {1, 1};
    msg.head.cancel_scope = {5, 5};
    msg.head.deadline = world.now() + 60s;
    msg.body.prompt = "Write.";
    msg.body.account = "tenant/run/task/writer";
    return world.ask<done>(writer, msg);
  }

  void model_wants(std::size_t at, const std::string& tool,
                   const std::string& arguments) {
    protocol::model_reply reply;
    reply.content.emplace_back(protocol::tool_call{"c1", tool, arguments});
    router->release(at, std::move(reply));
    world.run();
  }

  void critic_says(const std::string& text) {
    test::run_inside(notes->self, [notes = notes, text] {
      done answer;
      answer.body.output = text;
      answer.body.cost = {7};
      answer.body.model_calls = 2;
      answer.body.last_call = {7, 7};
      notes->held.front().deliver(std::move(answer));
      notes->held.clear();
    });
    world.run();
  }

  test::virtual_time world;
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  router_actor writer_router = test::spawn_spy(world, router);
  registry_actor registry =
      world.keep(spawn_registry(world.system(), {100, world.clock(), 1}));
  std::shared_ptr<critic_notes> notes = std::make_shared<critic_notes>();
  agent_actor writer;
};

constexpr auto question = R"({"agent": "critic", "prompt": "Good?"})";

} // namespace

TEST_CASE("an agent asks another one and its model reads the answer",
          "[colleague]") {
  desk it;
  auto asked = it.ask();
  CHECK(it.router->asked.at(0).body.tools.size() == 2);
  it.model_wants(0, "ask_agent", question);
  REQUIRE(it.notes->asked.size() == 1);
  const auto& theirs = it.notes->asked[0];
  CHECK(theirs.body.prompt == "Good?");
  CHECK(theirs.body.account == "tenant/run/task/writer");
  CHECK(theirs.body.chain.size() == 1);
  CHECK(theirs.head.from == "writer");
  CHECK(theirs.head.cancel_scope == protocol::id{5, 5});
  CHECK(theirs.head.deadline == it.world.now() + 60s);
  CHECK(theirs.head.content == protocol::taint::untrusted);
  it.critic_says("Very good.");
  REQUIRE(it.router->asked.size() == 2);
  CHECK(std::get<protocol::tool_result>(
            it.router->asked[1].body.messages.at(2).content.at(0))
        == protocol::tool_result{"c1", "Very good.", false});
  it.router->release(1, test::reply_of("Done."));
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.output == "Done.");
  CHECK((*asked->outcome)->body.model_calls == 4); // both agents'
}

TEST_CASE("R4: whoever an agent asks gets no more time than the agent has",
          "[colleague]") {
  desk it;
  const auto asked = it.ask();
  const auto deadline = it.world.now() + 60s;
  it.world.advance(10s);
  it.model_wants(0, "ask_agent", question);
  it.world.advance(10s);
  it.critic_says("Very good.");
  REQUIRE(it.router->asked.size() == 2);
  CHECK(it.notes->asked.at(0).head.deadline == deadline);
  CHECK(it.router->asked[0].head.deadline == deadline);
  CHECK(it.router->asked[1].head.deadline == deadline);
}

TEST_CASE("an agent goes on when a colleague dies over its question",
          "[colleague]") {
  desk it;
  protocol::agent_spec spec;
  spec.card.name = "critic";
  model_agent_config config;
  config.spec = std::make_shared<const protocol::agent_spec>(spec);
  config.router = it.writer_router;
  config.clock = it.world.clock();
  const auto critic =
      it.world.keep(spawn_model_agent(it.world.system(), std::move(config)));
  it.register_critic(critic);
  const auto asked = it.ask();
  it.model_wants(0, "ask_agent", question);
  REQUIRE(it.router->asked.size() == 2); // the critic asks its model
  it.world.end(critic, caf::exit_reason::kill);
  CHECK(it.router->cancelled.empty());
  REQUIRE(it.router->asked.size() == 3); // the writer asks on
  it.router->release(2, test::reply_of("Done."));
  it.world.run();
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->has_value());
}

TEST_CASE("a task that is handed over ends with the other's answer",
          "[colleague]") {
  desk it;
  auto asked = it.ask();
  it.model_wants(0, "hand_off", question);
  it.critic_says("Mine now.");
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.output == "Mine now.");
  CHECK((*asked->outcome)->body.last_call == protocol::id{7, 7});
  CHECK(it.router->asked.size() == 1);
}

TEST_CASE("R5: a cancel reaches the agents that an agent has asked",
          "[colleague]") {
  desk it;
  auto asked = it.ask();
  it.model_wants(0, "ask_agent", question);
  protocol::coordination<protocol::cancel> stop;
  stop.body = {{5, 5}, "enough"};
  it.world.tell(it.writer, stop);
  CHECK(it.notes->cancelled == std::vector<protocol::id>{{5, 5}});
  CHECK(asked->code() == errc::cancelled);
}

TEST_CASE("a model that asks for somebody unknown is told so", "[colleague]") {
  desk it;
  auto asked = it.ask();
  it.model_wants(0, "ask_agent", R"({"agent": "boss", "prompt": "Good?"})");
  CHECK(it.notes->asked.empty());
  REQUIRE(it.router->asked.size() == 2);
  CHECK(std::get<protocol::tool_result>(
            it.router->asked[1].body.messages.at(2).content.at(0))
            .is_error);
}

TEST_CASE("a colleague that never answers ends the task at its deadline",
          "[colleague]") {
  desk it;
  auto asked = it.ask();
  it.model_wants(0, "ask_agent", question);
  it.world.advance(62s);
  CHECK(asked->code() == errc::deadline_exceeded);
}

namespace {

/// What the model is told about its tool call, after its second call.
protocol::tool_result told(const desk& it, std::size_t at) {
  return std::get<protocol::tool_result>(
      it.router->asked.at(at).body.messages.back().content.at(0));
}

} // namespace

TEST_CASE("a model finds an agent by what it shall do, and asks it",
          "[colleague]") {
  desk it{{"*"}};
  const auto asked = it.ask();
  CHECK(it.router->asked.at(0).body.tools.size() == 3);
  it.model_wants(0, "find_agents", R"({"text": "judge my text"})");
  CHECK(told(it, 1).content.find(R"("agent":"critic")") != std::string::npos);
  it.model_wants(1, "ask_agent", question);
  it.critic_says("Very good.");
  it.router->release(2, test::reply_of("Done."));
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.questions == 1);
}

TEST_CASE("a model that finds nobody is told so and goes on", "[colleague]") {
  desk it{{"*"}};
  const auto asked = it.ask();
  it.model_wants(0, "find_agents", R"({"text": "submarine"})");
  CHECK(told(it, 1).is_error);
  it.model_wants(1, "find_agents", "{}");
  CHECK(told(it, 2).is_error);
}

TEST_CASE("a model that may ask only some agents cannot search for others",
          "[colleague]") {
  desk it;
  const auto asked = it.ask();
  it.model_wants(0, "find_agents", R"({"text": "judge my text"})");
  CHECK(told(it, 1) == protocol::tool_result{"c1", "no such tool", true});
}

TEST_CASE("a model that has put all its questions is told so", "[colleague]") {
  desk it{{"critic"}, {4, 1}};
  const auto asked = it.ask();
  it.model_wants(0, "ask_agent", question);
  CHECK(it.notes->asked.at(0).body.questions_max == 0);
  it.critic_says("Very good.");
  it.model_wants(1, "ask_agent", R"({"agent": "critic", "prompt": "Sure?"})");
  CHECK(it.notes->asked.size() == 1);
  CHECK(told(it, 2).is_error);
}

TEST_CASE("an agent that was asked puts no more questions than it was granted",
          "[colleague]") {
  desk it;
  perform msg;
  msg.head.message = {1, 1};
  msg.body.prompt = "Write.";
  msg.body.chain = {{"editor", {7, 7}}};
  msg.body.questions_max = 0;
  const auto asked = it.world.ask<done>(it.writer, msg);
  it.model_wants(0, "ask_agent", question);
  CHECK(it.notes->asked.empty());
  CHECK(told(it, 1).is_error);
}
