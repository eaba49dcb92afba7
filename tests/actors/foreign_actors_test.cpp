// What troupe's own actors do when somebody else's, written in plain CAF, ends
// with their request in its hands. In none of these tests does time pass, but
// where a task is tried again.
#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::router_world;
using test::run_world;

namespace {

using done = protocol::response<protocol::task_result>;

caf::exit_reason any_end() {
  return GENERATE(caf::exit_reason::kill, caf::exit_reason::user_shutdown);
}

/// An agent with a tool, both of whose callees are foreign.
struct studio {
  studio() {
    protocol::agent_spec spec;
    spec.card.name = "editor";
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.tools = {{{"find", "finds", "{}"}, tool}};
    config.router = router_handle;
    config.clock = world.clock();
    agent = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  std::shared_ptr<test::asked<done>> ask() {
    protocol::request<protocol::perform_task> msg;
    msg.head.message = {1, 1};
    msg.body.prompt = "Shorten this.";
    return world.ask<done>(agent, msg);
  }

  /// Keeps its calls, and whoever asks waits.
  tool_actor spawn_tool() {
    return world.keep(world.system().spawn(
        [held = held](tool_actor::pointer self) -> tool_actor::behavior_type {
          return {[=](const tool_work&) -> caf::result<protocol::tool_result> {
            held->push_back(
                self->make_response_promise<protocol::tool_result>());
            return held->back();
          }};
        }));
  }

  test::virtual_time world;
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  test::provider_spy::handle router_handle = test::spawn_spy(world, router);
  std::shared_ptr<
      std::vector<caf::typed_response_promise<protocol::tool_result>>>
      held = std::make_shared<
          std::vector<caf::typed_response_promise<protocol::tool_result>>>();
  tool_actor tool = spawn_tool();
  agent_actor agent;
};

} // namespace

TEST_CASE("R3: a task whose agent ends is tried again with its successor",
          "[foreign_actors]") {
  run_world it;
  it.task("a", "ann");
  it.start();
  const auto old = it.handles["ann"];
  const auto restarted = std::make_shared<test::agent_spy>();
  it.add_agent("ann", test::spawn_spy(it.world, restarted));
  it.world.end(old, any_end());
  it.world.advance(250ms); // an agent is given time to come back
  REQUIRE(restarted->asked.size() == 1);
  CHECK(restarted->asked[0].body.attempt == 2);
  restarted->release(0, run_world::text("done"));
  it.world.run();
  CHECK(it.sink->report.state == protocol::run_state::done);
}

TEST_CASE("R3: a task whose agent ends for good fails at once",
          "[foreign_actors]") {
  run_world it;
  it.task("a", "ann").attempts_max = 1;
  it.start();
  REQUIRE(it.spies["ann"]->asked.size() == 1);
  it.world.end(it.handles["ann"], any_end());
  REQUIRE(it.sink->ends == 1);
  CHECK(it.sink->report.tasks[0].failure->code == errc::unreachable);
}

TEST_CASE("R3: a call whose provider ends goes to the next one at once",
          "[foreign_actors]") {
  router_world it;
  const auto asked = it.ask(router_world::call());
  REQUIRE(it.first->asked.size() == 1);
  it.world.end(it.first_handle, any_end());
  REQUIRE(it.second->asked.size() == 1);
  it.second->release(0, test::reply_of("hello"));
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(asked->outcome->has_value());
  CHECK((*asked->outcome)->body.attempts == 2);
  const auto books = it.account(); // the first may have billed its call
  CHECK(books.unknown > protocol::money{});
  CHECK(books.open_reservations == 0);
}

TEST_CASE("R3: a call fails at once when its last provider ends",
          "[foreign_actors]") {
  router_world it{1};
  const auto asked = it.ask(router_world::call());
  it.world.end(it.first_handle, any_end());
  CHECK(asked->code() == errc::unreachable);
  CHECK(asked->answers == 1);
}

TEST_CASE("R3: a task fails at once when its agent's router ends",
          "[foreign_actors]") {
  studio it;
  const auto asked = it.ask();
  REQUIRE(it.router->asked.size() == 1);
  it.world.end(it.router_handle, any_end());
  CHECK(asked->code() == errc::unreachable);
  CHECK(asked->answers == 1);
}

TEST_CASE("R3: a model is told at once that its tool has ended",
          "[foreign_actors]") {
  studio it;
  const auto asked = it.ask();
  protocol::model_reply wish;
  wish.content.emplace_back(protocol::tool_call{"id-find", "find", "{}"});
  it.router->release(0, wish);
  it.world.run();
  REQUIRE(it.held->size() == 1);
  it.world.end(it.tool, any_end());
  REQUIRE(it.router->asked.size() == 2);
  const auto& told = it.router->asked[1].body.messages.at(2).content.at(0);
  CHECK(std::get<protocol::tool_result>(told).is_error);
  it.router->release(1, test::reply_of("Done without."));
  it.world.run();
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->has_value());
}
