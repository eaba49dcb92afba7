#include "support/node/nodes.hpp"

#include "engine/ask_actor.hpp"
#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <thread>

namespace troupe::test {

using namespace std::chrono_literals;
using namespace cluster;

bool becomes(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::yield();
  }
  return true;
}

node_config node_named(const std::string& name,
                       const std::vector<std::string>& seeds) {
  node_config config;
  config.name = name;
  config.cluster = "test";
  config.listen = "127.0.0.1:0";
  config.seeds = seeds;
  config.beat = 50ms;
  config.suspect_after = 3s;
  config.down_after = 6s;
  config.capacity = 8;
  return config;
}

std::unique_ptr<node> start_node(const std::string& name,
                                 const std::vector<std::string>& seeds) {
  runtime_config host;
  host.threads = 2;
  host.simulated.latency_scale_permille = 0;
  auto it = node::start(node_named(name, seeds), host);
  REQUIRE(it.has_value());
  return std::move(*it);
}

node_view view_of(node& from, const std::string& other) {
  const auto nodes = from.nodes();
  REQUIRE(nodes.has_value());
  for (const auto& it : *nodes)
    if (it.name == other)
      return it;
  node_view nobody;
  nobody.state = "nowhere";
  return nobody;
}

bool sees(node& from, const std::string& other, const std::string& state) {
  return view_of(from, other).state == state;
}

void add_teller(node& to, const std::string& agent, const std::string& answer) {
  REQUIRE(to.host()
              .add_agent({.name = agent},
                         [answer](const task_view&) { return answer; })
              .has_value());
}

bool has_agent(node& it, const std::string& agent) {
  auto& engine = runtime_access::engine_of(it.host());
  return becomes([&] {
    return ask_for<actors::agents_located>(
               engine.system(),
               engine_access::roles_of(engine).get(&roles::registry),
               "no registry", actors::locate_named(agent))
               .has_value()
           && (engine.books().stand_ins->find(agent)
               || it.nodes()->size() == 1);
  });
}

bool has_stand_in(node& it, const std::string& agent) {
  auto& engine = runtime_access::engine_of(it.host());
  return becomes(
      [&] { return engine.books().stand_ins->find(agent) != nullptr; });
}

protocol::mission mission_for(const std::string& agent, std::size_t tasks) {
  protocol::mission mission;
  mission.name = "far";
  for (std::size_t i = 0; i < tasks; ++i) {
    auto& task = mission.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    task.agent = agent;
    task.prompt = "Say something";
  }
  return mission;
}

} // namespace troupe::test
