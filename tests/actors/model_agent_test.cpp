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

struct held_tool {
  std::vector<tool_work> calls;
  std::vector<caf::typed_response_promise<protocol::tool_result>> held;
  caf::actor_addr self;
};

struct studio {
  explicit studio(std::size_t tasks_max = 10, std::uint32_t turns_max = 3) {
    protocol::agent_spec spec;
    spec.card.name = "editor";
    spec.turns_max = turns_max;
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.tools = {{{"find", "finds", "{}"}, spawn_held()}};
    config.router = test::spawn_spy(world, router);
    config.tasks_max = tasks_max;
    config.clock = world.clock();
    agent = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  void tool_says(protocol::tool_result outcome) {
    test::run_inside(tool->self, [notes = tool, outcome] {
      notes->held.front().deliver(outcome);
    });
    world.run();
  }

  tool_actor spawn_held() {
    using handle = tool_actor::extend<caf::reacts_to<test::job>>;
    return world.keep(world.system().spawn(
        [notes = tool](handle::pointer self) -> handle::behavior_type {
          notes->self = self->address();
          return {
              [notes, self](
                  const tool_work& call) -> caf::result<protocol::tool_result> {
                notes->calls.push_back(call);
                auto it = self->make_response_promise<protocol::tool_result>();
                notes->held.push_back(it);
                return it;
              },
              [](const test::job& it) {
                it.code();
              }};
        }));
  }

  auto ask(std::uint64_t number = 1) {
    protocol::request<protocol::perform_task> msg;
    msg.head.message = {1, number};
    msg.head.cancel_scope = {5, number};
    msg.body.prompt = "Shorten this.";
    return world.ask<done>(agent, msg);
  }

  void cancel(protocol::id scope) {
    protocol::coordination<protocol::cancel> msg;
    msg.body = {scope, "enough"};
    world.tell(agent, msg);
  }

  void model_says(std::size_t at, protocol::result<protocol::model_reply> it) {
    router->release(at, std::move(it));
    world.run();
  }

  static protocol::model_reply wishing(std::vector<std::string> tools) {
    protocol::model_reply reply;
    for (const auto& name : tools)
      reply.content.emplace_back(protocol::tool_call{"id-" + name, name, "{}"});
    return reply;
  }

  test::virtual_time world;
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  std::shared_ptr<held_tool> tool = std::make_shared<held_tool>();
  agent_actor agent;
};

} // namespace

TEST_CASE("a model's answer is the agent's answer", "[model_agent]") {
  studio it;
  auto asked = it.ask();
  REQUIRE(it.router->asked.size() == 1);
  CHECK(it.router->asked[0].head.from == "editor");
  CHECK(it.router->asked[0].head.cancel_scope == protocol::id{5, 1});
  it.model_says(0, test::reply_of("Short."));
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.output == "Short.");
  CHECK((*asked->outcome)->head.correlation == protocol::id{1, 1});
}

TEST_CASE("tools run and their results go back to the model", "[model_agent]") {
  studio it;
  auto asked = it.ask();
  it.model_says(0, studio::wishing({"find", "fly"}));
  REQUIRE(it.tool->calls.size() == 1);
  CHECK(asked->is_open());
  it.tool_says(protocol::tool_result{"id-find", "found", false});
  REQUIRE(it.router->asked.size() == 2);
  const auto& results = it.router->asked[1].body.messages.at(2).content;
  CHECK(std::get<protocol::tool_result>(results.at(0))
        == protocol::tool_result{"id-find", "found", false});
  CHECK(std::get<protocol::tool_result>(results.at(1))
        == protocol::tool_result{"id-fly", "no such tool", true});
  it.model_says(1, test::reply_of("Done."));
  REQUIRE(asked->outcome);
  CHECK((*asked->outcome)->body.tool_calls == 2);
}

TEST_CASE("a call that a model repeats is told, and then ends its task",
          "[model_agent]") {
  studio it{10, 20};
  auto asked = it.ask();
  for (std::size_t i = 0; i < 3; ++i) {
    it.model_says(i, studio::wishing({"find"}));
    REQUIRE(it.tool->held.size() == i + 1);
    test::run_inside(it.tool->self, [notes = it.tool, i] {
      notes->held[i].deliver(protocol::tool_result{"id-find", "so", false});
    });
    it.world.run();
  }
  it.model_says(3, studio::wishing({"find"}));
  CHECK(it.tool->calls.size() == 3);
  REQUIRE(it.router->asked.size() == 5);
  const auto& last = it.router->asked[4].body.messages.back().content.back();
  const auto* told = std::get_if<protocol::tool_result>(&last);
  REQUIRE(told != nullptr);
  CHECK(told->is_error);
  CHECK(told->content.starts_with("repeated"));
  it.model_says(4, studio::wishing({"find"}));
  CHECK(it.tool->calls.size() == 3);
  REQUIRE(asked->code());
  CHECK(*asked->code() == errc::limit_exceeded);
}

TEST_CASE("a model that only asks for unknown tools is told so",
          "[model_agent]") {
  studio it;
  auto asked = it.ask();
  it.model_says(0, studio::wishing({"fly", "swim"}));
  REQUIRE(it.router->asked.size() == 2);
  CHECK(it.router->asked[1].body.messages.at(2).content.size() == 2);
  it.model_says(1, studio::wishing({"fly"}));
  it.model_says(2, studio::wishing({"fly"}));
  CHECK(asked->code() == errc::limit_exceeded);
}

