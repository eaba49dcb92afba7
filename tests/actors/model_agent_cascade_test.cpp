// Whom a model agent asks: the router, or the cascade before it.
#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/model_agent.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using done = protocol::response<protocol::task_result>;

struct studio {
  explicit studio(bool has_cascade) {
    protocol::agent_spec spec;
    spec.card.name = "editor";
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.router = test::spawn_spy(world, router);
    if (has_cascade)
      config.cascade = test::spawn_spy(world, cascade);
    config.clock = world.clock();
    agent = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  auto ask(bool is_planned) {
    protocol::request<protocol::perform_task> msg;
    msg.head.message = {1, ++tasks};
    msg.head.cancel_scope = {5, tasks};
    msg.body.prompt = "Shorten this.";
    if (is_planned)
      msg.body.terms.cascade = protocol::cascade_plan{};
    return world.ask<done>(agent, msg);
  }

  test::virtual_time world;
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  std::shared_ptr<test::provider_spy> cascade =
      std::make_shared<test::provider_spy>();
  agent_actor agent;
  std::uint64_t tasks = 0;
};

} // namespace

TEST_CASE(
    "an agent asks the cascade where its task has a plan, else the router",
    "[cascade]") {
  studio it{true};
  const auto plain = it.ask(false);
  const auto planned = it.ask(true);
  CHECK(it.router->asked.size() == 1);
  REQUIRE(it.cascade->asked.size() == 1);
  CHECK(it.cascade->asked[0].body.terms.cascade);
  it.cascade->release(0, test::reply_of("short"));
  it.world.run();
  CHECK(planned->outcome->value().body.output == "short");
  CHECK(plain->is_open());
}

TEST_CASE("a cancel goes one way, past the cascade if there is one",
          "[cascade]") {
  studio it{true};
  (void)it.ask(true);
  protocol::coordination<protocol::cancel> msg;
  msg.body = {{5, 1}, "enough"};
  it.world.tell(it.agent, msg);
  CHECK(it.cascade->cancelled == std::vector<protocol::id>{{5, 1}});
  CHECK(it.router->cancelled.empty());
}

TEST_CASE("without a cascade the router gets calls with a plan too",
          "[cascade]") {
  studio it{false};
  (void)it.ask(true);
  CHECK(it.router->asked.size() == 1);
  it.world.end(it.agent);
  CHECK(it.router->cancelled == std::vector<protocol::id>{{5, 1}});
}
