// Agents that are being started again while somebody asks for them.
#include "engine/ask_actor.hpp"
#include "engine/code_agents.hpp"
#include "engine/find_agents.hpp"
#include "support/catch.hpp"
#include "support/runtime/engine_parts.hpp"

#include <caf/all.hpp>

using namespace troupe;
using test::mission_of;

TEST_CASE("a run begins while the agent that it needs is being started again, "
          "and one whose agent nobody knows is refused",
          "[runtime]") {
  runtime_config config;
  config.threads = 2;
  config.log.level = log_level::off;
  auto made = engine::start(config);
  REQUIRE(made.has_value());
  auto& it = **made;
  protocol::agent_card card;
  card.name = "ann";
  REQUIRE(it.add_code_agent(
                card, code_agent(card,
                                 [](const task_view&) {
                                   return protocol::result<std::string>{"done"};
                                 },
                                 execution::inline_, {}))
              .has_value());
  for (int i = 0; i < 8; ++i) { // fewer than its supervisor allows
    const auto found =
        find_agents(it.system(), test::roles_of(it), mission_of("ann"));
    REQUIRE(found.has_value());
    caf::scoped_actor self{it.system()};
    const auto ann = caf::actor_cast<caf::actor>(found->handles.front());
    self->monitor(ann);
    test::kill(ann);
    self->receive([](const caf::down_msg&) {}); // so far it has come
    auto run = it.start_run(mission_of("ann"), {});
    REQUIRE(run.has_value());
    CHECK(run->wait().state == protocol::run_state::done);
  }
  const auto nobody =
      find_agents(it.system(), test::roles_of(it), mission_of("bob"));
  REQUIRE(nobody.has_error());
  CHECK(nobody.error().code == protocol::errc::unknown_agent);
}
