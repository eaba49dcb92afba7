#include "worker_nodes.hpp"

#include "measure.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace troupe::benchmarks {

using namespace cluster;

namespace {

constexpr std::chrono::milliseconds work_time{20};

std::string name_of(std::size_t which) {
  return "worker-" + std::to_string(which);
}

std::unique_ptr<node> start_named(const std::string& name,
                                  const std::vector<std::string>& seeds) {
  node_config config;
  config.name = name;
  config.cluster = "bench";
  config.listen = "127.0.0.1:0";
  config.capacity = 4;
  config.seeds = seeds;
  runtime_config host;
  host.threads = 2;
  auto it = node::start(config, host);
  if (!it)
    wrong(it.error().detail);
  return std::move(*it);
}

protocol::mission mission_of(std::size_t tasks) {
  protocol::mission mission;
  mission.name = "work";
  mission.concurrency = 16;
  for (std::size_t i = 0; i < tasks; ++i) {
    auto& task = mission.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    task.agent = "worker";
    task.prompt = "work";
    task.attempts_max = 10;
  }
  return mission;
}

} // namespace

namespace {

void add_crowd(node& to, const std::string& name, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (const auto added = to.host().add_agent(
            {.name = name + "-" + std::to_string(i), .tags = {"crowd"}},
            [](const task_view&) { return std::string{}; }, execution::inline_,
            [](const auto&) {});
        !added)
      wrong(added.error().detail);
}

std::size_t agents_known(node& to) {
  std::size_t count = 0;
  if (const auto nodes = to.nodes())
    for (const auto& it : *nodes)
      if (it.state == "up" || it.state == "self")
        count += it.agents;
  return count;
}

} // namespace

std::vector<double> tell_crowd(std::size_t rounds) {
  const other_side first{"crowd-1", ""};
  const other_side second{"crowd-2", ""};
  const auto home = start_named("home", {first.address(), second.address()});
  add_crowd(*home, "home", crowd + 1);
  const auto end = seconds_now() + 30;
  while (agents_known(*home) < 3 * crowd + 3) {
    if (seconds_now() > end)
      wrong("the crowd does not gather");
    std::this_thread::yield();
  }
  std::vector<double> took;
  protocol::broadcast news;
  news.tag = "crowd";
  news.content = std::string(asked_bytes, 'x');
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto start = seconds_now();
    const auto sent = home->broadcast(news, "benchmark");
    took.push_back((seconds_now() - start) * 1e6);
    if (!sent || sent->reached != 3 * crowd + 1)
      wrong("not all were reached");
  }
  return took;
}

int serve_worker(const std::string& name) {
  const auto it = start_named(name, {});
  if (name.starts_with("crowd"))
    add_crowd(*it, name, crowd);
  const auto work = [](const task_view& task) {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    std::condition_variable_any never;
    never.wait_for(lock, task.stop, work_time, [] { return false; });
    return std::string{"done"};
  };
  if (const auto added =
          it->host().add_agent({.name = "worker"}, work, execution::blocking);
      !added)
    wrong(added.error().detail);
  stay(it->address());
}

worker_nodes::worker_nodes(std::size_t count)
    : home_(start_named("home", {})), others_(count) {
  for (std::size_t i = 0; i < count; ++i)
    begin(i);
}

void worker_nodes::begin(std::size_t which) {
  others_[which] = std::make_unique<other_side>(name_of(which), "");
  if (const auto joined = home_->join(others_[which]->address()); !joined)
    wrong(joined.error().detail);
  const auto end = seconds_now() + 20;
  while (!is_up(which)) {
    if (seconds_now() > end)
      wrong("a node does not join");
    std::this_thread::yield();
  }
}

void worker_nodes::restart(std::size_t which) {
  begin(which);
}

bool worker_nodes::is_up(std::size_t which) {
  const auto nodes = home_->nodes();
  if (nodes)
    for (const auto& it : *nodes)
      if (it.name == name_of(which))
        return it.state == "up" && it.agents == 1;
  return false;
}

mission_run worker_nodes::start(std::size_t tasks) {
  auto run = home_->host().start(mission_of(tasks));
  if (!run)
    wrong(run.error().detail);
  return std::move(*run);
}

protocol::run_report worker_nodes::run(std::size_t tasks) {
  return start(tasks).wait();
}

} // namespace troupe::benchmarks
