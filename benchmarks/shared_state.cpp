// What does state cost that three nodes share and a database keeps?
//
// Three nodes of one process, over loopback, with the database of
// `TROUPE_POSTGRES=postgresql://...`. One client writes at a node that does not
// lead: how long until it is told that this is kept, and until somebody who
// follows at the third node has seen it, beside the same commit made to the
// database alone. Then 64 clients at once. At last the leader: told to stop,
// and killed (a process of its own), how long until a write at another node is
// acknowledged; nothing that was acknowledged may be missing then.
#include "cross_node_side.hpp"
#include "measure.hpp"

#include <troupe/cluster/node.hpp>
#include <troupe/postgres/postgres_store.hpp>
#include <troupe/runtime/state.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

namespace {

using namespace troupe;
using namespace troupe::benchmarks;
using protocol::state_operation;

constexpr std::chrono::milliseconds lease{2'000};

std::string database() {
  const auto* where = std::getenv("TROUPE_POSTGRES");
  if (where == nullptr)
    wrong("TROUPE_POSTGRES=postgresql://... names a database for it");
  return where;
}

std::string fresh_cluster() {
  return "bench-"
         + std::to_string(
             std::chrono::system_clock::now().time_since_epoch().count());
}

std::unique_ptr<cluster::node>
start(const std::string& name, const std::string& in,
      const std::vector<std::string>& seeds = {}) {
  cluster::node_config config;
  config.name = name;
  config.cluster = in;
  config.listen = "127.0.0.1:0";
  config.seeds = seeds;
  config.store = database();
  config.leader_lease = lease;
  runtime_config host;
  host.threads = 2;
  auto it = cluster::node::start(config, host);
  if (!it)
    wrong(it.error().detail);
  return std::move(*it);
}

bool leads(cluster::node& asked, const std::string& name) {
  const auto all = asked.nodes();
  return all && std::any_of(all->begin(), all->end(), [&](const auto& it) {
           return it.name == name && it.leads;
         });
}

void wait_leader(cluster::node& asked, const std::string& name) {
  const auto end = seconds_now() + 60;
  while (!leads(asked, name)) {
    if (seconds_now() > end)
      wrong("node " + name + " does not lead");
    std::this_thread::yield();
  }
}

std::uint64_t put(cluster::node& at, const std::string& key,
                  const std::string& value) {
  const auto written =
      at.host().state().write({{key, state_operation::put, {}, value, {}}});
  if (!written)
    wrong(written.error().detail);
  return written->revision;
}

double percentile(std::vector<double> values, double which) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(
      which * static_cast<double>(values.size() - 1))];
}

void tell(const char* what, const std::vector<double>& us) {
  std::printf("  %-34s p50 %8.0f us, p99 %8.0f us\n", what, percentile(us, 0.5),
              percentile(us, 0.99));
}

const std::string value = "\"" + std::string(100, 'v') + "\"";

/// One put and one record, as a write of shared state is kept.
std::vector<double> commit_alone(std::size_t count) {
  auto opened = open_postgres_store(database());
  if (!opened)
    wrong(opened.error().detail);
  std::vector<double> us;
  for (std::size_t i = 0; i < count; ++i) {
    actors::store_txn txn;
    txn.ops = {actors::put_value{"bench/k" + std::to_string(i % 10), value},
               actors::append_records{"bench", {std::string(250, 'r')}}};
    const auto begin = seconds_now();
    const auto now = std::chrono::time_point_cast<protocol::duration>(
        std::chrono::system_clock::now());
    if ((*opened)->commit({&txn, 1}, now).front().outcome
        != actors::commit_outcome::committed)
      wrong("a commit was refused");
    us.push_back((seconds_now() - begin) * 1e6);
  }
  return us;
}

