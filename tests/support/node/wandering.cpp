#include "support/node/wandering.hpp"

#include <memory>
#include <thread>

namespace troupe::test {

using protocol::errc;
using protocol::fail;
using protocol::result;

std::unique_ptr<cluster::node>
start_open_node(const std::string& name,
                const std::vector<std::string>& seeds) {
  runtime_config host;
  host.threads = 2;
  host.simulated.latency_scale_permille = 0;
  auto config = node_named(name, seeds);
  config.agents_from_others = true;
  config.move_max = std::chrono::seconds{2};
  auto it = cluster::node::start(config, host);
  REQUIRE(it.has_value());
  return std::move(*it);
}

protocol::agent_spec spec_named(const std::string& name) {
  protocol::agent_spec spec;
  spec.card.name = name;
  spec.card.skills = {"writing"};
  spec.instructions =
      "You write one sentence about what you are asked, as " + name + ".";
  return spec;
}

std::vector<std::string> places_of(cluster::node& from,
                                   const std::string& agent) {
  const auto all = from.agents();
  REQUIRE(all.has_value());
  std::vector<std::string> nodes;
  for (const auto& it : *all)
    if (it.name == agent)
      nodes.push_back(it.node);
  return nodes;
}

void add_counters(cluster::node& to, counters& of) {
  const auto make = [&of](const protocol::agent_card&,
                          const std::optional<std::string>& snapshot)
      -> result<cluster::made_agent> {
    if (of.refuses)
      return fail(errc::agent_failed, "it does not know that snapshot");
    ++of.lives;
    auto count =
        std::make_shared<std::atomic<int>>(snapshot ? std::stoi(*snapshot) : 0);
    cluster::made_agent made;
    made.where = execution::blocking;
    made.code = [&of, count](const task_view& task) -> result<std::string> {
      of.incarnation = task.incarnation;
      while (of.waits && !task.stop.stop_requested())
        std::this_thread::yield();
      ++of.done;
      return std::to_string(++*count);
    };
    made.save = [&of, count]() -> result<std::string> {
      if (of.fails_to_save)
        return fail(errc::agent_failed, "it cannot say what it knows");
      return std::to_string(*count) + std::string(of.bytes, ' ');
    };
    return made;
  };
  REQUIRE(to.add_kind("counter", make).has_value());
}

} // namespace troupe::test
