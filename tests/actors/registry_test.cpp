#include "support/actors/show_result.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/registry.hpp"

#include <map>

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
  /// One agent under the names a0 to a99: more than a step of the index.
  void add_hundred() {
    const auto who = agent();
    for (int i = 0; i < 100; ++i)
      REQUIRE(add("a" + std::to_string(i), who));
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

TEST_CASE("other questions are answered while the index of texts is built",
          "[registry]") {
  office it;
  it.add_hundred();
  auto order = std::make_shared<std::vector<std::string>>();
  it.world.keep(it.world.system().spawn(
      [to = it.registry, order](caf::event_based_actor* self) {
        const auto ask = [&](protocol::discover_agents body, const char* what) {
          protocol::request<protocol::discover_agents> message;
          message.body = std::move(body);
          self->request(to, caf::infinite, std::move(message))
              .then([order, what](const found& all) {
                order->push_back(what + std::to_string(all.body.agents.size()));
              });
        };
        protocol::discover_agents by_text;
        by_text.text = "Who can write?";
        by_text.count_max = 1'000;
        ask(by_text, "text ");
        ask(by_text, "text ");
        ask({"a7", "", tier::basic, 1}, "name ");
      }));
  it.world.run();
  CHECK(*order == std::vector<std::string>{"name 1", "text 100", "text 100"});
}

TEST_CASE(
    "R3: questions that wait for the index are answered when the registry "
    "ends",
    "[registry]") {
  office it;
  it.add_hundred();
  auto answers = std::make_shared<std::vector<errc>>();
  it.world.keep(it.world.system().spawn(
      [to = it.registry, answers](caf::event_based_actor* self) {
        protocol::request<protocol::discover_agents> message;
        message.body.text = "Who can write?";
        self->request(to, caf::infinite, std::move(message))
            .then([](const found&) {},
                  [answers](const caf::error& why) {
                    answers->push_back(actors::from_caf(why).code);
                  });
        self->send_exit(to, caf::exit_reason::user_shutdown);
      }));
  it.world.run();
  CHECK(*answers == std::vector<errc>{errc::unreachable});
}

TEST_CASE("beyond the bound, questions do not wait for the index",
          "[registry]") {
  office it;
  it.add_hundred();
  auto answers = std::make_shared<std::map<errc, int>>();
  it.world.keep(it.world.system().spawn(
      [to = it.registry, answers](caf::event_based_actor* self) {
        protocol::request<protocol::discover_agents> message;
        message.body.text = "Who can write?";
        for (int i = 0; i < 1'003; ++i)
          self->request(to, caf::infinite, message)
              .then([](const found&) {},
                    [answers](const caf::error& why) {
                      ++(*answers)[actors::from_caf(why).code];
                    });
      }));
  it.world.run();
  CHECK(*answers == std::map<errc, int>{{errc::overloaded, 3}});
}

namespace {

using sent = protocol::response<protocol::broadcast_sent>;
using announcement = protocol::notification<protocol::announcement>;

/// An office whose agents keep what they were told.
struct loud_office : office {
  std::vector<std::shared_ptr<test::agent_spy>> spies;

  agent_actor join(const std::string& name, const std::string& tag) {
    spies.push_back(std::make_shared<test::agent_spy>());
    const agent_actor who = test::spawn_spy(world, spies.back());
    protocol::request<protocol::register_agent> ask;
    ask.body.card.name = name;
    ask.body.card.tags = {tag};
    CHECK(world.answer<registered>(registry, ask, who));
    return who;
  }
  protocol::result<sent> tell(const std::string& tag,
                              std::string content = "stop") {
    protocol::request<protocol::broadcast> ask;
    ask.head.from = "chief";
    ask.body.tag = tag;
    ask.body.content = std::move(content);
    return world.answer<sent>(registry, ask);
  }
};

/// An agent that has room for one message.
class narrow_agent : public actor_base<agent_actor> {
public:
  narrow_agent(caf::actor_config& cfg, const wall_clock& clock)
      : actor_base(cfg, clock, {1}) {}

  behavior_type make_behavior() override {
    return {[](const protocol::request<protocol::perform_task>&) {
              return protocol::response<protocol::task_result>{};
            },
            [](const protocol::coordination<protocol::cancel>&) {},
            [](const announcement&) {
            }};
  }
};

} // namespace

TEST_CASE("a broadcast reaches every agent of its kind once", "[registry]") {
  loud_office it;
  const auto ann = it.join("ann", "red");
  it.join("bob", "blue");
  REQUIRE(it.add("anna", ann)); // two names, one agent
  const auto red = it.tell("red");
  REQUIRE(red);
  CHECK(red->body.reached == 1);
  const auto all = it.tell("");
  REQUIRE(all);
  CHECK(all->body.reached == 2);
  CHECK(all->body.refused == 0);
  REQUIRE(it.spies[0]->announced.size() == 2);
  REQUIRE(it.spies[1]->announced.size() == 1);
  CHECK(it.spies[1]->announced.front().body.content == "stop");
  CHECK(it.spies[1]->announced.front().body.publisher == "chief");
  CHECK(it.tell("green")->body.reached == 0);
}

TEST_CASE("a broadcast to many agents goes out in stretches", "[registry]") {
  loud_office it;
  it.registry = it.world.keep(
      spawn_registry(it.world.system(), {5'000, it.world.clock(), 1}));
  for (int i = 0; i < 2'500; ++i)
    it.join("agent-" + std::to_string(i), "x");
  const auto all = it.tell("x");
  REQUIRE(all);
  CHECK(all->body.reached == 2'500);
  for (const auto& spy : it.spies)
    REQUIRE(spy->announced.size() == 1);
}

TEST_CASE("a broadcast that is too long is refused", "[registry]") {
  loud_office it;
  it.join("ann", "red");
  const auto refused = it.tell("red", std::string(256 * 1024 + 1, 'x'));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::limit_exceeded);
  CHECK(it.spies[0]->announced.empty());
}

TEST_CASE("M1: a broadcast tells how many mailboxes were full", "[registry]") {
  loud_office it;
  it.join("bob", "red");
  const auto ann = it.world.keep(caf::actor_cast<agent_actor>(
      it.world.system().spawn<narrow_agent>(it.world.clock())));
  REQUIRE(it.add("ann", ann));
  // The registry is asked before the agent can empty its mailbox.
  caf::scoped_actor self{it.world.system()};
  auto open = self->request(it.registry, caf::infinite,
                            protocol::request<protocol::broadcast>{});
  caf::anon_send(ann, announcement{});
  it.world.run();
  open.receive(
      [](const sent& answer) {
        CHECK(answer.body.reached == 1);
        CHECK(answer.body.refused == 1);
      },
      [](const caf::error&) { FAIL("no answer"); });
}
