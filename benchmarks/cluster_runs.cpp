// What do more nodes give, and what does the loss of one cost?
//
// One node begins runs; others, processes of their own on loopback, have the
// agent. First the throughput of tasks that wait 20 ms, as for a model, with
// one, two and three such nodes: the ideal is one task each 20 ms and node.
// The same with tasks that compute for as long, each node bound to one core:
// the ideal is that of as many cores as there are nodes, but no more than there
// are. Then 30 times: one of two is killed in the middle of a stream of tasks
// and started again. Detection is from the kill until no task goes there any
// more; time without progress is the longest pause between two tasks that end,
// of the second around the kill. Lost are tasks that never ended, doubled those
// that ended twice.
#include "cross_node_side.hpp"
#include "measure.hpp"
#include "worker_nodes.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

namespace {

using namespace troupe;
using namespace troupe::benchmarks;

void throughput(std::int64_t tasks) {
  for (std::size_t nodes = 1; nodes <= 3; ++nodes) {
    std::vector<double> rates;
    for (int pass = 0; pass < 3; ++pass) {
      worker_nodes at{nodes};
      const auto start = seconds_now();
      const auto report = at.run(static_cast<std::size_t>(tasks));
      if (report.state != protocol::run_state::done)
        wrong("the run has failed");
      rates.push_back(static_cast<double>(tasks) / (seconds_now() - start));
    }
    const auto all = spread_of(rates);
    const double ideal = static_cast<double>(nodes) * 50;
    std::printf("  %zu node%s  %s tasks/s, %.2f of ideal\n", nodes,
                nodes == 1 ? " " : "s", to_text(all).c_str(),
                all.median / ideal);
  }
}

/// Tasks of the processor's own: no more at one time than there are cores.
void computing(std::int64_t tasks) {
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  const double alone = seconds_to_compute();
  for (std::size_t nodes = 1; nodes <= 3; ++nodes) {
    std::vector<double> rates;
    for (int pass = 0; pass < 3; ++pass) {
      worker_nodes at{nodes, "cruncher"};
      const auto start = seconds_now();
      const auto report = at.run(static_cast<std::size_t>(tasks));
      if (report.state != protocol::run_state::done)
        wrong("the run has failed");
      rates.push_back(static_cast<double>(tasks) / (seconds_now() - start));
    }
    const auto all = spread_of(rates);
    const auto at_once = std::min<double>(static_cast<double>(nodes), cores);
    std::printf("  %zu node%s  %s tasks/s, %.2f of ideal (%.0f of %u cores)\n",
                nodes, nodes == 1 ? " " : "s", to_text(all).c_str(),
                all.median * alone / at_once, at_once, cores);
  }
}

struct failure {
  double detected_ms = 0;
  double pause_ms = 0;
  std::size_t lost = 0;
  std::size_t doubled = 0;
};

failure kill_one(worker_nodes& at) {
  constexpr std::size_t tasks = 150;
  auto run = at.start(tasks);
  std::vector<double> ends;
  std::map<std::string, std::size_t> done;
  double killed = 0;
  double noticed = 0;
  while (!run.is_finished() || ends.size() < tasks) {
    const auto event = run.next_event(std::chrono::milliseconds{1});
    const auto now = seconds_now();
    if (event && event->kind == protocol::event_kind::task_done) {
      ends.push_back(now);
      ++done[event->task];
    }
    if (killed == 0 && ends.size() > tasks / 4) {
      at.kill(0);
      killed = seconds_now();
    } else if (killed != 0 && noticed == 0 && !at.is_up(0))
      noticed = seconds_now();
    if (!event && run.is_finished())
      break;
  }
  (void)run.wait();
  failure it;
  it.detected_ms = (noticed - killed) * 1e3;
  for (std::size_t i = 1; i < ends.size(); ++i)
    if (ends[i] >= killed && ends[i - 1] <= killed + 1)
      it.pause_ms = std::max(it.pause_ms, (ends[i] - ends[i - 1]) * 1e3);
  it.lost = tasks - done.size();
  for (const auto& [task, count] : done)
    it.doubled += count - 1;
  at.restart(0);
  return it;
}

void failover(std::int64_t kills) {
  worker_nodes at{2};
  std::vector<double> detected;
  std::vector<double> pauses;
  std::size_t lost = 0;
  std::size_t doubled = 0;
  for (std::int64_t i = 0; i < kills; ++i) {
    const auto it = kill_one(at);
    detected.push_back(it.detected_ms);
    pauses.push_back(it.pause_ms);
    lost += it.lost;
    doubled += it.doubled;
  }
  print_row("detected", spread_of(detected), "ms");
  print_row("no progress", spread_of(pauses), "ms");
  print_goal("no progress, longest", spread_of(pauses).max, 5'000, "ms");
  std::printf("  of %lld tasks %zu lost, %zu doubled\n",
              static_cast<long long>(kills) * 150, lost, doubled);
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 2 && std::string{argv[1]} == "--serve")
    return serve_worker(argv[2]);
  const options given{argc,
                      argv,
                      "What do more nodes give, and what does the loss of one "
                      "cost?",
                      {{"tasks", 300, "of a run"}, {"kills", 30, "of a node"}}};
  print_machine();
  std::printf("\nThroughput of tasks of 20 ms\n");
  throughput(given["tasks"]);
  std::printf("\nThroughput of tasks of 20 ms of a processor, a core a node\n");
  computing(given["tasks"]);
  std::printf("\nSomething of 200 bytes is told to 1,000 agents on 3 nodes\n");
  auto took = tell_crowd(200);
  print_row("until all nodes have told theirs", spread_of(took), "us");
  std::sort(took.begin(), took.end());
  std::printf("  p99 %.0f us; %.0f thousand deliveries/s one behind another\n",
              took[took.size() * 99 / 100], 1e6 / took[took.size() / 2]);
  std::printf("\nOne of two nodes is killed, %lld times\n",
              static_cast<long long>(given["kills"]));
  failover(given["kills"]);
}
