// What does it cost to reserve and to settle the money of a call?
//
// Three levels deep: the rules alone beside three additions in a hash table;
// the budget manager in memory; and with a file, where an answer comes when its
// entry is on the disk, beside SQLite that keeps rows of the same size in
// transactions of as many. Then 1,000 callers at one time on money for fewer
// calls.
#include "ledger/sqlite_ledger.hpp"
#include "ledger_rules.hpp"
#include "ledger_spender.hpp"
#include "measure.hpp"

#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;
using protocol::settlement;

constexpr double rules_goal = 1.0;    // million pairs a second
constexpr double durable_goal = 20.0; // thousand pairs a second
constexpr std::size_t accounts = 100;
using state = protocol::response<protocol::account_state>;

std::string leaf(std::size_t i) {
  return "tenant/mission-" + std::to_string(i % 10) + "/task-"
         + std::to_string(i % accounts);
}

/// Pairs a second, in millions.
double rules_alone(std::int64_t count) {
  actors::ledger_rules ledger;
  (void)ledger.open({"tenant", protocol::money::max()}, {});
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < accounts; ++i)
    leaves.push_back(leaf(i));
  protocol::reserve_budget what{{}, {1'000'000}, 500};
  const auto begin = seconds_now();
  for (std::int64_t i = 1; i <= count; ++i) {
    const auto key = static_cast<std::uint64_t>(i);
    what.account = leaves[key % accounts];
    if (!ledger.reserve(what, {1, key}, {})
        || !ledger.settle({{1, key}, settlement::billed, {900'000}, 400}, {}))
      wrong("the ledger refused");
  }
  return static_cast<double>(count) / (seconds_now() - begin) / 1e6;
}

/// The least that could be done: two changes of three balances, found by name.
double three_additions(std::int64_t count) {
  std::unordered_map<std::string, std::int64_t> balances;
  std::vector<std::array<std::string, 3>> paths;
  for (std::size_t i = 0; i < accounts; ++i)
    paths.push_back(
        {"tenant", "tenant/mission-" + std::to_string(i % 10), leaf(i)});
  const auto begin = seconds_now();
  for (std::int64_t i = 0; i < count; ++i)
    for (const std::int64_t change : {1'000'000, -100'000})
      for (const auto& path : paths[static_cast<std::size_t>(i) % accounts])
        balances[path] += change;
  if (balances["tenant"] != count * 900'000)
    wrong("the sum is wrong");
  return static_cast<double>(count) / (seconds_now() - begin) / 1e6;
}

struct outcome {
  double seconds = 0;
  std::int64_t granted = 0;
};

/// Through the actor; `file` empty: in memory.
outcome through_manager(std::int64_t count, std::int64_t at_once,
                        const std::string& file,
                        protocol::money limit = protocol::money::max()) {
  actors::system_config config;
  caf::actor_system system{config};
  const auto clock = actors::make_wall_clock(system);
  actors::budget_manager_config bank{clock, 1, nullptr};
  if (!file.empty()) {
    auto log = troupe::open_sqlite_ledger(file);
    auto ledger = log ? actors::open_ledger(std::move(*log), {})
                      : protocol::result<std::shared_ptr<actors::kept_ledger>>{
                          log.error()};
    if (!ledger)
      wrong("the ledger's file could not be used");
    bank.ledger = std::move(*ledger);
  }
  const auto manager = actors::spawn_budget_manager(system, std::move(bank));
  caf::scoped_actor self{system};
  self->request(
          manager, caf::infinite,
          protocol::request<protocol::open_account>{{}, {"tenant", limit}})
      .receive([](const state&) {},
               [](const caf::error&) { wrong("no account"); });
  outcome out;
  const auto begin = seconds_now();
  const auto it = system.spawn<ledger_spender>(
      manager, [](std::int64_t i) { return leaf(static_cast<std::size_t>(i)); },
      count, at_once, caf::actor_cast<caf::actor>(self));
  self->send(it, caf::ok_atom::value);
  self->receive(
      [&](const std::vector<double>& took) { out.granted = std::ssize(took); });
  out.seconds = seconds_now() - begin;
  self->send_exit(manager, caf::exit_reason::user_shutdown);
  return out;
}

/// The log alone, with batches as large as the calls at one time.
double log_alone(std::int64_t count, std::int64_t at_once,
                 const std::string& file) {
  auto log = troupe::open_sqlite_ledger(file);
  if (!log)
    wrong("the ledger's file could not be used");
  std::vector<actors::ledger_entry> batch;
  std::uint64_t key = 0;
  const auto begin = seconds_now();
  for (std::int64_t left = 2 * count; left > 0;) {
    batch.clear();
    for (; left > 0 && std::ssize(batch) < at_once; --left) {
      ++key;
      if (key % 2 == 1)
        batch.push_back(
            {{}, actors::held_budget{{1, key}, {leaf(key), {1'000'000}, 500}}});
      else
        batch.push_back(
            {{},
             protocol::settle_budget{
                 {1, key - 1}, settlement::billed, {1'000'000}, 400}});
    }
    if (!(*log)->append(batch))
      wrong("a batch was not kept");
  }
  return static_cast<double>(count) / (seconds_now() - begin) / 1e3;
}

/// A file of its own, gone afterwards.
class scratch_file {
public:
  explicit scratch_file(const std::string& folder)
      : path_(std::filesystem::path{folder}
              / ("troupe-ledger-" + std::to_string(getpid()))) {
    remove();
  }
  ~scratch_file() { remove(); }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  void remove() const {
    std::error_code ignored;
    for (const auto* more : {"", "-wal", "-shm"})
      std::filesystem::remove(path_.string() + more, ignored);
  }

private:
  std::filesystem::path path_;
};

void compare_rules(std::int64_t count, std::int64_t rounds) {
  std::vector<double> floor, ours;
  for (std::int64_t i = 0; i < rounds; ++i) {
    floor.push_back(three_additions(count));
    ours.push_back(rules_alone(count));
  }
  std::printf("reserve and settle, 3 levels deep, in memory\n");
  print_row("  floor: six additions by name", spread_of(floor), "M/s");
  print_row("  rules", spread_of(ours), "M/s");
  print_goal("goal / rules", rules_goal / spread_of(ours).median, 1, "times");
}

void compare_managers(std::int64_t count, std::int64_t rounds,
                      const std::string& folder) {
  std::printf("the same through the budget manager\n");
  for (const std::int64_t at_once : {1, 64, 256}) {
    std::vector<double> memory, floor, kept;
    const auto few = at_once == 1 ? count / 20 : count;
    for (std::int64_t i = 0; i < rounds; ++i) {
      memory.push_back(static_cast<double>(count)
                       / through_manager(count, at_once, {}).seconds / 1e3);
      const scratch_file file{folder};
      floor.push_back(log_alone(few, at_once, file.path()));
      file.remove();
      kept.push_back(static_cast<double>(few)
                     / through_manager(few, at_once, file.path()).seconds
                     / 1e3);
    }
    std::printf("  %lld calls at one time\n", static_cast<long long>(at_once));
    print_row("    in memory", spread_of(memory), "k/s");
    print_row("    floor: the log alone", spread_of(floor), "k/s");
    print_row("    kept on disk", spread_of(kept), "k/s");
    if (at_once == 256)
      print_goal("goal / kept", durable_goal / spread_of(kept).median, 1, "x");
  }
}

void crowd(std::int64_t calls, const std::string& folder) {
  const scratch_file file{folder};
  constexpr std::int64_t callers = 1'000;
  const auto out =
      through_manager(10 * callers, callers, file.path(), {calls * 1'000'000});
  std::printf("%lld callers at one time, 10 calls each, on money for %lld\n",
              static_cast<long long>(callers), static_cast<long long>(calls));
  std::printf("  granted %lld, overshoot %lld\n",
              static_cast<long long>(out.granted),
              static_cast<long long>(out.granted - calls));
  if (out.granted != calls)
    wrong("not as many calls as there was money for");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What do reserving and settling cost? Some 30 seconds; writes a file of "
      "some MiB in the current folder.",
      {{"rounds", 5, "of each case"},
       {"count", 20'000, "pairs of a round through the manager"}}};
  print_machine();
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  const auto count = std::max<std::int64_t>(option["count"], 1'000);
  compare_rules(count * 20, rounds);
  const auto folder = std::filesystem::current_path().string();
  compare_managers(count, rounds, folder);
  crowd(3'333, folder);
  return 0;
}
