#include "engine/code_agents.hpp"
#include "support/catch.hpp"
#include "support/runtime/engine_parts.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <troupe/protocol/json.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <semaphore>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::run_state;
using protocol::tree_node;
using protocol::tree_state;
using test::mission_of;

namespace {

runtime_config quiet() {
  runtime_config config;
  config.threads = 2;
  config.log.level = log_level::off;
  return config;
}

protocol::agent_card card(const std::string& name) {
  protocol::agent_card it;
  it.name = name;
  return it;
}

/// An agent that works until it is let go or stopped.
struct waiter {
  std::counting_semaphore<> begun{0};
  std::counting_semaphore<> go{0};

  agent_function code() {
    return [this](const task_view& task) {
      begun.release();
      const std::stop_callback wake{task.stop, [this] {
                                      go.release();
                                    }};
      go.acquire();
      return protocol::result<std::string>{"done"};
    };
  }
};

const tree_node& child(const tree_node& of, const std::string& name) {
  const auto it = std::find_if(of.children.begin(), of.children.end(),
                               [&](const auto& c) { return c.name == name; });
  REQUIRE(it != of.children.end());
  return *it;
}

std::vector<std::string> names(const tree_node& of) {
  std::vector<std::string> all;
  for (const auto& it : of.children)
    all.push_back(it.name);
  return all;
}

tree_node tree_of(const runtime& host) {
  auto tree = host.tree();
  REQUIRE(tree.has_value());
  return std::move(*tree);
}

} // namespace

TEST_CASE("the tree shows parts, tools, agents and runs of a runtime",
          "[runtime][tree]") {
  waiter at_work;
  auto made = runtime::create(quiet());
  REQUIRE(made.has_value());
  auto& host = *made;
  REQUIRE(host.add_agent(card("slow"), at_work.code(), execution::blocking)
              .has_value());
  REQUIRE(host.add_tool({"echo", "says it again", "{}"},
                        [](const tool_view&) {
                          return protocol::result<std::string>{"x"};
                        })
              .has_value());
  auto run = host.start(mission_of("slow"));
  REQUIRE(run.has_value());
  at_work.begun.acquire();
  const auto tree = tree_of(host);
  CHECK(tree.name == "troupe");
  REQUIRE(tree.rules.has_value());
  CHECK(tree.rules->strategy == "rest_for_one");
  CHECK(tree.rules->intensity == 3);
  CHECK(names(tree).front() == "runs");
  for (const auto* name : {"budget-manager", "registry", "router", "agents",
                           "state-store", "topic-hub"}) {
    CAPTURE(name);
    CHECK(child(tree, name).state == tree_state::running);
    CHECK(child(tree, name).incarnation > 0);
  }
  CHECK(child(tree, "registry").restart == "permanent");
  CHECK(child(tree, "budget-manager").restart == "temporary");
  CHECK(names(child(tree, "tools")) == std::vector<std::string>{"echo"});
  CHECK(names(child(tree, "agents")) == std::vector<std::string>{"slow"});
  const auto& runs = child(tree, "runs");
  REQUIRE(names(runs) == std::vector<std::string>{to_string(run->id())});
  CHECK(runs.children[0].remark == "one");
  at_work.go.release();
  CHECK(run->wait().state == run_state::done);
  CHECK(test::eventually(
      [&] { return child(tree_of(host), "runs").children.empty(); }));
}

TEST_CASE("a tree says the same in JSON", "[runtime][tree]") {
  auto made = runtime::create(quiet());
  REQUIRE(made.has_value());
  const auto tree = tree_of(*made);
  const auto json = protocol::to_json(tree);
  const auto again = protocol::from_json<tree_node>(json);
  REQUIRE(again.has_value());
  CHECK(*again == tree);
}

TEST_CASE("the tree tells who was started again and why", "[runtime][tree]") {
  auto made = engine::start(quiet());
  REQUIRE(made.has_value());
  auto& it = **made;
  const auto before = it.tree();
  REQUIRE(before.has_value());
  test::kill(
      caf::actor_cast<caf::actor>(test::roles_of(it).get(&roles::topics)));
  protocol::tree_node hub;
  REQUIRE(test::eventually([&] {
    const auto after = it.tree();
    REQUIRE(after.has_value());
    hub = child(*after, "topic-hub");
    return hub.restarts == 1 && hub.state == tree_state::running;
  }));
  CHECK(hub.recent == 1);
  CHECK(hub.last_end == "killed");
  CHECK(hub.incarnation > child(*before, "topic-hub").incarnation);
  CHECK(it.tree()->rules->recent == 1);
}

TEST_CASE("a run goes on while the parts around it are started again",
          "[runtime][tree]") {
  waiter at_work;
  auto made = engine::start(quiet());
  REQUIRE(made.has_value());
  auto& it = **made;
  REQUIRE(
      it.add_code_agent(card("slow"), code_agent(card("slow"), at_work.code(),
                                                 execution::blocking, {}))
          .has_value());
  auto mission = mission_of("slow");
  mission.tasks[0].attempts_max = 10;
  auto run = it.start_run(std::move(mission), {});
  REQUIRE(run.has_value());
  at_work.begun.acquire();
  test::kill(
      caf::actor_cast<caf::actor>(test::roles_of(it).get(&roles::router)));
  REQUIRE(at_work.begun.try_acquire_for(
      20s)); // the second attempt, at the agent's second life
  at_work.go.release(2);
  const auto report = run->wait();
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[0].attempts >= 2);
}

TEST_CASE("a run whose coordinator is killed says so, and can be resumed",
          "[runtime][tree]") {
  const test::scratch_folder folder{"tree"};
  waiter at_work;
  auto config = quiet();
  config.journal = (folder.path() / "runs.db").string();
  auto made = engine::start(config);
  REQUIRE(made.has_value());
  auto& it = **made;
  REQUIRE(
      it.add_code_agent(card("slow"), code_agent(card("slow"), at_work.code(),
                                                 execution::blocking, {}))
          .has_value());
  auto run = it.start_run(mission_of("slow"), {});
  REQUIRE(run.has_value());
  at_work.begun.acquire();
  caf::scoped_actor self{test::root_of(it).home_system()};
  caf::actor coordinator;
  self->request(test::roles_of(it).get(&roles::runs), 20s,
                actors::list_children{})
      .receive(
          [&](const actors::children_listed& all) {
            REQUIRE(all.children.size() == 1);
            coordinator = all.children[0].handle;
          },
          [](const caf::error&) { FAIL("nobody lists them"); });
  test::kill(coordinator);
  const auto lost = run->wait();
  CHECK(lost.state == run_state::paused);
  REQUIRE(lost.failure.has_value());
  CHECK(lost.failure->code == protocol::errc::internal);
  CHECK(lost.failure->detail == "the coordinator ended before its run");
  at_work.go.release(2);
  auto next = it.resume_run(run->id());
  REQUIRE(next.has_value());
  CHECK(next->wait().state == run_state::done);
}

TEST_CASE("a tool of the same name takes the place of the first",
          "[runtime][tree]") {
  auto made = runtime::create(quiet());
  REQUIRE(made.has_value());
  for (int i = 0; i < 3; ++i)
    REQUIRE(made->add_tool({"echo", "", "{}"},
                           [](const tool_view&) {
                             return protocol::result<std::string>{"x"};
                           })
                .has_value());
  CHECK(names(child(tree_of(*made), "tools"))
        == std::vector<std::string>{"echo"});
}
