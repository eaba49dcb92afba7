#include "worker_nodes.hpp"

#include "measure.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sched.h>
#include <thread>

namespace troupe::benchmarks {

using namespace cluster;

namespace {

constexpr std::chrono::milliseconds work_time{20};

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

namespace {

/// As `work_time` of a quiet core, whatever that is.
std::uint64_t compute(std::uint64_t steps) {
  std::uint64_t number = 88'172'645'463'325'252ULL;
  for (std::uint64_t i = 0; i < steps; ++i) {
    number ^= number << 13U;
    number ^= number >> 7U;
    number ^= number << 17U;
  }
  return number;
}

/// The same for all processes: each would measure another one beside others.
constexpr std::uint64_t steps = 10'000'000;

/// The last number of a name says which core, in turn.
void bind_to_core(const std::string& name) {
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(name.back() - '0') % cores, &one);
  if (::sched_setaffinity(0, sizeof one, &one) != 0)
    wrong("it cannot be bound to a core");
}

std::string wait_a_while(const task_view& task) {
  std::mutex mutex;
  std::unique_lock lock{mutex};
  std::condition_variable_any never;
  never.wait_for(lock, task.stop, work_time, [] { return false; });
  return "done";
}

} // namespace

double seconds_to_compute() {
  std::vector<double> took;
  for (int i = 0; i < 20; ++i) {
    const auto start = seconds_now();
    if (compute(steps) == 0)
      wrong("it has computed nothing");
    took.push_back(seconds_now() - start);
  }
  return spread_of(took).median;
}

int serve_worker(const std::string& name) {
  const bool computes = name.starts_with("cruncher");
  if (computes)
    bind_to_core(name);
  const auto it = start_named(name, {});
  if (name.starts_with("crowd"))
    add_crowd(*it, name, crowd);
  const auto work = [computes](const task_view& task) {
    return computes ? std::to_string(compute(steps)) : wait_a_while(task);
  };
  if (const auto added =
          it->host().add_agent({.name = "worker"}, work, execution::blocking);
      !added)
    wrong(added.error().detail);
  stay(it->address());
}

worker_nodes::worker_nodes(std::size_t count, std::string kind)
    : kind_(std::move(kind)), home_(start_named("home", {})), others_(count) {
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
