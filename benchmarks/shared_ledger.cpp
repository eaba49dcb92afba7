// What does it cost to reserve and to settle the money of a call where the
// nodes of a cluster share the ledger?
//
// At the leader, which keeps it in a database (`TROUPE_POSTGRES=<conninfo>`;
// else in memory), beside the log alone with batches of as many; and on a node
// that pays from slices, beside a ledger of its own in memory.
#include "ledger/leading_ledger.hpp"
#include "ledger/store_ledger.hpp"
#include "ledger_spender.hpp"
#include "measure.hpp"
#include "quota_front.hpp"

#include <troupe/actors/memory_store.hpp>
#include <troupe/actors/system_config.hpp>
#include <troupe/postgres/postgres_store.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace troupe::benchmarks;
using namespace troupe;
using namespace troupe::cluster;
using protocol::settlement;
using state = protocol::response<protocol::account_state>;

constexpr double durable_goal = 5.0; // thousand pairs a second
constexpr protocol::money limit{1'000'000'000'000'000};
constexpr auto patience = std::chrono::minutes{1};

protocol::instant now() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

/// A name that no earlier run has used.
std::string next_name() {
  return std::to_string(now().time_since_epoch().count());
}

std::unique_ptr<actors::durable_store> open_store() {
  const auto* where = std::getenv("TROUPE_POSTGRES");
  if (where == nullptr)
    return actors::make_memory_store();
  postgres_options options;
  options.schema = "troupe_bench";
  auto store = open_postgres_store(where, options);
  if (!store)
    wrong(store.error().detail);
  return std::move(*store);
}

std::string leaf(std::int64_t i) {
  return "tenant/run-" + std::to_string(i % 10) + "/task-"
         + std::to_string(i % 100);
}

struct outcome {
  double pairs = 0; ///< A second, in thousands.
  double p50_ms = 0;
  double p99_ms = 0;
  double asked = 0; ///< Slices, for each call.
};

/// One process that pays, and the shared ledger where there is one.
class bank {
public:
  actors::budget_actor in_memory() {
    return actors::spawn_budget_manager(system_, {clock_, 1});
  }

  actors::budget_actor at_leader() {
    auto ledger =
        lead_ledger(system_, open_store(), {next_name(), {}, clock_, 3});
    if (!ledger)
      wrong(ledger.error().detail);
    return *ledger;
  }

  actors::budget_actor with_slices() {
    auto services = std::make_shared<leader_services>();
    services->ledger = leading_ = at_leader();
    front_ = spawn_leader_front(system_, clock_);
    caf::anon_send(front_, leader_is{1, "a", services, {}});
    quota_front_config config;
    config.clock = clock_;
    config.own = in_memory();
    config.leader = [to = front_] {
      return to;
    };
    config.shared = {{"tenant", limit}};
    config.seed = 5;
    return caf::actor_cast<actors::budget_actor>(
        spawn_quota_front(system_, std::move(config)));
  }

  outcome spend(const actors::budget_actor& at, std::int64_t count,
                std::int64_t at_once) {
    caf::scoped_actor self{system_};
    self->send(
        at, protocol::request<protocol::open_account>{{}, {"tenant", limit}});
    run(self, at, 1, 1); // the limits are agreed on
    const auto before = slices(self);
    const auto begin = seconds_now();
    auto took = run(self, at, count, at_once);
    const auto seconds = seconds_now() - begin;
    const auto asked = slices(self) - before;
    std::sort(took.begin(), took.end());
    const auto of = [&took](std::size_t percent) {
      return took[std::min(took.size() - 1, took.size() * percent / 100)];
    };
    end(at);
    return {static_cast<double>(count) / seconds / 1e3, of(50), of(99),
            asked / static_cast<double>(count)};
  }

private:
  void open(caf::scoped_actor& self, const actors::budget_actor& at) {
    self->request(
            at, patience,
            protocol::request<protocol::open_account>{{}, {"tenant", limit}})
        .receive([](const state&) {},
                 [](const caf::error&) { wrong("no account"); });
  }

  std::vector<double> run(caf::scoped_actor& self,
                          const actors::budget_actor& at, std::int64_t count,
                          std::int64_t at_once) {
    std::vector<double> took;
    const auto it = system_.spawn<ledger_spender>(
        at, leaf, count, at_once, caf::actor_cast<caf::actor>(self));
    self->send(it, caf::ok_atom::value);
    self->receive([&](std::vector<double>& all) { took = std::move(all); });
    if (std::ssize(took) != count)
      wrong("a call was refused");
    return took;
  }

  /// That the leader has granted so far.
  double slices(caf::scoped_actor& self) {
    double all = 0;
    if (leading_)
      self->request(
              leading_, patience,
              protocol::request<protocol::describe_account>{{}, {"tenant"}})
          .receive(
              [&](const state& it) {
                all = static_cast<double>(it.body.calls_made
                                          + it.body.open_reservations);
              },
              [](const caf::error&) {});
    return all;
  }

  void end(const actors::budget_actor& at) {
    for (const auto& it : {caf::actor_cast<caf::actor>(at),
                           caf::actor_cast<caf::actor>(leading_),
                           caf::actor_cast<caf::actor>(front_)})
      if (it)
        caf::anon_send_exit(it, caf::exit_reason::user_shutdown);
    leading_ = nullptr;
    front_ = nullptr;
  }

  actors::system_config config_;
  caf::actor_system system_{config_};
  actors::wall_clock clock_ = actors::make_wall_clock(system_);
  actors::budget_actor leading_;
  leader_front_actor front_;
};

/// The log alone, with batches as large as the calls at one time.
double log_alone(std::int64_t count, std::int64_t at_once) {
  const auto log = make_store_ledger(
      open_store(), {"ledger/" + next_name(), {}, 9, now, nullptr});
  std::vector<actors::ledger_entry> batch;
  std::int64_t key = 0;
  const auto begin = seconds_now();
  for (auto left = 2 * count; left > 0;) {
    batch.clear();
    for (; left > 0 && std::ssize(batch) < at_once; --left) {
      const protocol::id id{1, static_cast<std::uint64_t>(++key)};
      if (key % 2 == 1)
        batch.push_back(
            {{}, actors::held_budget{id, {leaf(key), {1'000'000}, 500}}});
      else
        batch.push_back(
            {{},
             protocol::settle_budget{id, settlement::billed, {900'000}, 400}});
    }
    if (!log->append(batch))
      wrong("a batch was not kept");
  }
  return static_cast<double>(count) / (seconds_now() - begin) / 1e3;
}

void print(const char* what, const std::vector<outcome>& all) {
  std::vector<double> pairs, p50, p99; // bounded by the rounds
  for (const auto& it : all) {
    pairs.push_back(it.pairs);
    p50.push_back(it.p50_ms);
    p99.push_back(it.p99_ms);
  }
  print_row(std::string("  ") + what, spread_of(pairs), "k/s");
  print_row("    p50", spread_of(p50), "ms");
  print_row("    p99", spread_of(p99), "ms");
}

void compare(std::int64_t count, std::int64_t rounds, std::int64_t at_once) {
  std::vector<double> floor, asked;
  std::vector<outcome> leading, memory, slices;
  for (std::int64_t i = 0; i < rounds; ++i) {
    const auto few = at_once == 1 ? count / 20 : count;
    floor.push_back(log_alone(few, at_once));
    bank it;
    leading.push_back(it.spend(it.at_leader(), few, at_once));
    memory.push_back(it.spend(it.in_memory(), count, at_once));
    slices.push_back(it.spend(it.with_slices(), count, at_once));
    asked.push_back(slices.back().asked * 1'000);
  }
  std::printf("%lld calls at one time\n", static_cast<long long>(at_once));
  print_row("  floor: the log alone", spread_of(floor), "k/s");
  print("at the leader", leading);
  if (at_once == 256)
    print_goal("    goal / at the leader", durable_goal / leading.back().pairs,
               1, "times");
  print("floor: a ledger in memory", memory);
  print("from slices", slices);
  print_row("    slices for 1,000 calls", spread_of(asked), "");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What do reserving and settling cost where nodes share the ledger? In "
      "the database TROUPE_POSTGRES=<conninfo>, else in memory; some 30 "
      "seconds.",
      {{"rounds", 3, "of each case"}, {"count", 20'000, "pairs of a round"}}};
  print_machine();
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  const auto count = std::max<std::int64_t>(option["count"], 1'000);
  for (const std::int64_t at_once : {1, 64, 256})
    compare(count, rounds, at_once);
  return 0;
}
