#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/registry.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::tier;

namespace {

using registered = protocol::response<protocol::agent_registered>;
using found = protocol::response<protocol::agents_found>;

struct office {
  test::virtual_time world;
  registry_actor registry =
      world.keep(spawn_registry(world.system(), {100, world.clock(), 1}));

  agent_actor agent() {
    return test::spawn_spy(world, std::make_shared<test::agent_spy>());
  }
  protocol::result<registered> add(const std::string& name, agent_actor who) {
    protocol::request<protocol::register_agent> ask;
    ask.body.card.name = name;
    ask.body.card.skills = {"write"};
    return world.answer<registered>(registry, ask, std::move(who));
  }
  protocol::result<agents_located> locate(const std::string& name) {
    return world.answer<agents_located>(
        registry, locate_agents{{{name, "", tier::basic, 1}}});
  }
};

} // namespace

TEST_CASE("a registered agent is found with its handle", "[registry]") {
  office it;
  const auto agent = it.agent();
  REQUIRE(it.add("ann", agent));
  const auto located = it.locate("ann");
  REQUIRE(located);
  CHECK(located->handles.front() == agent);
  CHECK(located->cards.front().name == "ann");
  protocol::request<protocol::discover_agents> ask;
  ask.body.skill = "write";
  const auto cards = it.world.answer<found>(it.registry, ask);
  REQUIRE(cards);
  CHECK(cards->body.agents.size() == 1);
}

TEST_CASE("an agent that has died is found no more", "[registry]") {
  office it;
  const auto agent = it.agent();
  REQUIRE(it.add("ann", agent));
  it.world.end(agent, caf::exit_reason::kill);
  const auto located = it.locate("ann");
  REQUIRE_FALSE(located);
  CHECK(located.error().code == errc::unknown_agent);
}

TEST_CASE("a restarted agent keeps its name when the old one dies",
          "[registry]") {
  office it;
  const auto old = it.agent();
  const auto restarted = it.agent();
  const auto first = it.add("ann", old);
  const auto second = it.add("ann", restarted);
  REQUIRE(second);
  CHECK(second->body.incarnation > first->body.incarnation);
  it.world.end(old);
  const auto located = it.locate("ann");
  REQUIRE(located);
  CHECK(located->handles.front() == restarted);
}

TEST_CASE("an agent that died before it was registered is forgotten",
          "[registry]") {
  office it;
  const auto agent = it.agent();
  it.world.run();
  it.world.end(agent);
  CHECK(it.add("ann", agent));
  it.world.run();
  CHECK_FALSE(it.locate("ann"));
}

TEST_CASE("an agent under two names is forgotten under both", "[registry]") {
  office it;
  const auto agent = it.agent();
  REQUIRE(it.add("ann", agent));
  REQUIRE(it.add("bob", agent));
  REQUIRE(it.add("bob", agent));
  it.world.end(agent);
  CHECK_FALSE(it.locate("ann"));
  CHECK_FALSE(it.locate("bob"));
}

TEST_CASE("one missing agent of many makes the whole question fail",
          "[registry]") {
  office it;
  REQUIRE(it.add("ann", it.agent()));
  const auto located = it.world.answer<agents_located>(
      it.registry, locate_agents{{{"ann", "", tier::basic, 1},
                                  {"anne", "", tier::basic, 1}}});
  REQUIRE_FALSE(located);
  CHECK(located.error().code == errc::unknown_agent);
  CHECK(located.error().detail == "no agent 'anne' (did you mean 'ann'?)");
}