TEST_CASE("R4: a tool that never answers ends its task after the deadline",
          "[model_agent]") {
  studio it;
  protocol::request<protocol::perform_task> msg;
  msg.head.message = {1, 1};
  msg.head.deadline = it.world.now() + 2s;
  auto asked = it.world.ask<done>(it.agent, msg);
  it.model_says(0, studio::wishing({"find"}));
  it.world.advance(4s);
  CHECK(it.router->asked.size() == 1); // no model is asked too late
  CHECK(asked->code() == errc::deadline_exceeded);
}

TEST_CASE("refusals, empty answers and the router's errors come through",
          "[model_agent]") {
  studio it;
  auto refused = it.ask(1);
  auto reply = test::reply_of("no");
  reply.stop = protocol::stop_reason::refusal;
  it.model_says(0, reply);
  CHECK(refused->code() == errc::content_refused);
  auto silent = it.ask(2);
  it.model_says(1, test::reply_of(""));
  CHECK(silent->code() == errc::agent_failed);
  auto poor = it.ask(3);
  it.model_says(2, protocol::fail(errc::budget_exhausted, "no money"));
  REQUIRE(poor->code() == errc::budget_exhausted);
  CHECK(poor->outcome->error().detail == "no money");
}

TEST_CASE("a cancel goes down to the router, whose answer ends the task",
          "[model_agent]") {
  studio it;
  auto asked = it.ask(1);
  auto other = it.ask(2);
  it.cancel({5, 1});
  CHECK(it.router->cancelled == std::vector<protocol::id>{{5, 1}});
  CHECK(asked->code() == errc::cancelled);
  CHECK(other->is_open());
}

TEST_CASE("R5: a reply that a cancel has overtaken runs no tools",
          "[model_agent]") {
  studio it;
  it.router->confirms_cancel = false;
  auto asked = it.ask(1);
  it.cancel({5, 1});
  CHECK(asked->is_open());
  it.model_says(0, studio::wishing({"find"}));
  CHECK(asked->code() == errc::cancelled);
  CHECK(asked->outcome->error().detail == "enough");
  CHECK(it.tool->calls.empty());
}

TEST_CASE("R5: an agent that is killed cancels its open calls",
          "[model_agent]") {
  studio it;
  auto asked = it.ask(1);
  it.world.end(it.agent, caf::exit_reason::kill);
  CHECK(it.router->cancelled == std::vector<protocol::id>{{5, 1}});
  CHECK(asked->code() == errc::unreachable);
}

TEST_CASE("R5: a cancel while a tool runs ends the task and stops the tool",
          "[model_agent]") {
  studio it;
  auto asked = it.ask();
  it.model_says(0, studio::wishing({"find"}));
  REQUIRE(it.tool->calls.size() == 1);
  CHECK_FALSE(it.tool->calls[0].stop.stop_requested());
  it.cancel({5, 1});
  CHECK(it.tool->calls[0].stop.stop_requested());
  REQUIRE(asked->code() == errc::cancelled);
  CHECK(asked->outcome->error().detail == "enough");
  it.tool_says(protocol::tool_result{"id-find", "found", false});
  CHECK(asked->answers == 1);
  CHECK(it.router->asked.size() == 1);
}

TEST_CASE("a cancel of no scope ends no task", "[model_agent]") {
  studio it;
  protocol::request<protocol::perform_task> msg;
  msg.head.message = {1, 1};
  auto asked = it.world.ask<done>(it.agent, msg);
  it.model_says(0, studio::wishing({"find"}));
  it.cancel({});
  CHECK(asked->is_open());
}

TEST_CASE("text that arrives is passed on in larger pieces", "[model_agent]") {
  studio it;
  it.router->deltas = std::vector<std::string>(30, std::string(20, 'x'));
  auto asked = it.ask();
  REQUIRE(asked->deltas.size() == 2);
  CHECK(asked->deltas[0].body.text.size() == 260);
  CHECK(asked->deltas[0].head.correlation == protocol::id{1, 1});
  CHECK(asked->deltas[0].head.content == protocol::taint::untrusted);
}

TEST_CASE("tasks beyond the most, and those too late, are not started",
          "[model_agent]") {
  studio it{1};
  auto first = it.ask(1);
  auto second = it.ask(2);
  CHECK(first->is_open());
  CHECK(second->code() == errc::overloaded);
  it.model_says(0, test::reply_of("Short."));
  protocol::request<protocol::perform_task> msg;
  msg.head.message = {1, 3};
  msg.head.deadline = it.world.now();
  CHECK(it.world.ask<done>(it.agent, msg)->code() == errc::deadline_exceeded);
  CHECK(it.router->asked.size() == 1);
}

TEST_CASE("a router that never answers is given up after the deadline",
          "[model_agent]") {
  studio it;
  protocol::request<protocol::perform_task> msg;
  msg.head.message = {1, 1};
  msg.head.deadline = it.world.now() + 10s;
  auto asked = it.world.ask<done>(it.agent, msg);
  it.world.advance(10s);
  CHECK(asked->is_open());
  it.world.advance(2s);
  CHECK(asked->code() == errc::deadline_exceeded);
}

TEST_CASE("tasks that are open when the agent ends are answered",
          "[model_agent]") {
  studio it;
  auto waiting = it.ask(1);
  auto with_tool = it.ask(2);
  it.model_says(1, studio::wishing({"find"}));
  it.world.end(it.agent, caf::exit_reason::kill);
  CHECK(waiting->code() == errc::unreachable);
  CHECK(with_tool->code() == errc::unreachable);
  CHECK(with_tool->answers == 1);
}

TEST_CASE("a result names the call that gave its output", "[model_agent]") {
  studio it;
  auto asked = it.ask();
  it.model_says(0, studio::wishing({"find"}));
  it.tool_says({"id-find", "found", false});
  it.model_says(1, test::reply_of("Short."));
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.last_call
        == it.router->asked.at(1).head.message);
}