/// When each revision was seen by a follower.
class watcher {
public:
  explicit watcher(cluster::node& at) {
    auto stream = at.host().state().follow({"", true, 0, 1'000});
    if (!stream)
      wrong(stream.error().detail);
    thread_ = std::jthread{[this, it = *stream](std::stop_token stops) mutable {
      while (!stops.stop_requested()) {
        const auto event = it.next(std::chrono::milliseconds{50});
        if (!event)
          wrong(event.error().detail);
        const std::lock_guard lock{mutex_};
        for (; last_ < it.revision(); ++last_)
          seen_.push_back(seconds_now());
      }
    }};
  }
  /// In order of revisions, from 1 or from what there was at the start.
  double seen(std::uint64_t revision) {
    while (true) {
      const std::lock_guard lock{mutex_};
      if (last_ >= revision)
        return seen_[seen_.size() - 1 - (last_ - revision)];
    }
  }

private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::deque<double> seen_; // bounded by the writes of the benchmark
  std::jthread thread_;
};

void one_client(cluster::node& at, cluster::node& third, std::size_t count,
                double floor_us) {
  watcher watch{third};
  std::vector<double> acked;
  std::vector<double> seen;
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = seconds_now();
    const auto revision = put(at, "k" + std::to_string(i % 10), value);
    acked.push_back((seconds_now() - begin) * 1e6);
    seen.push_back((watch.seen(revision) - begin) * 1e6);
  }
  tell("acknowledged", acked);
  tell("seen at a third node", seen);
  std::printf("  %.2f of the commit alone until it is acknowledged\n",
              percentile(acked, 0.5) / floor_us);
}

void many_clients(cluster::node& at, std::size_t count, double floor_us) {
  constexpr std::size_t clients = 64;
  std::vector<std::vector<double>> us(clients);
  std::vector<std::thread> all;
  const auto begin = seconds_now();
  for (std::size_t client = 0; client < clients; ++client)
    all.emplace_back([&, client] {
      for (std::size_t i = 0; i < count; ++i) {
        const auto start_of = seconds_now();
        put(at, "c" + std::to_string(client), value);
        us[client].push_back((seconds_now() - start_of) * 1e6);
      }
    });
  for (auto& it : all)
    it.join();
  const auto rate =
      static_cast<double>(clients * count) / (seconds_now() - begin);
  std::vector<double> flat;
  for (const auto& it : us)
    flat.insert(flat.end(), it.begin(), it.end());
  tell("64 clients, acknowledged", flat);
  std::printf("  %.0f writes/s, %.1f of commits alone, one by one\n", rate,
              rate * floor_us / 1e6);
}

/// Until a write is acknowledged, in milliseconds.
double until_written(cluster::node& at, const std::string& text) {
  const auto begin = seconds_now();
  while (!at.host().state().put("pause", text)) {
    if (seconds_now() > begin + 60)
      wrong("nobody leads any more");
  }
  return (seconds_now() - begin) * 1e3;
}

void change_leader(std::size_t rounds) {
  std::vector<double> stopped;
  std::vector<double> killed;
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto in = fresh_cluster();
    auto first = start("first", in);
    wait_leader(*first, "first");
    const auto second = start("second", in, {first->address()});
    put(*second, "kept", std::to_string(i));
    first.reset();
    stopped.push_back(until_written(*second, "1"));
    auto third = std::make_unique<other_side>("leader", in);
    if (!second->join(third->address()) || !second->drain("second"))
      wrong("it does not hand over");
    wait_leader(*second, "leader");
    (void)second->drain("second", false);
    const auto last = put(*second, "kept", std::to_string(i + 1));
    third.reset(); // by SIGKILL
    killed.push_back(until_written(*second, "2"));
    const auto kept = second->host().state().read("kept");
    if (!kept || !kept->entry || kept->entry->revision != last)
      wrong("an acknowledged write is gone");
  }
  print_row("told to stop, until written", spread_of(stopped), "ms");
  print_row("killed, until written", spread_of(killed), "ms");
  std::printf("  with a lease of %lld ms; of %zu acknowledged writes 0 lost\n",
              static_cast<long long>(lease.count()), 2 * rounds);
}

} // namespace

int main(int argc, char** argv) {
  postgres::install();
  if (argc > 3 && std::string{argv[1]} == "--serve") {
    const auto it = start("leader", argv[3]);
    stay(it->address());
  }
  const options given{argc,
                      argv,
                      "What does state cost that three nodes share?",
                      {{"writes", 1'000, "of one client"},
                       {"rounds", 5, "of leaders that stop and are killed"}}};
  print_machine();
  const auto count = static_cast<std::size_t>(given["writes"]);
  const auto alone = commit_alone(count);
  std::printf("\nOne client\n");
  tell("a commit of the database alone", alone);
  const auto floor_us = percentile(alone, 0.5);
  {
    const auto in = fresh_cluster();
    const auto a = start("a", in);
    wait_leader(*a, "a");
    const auto b = start("b", in, {a->address()});
    const auto c = start("c", in, {a->address()});
    put(*b, "k0", value);
    put(*c, "k0", value);
    one_client(*b, *c, count, floor_us);
    std::printf("\n64 clients\n");
    many_clients(*b, count / 10, floor_us);
  }
  std::printf("\nThe leader goes\n");
  change_leader(static_cast<std::size_t>(given["rounds"]));
  return 0;
}
