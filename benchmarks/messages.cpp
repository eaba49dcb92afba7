// What do troupe's guarantees cost a message?
//
// The same bodies in the same envelopes between two actors: of bare CAF (no
// bounds, deadlines or counts; the floor), and of troupe (`actor_base` with its
// mailbox guard, requests through the deadline table with a deadline set, and
// with an idempotency key as well). One-way in windows of 1,000, request and
// response with 1 and with 1,000 in flight; memory after answered requests.
#include "message_driver.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

constexpr std::chrono::minutes patience{5};
constexpr double ratio_goal = 0.85;
constexpr double tail_goal = 1.3;

/// Both pairs in one actor system.
class stage {
public:
  explicit stage(std::size_t threads)
      : config_(threads), system_(config_),
        clock_(actors::make_wall_clock(system_)), self_(system_) {
    const auto deadline =
        clock_.at(system_.clock().now()) + std::chrono::hours{1};
    bare_echo_ = caf::actor_cast<echo_actor>(system_.spawn<bare_echo>());
    bare_ = caf::actor_cast<driver_actor>(
        system_.spawn<bare_driver>(bare_echo_, deadline));
    guarded_echo_ =
        caf::actor_cast<echo_actor>(system_.spawn<guarded_echo>(clock_));
    guarded_ = caf::actor_cast<driver_actor>(
        system_.spawn<guarded_driver>(guarded_echo_, deadline, clock_));
  }

  ~stage() {
    for (const auto& it : {bare_, guarded_})
      self_->send_exit(it, caf::exit_reason::kill);
    for (const auto& it : {bare_echo_, guarded_echo_})
      self_->send_exit(it, caf::exit_reason::kill);
  }

  /// Seconds, and the latencies.
  std::pair<double, outcome> run(bool is_bare, const order& it) {
    const auto begin = seconds_now();
    outcome result;
    bool is_done = false;
    self_->request(is_bare ? bare_ : guarded_, patience, it)
        .receive(
            [&](outcome& out) {
              result = std::move(out);
              is_done = true;
            },
            [](const caf::error&) {});
    if (!is_done)
      wrong("the driver did not finish");
    return {seconds_now() - begin, std::move(result)};
  }

  actors::message_statistics& statistics() { return *config_.statistics; }

private:
  actors::system_config config_;
  caf::actor_system system_;
  actors::wall_clock clock_;
  caf::scoped_actor self_;
  echo_actor bare_echo_, guarded_echo_;
  driver_actor bare_, guarded_;
};

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1)
                                         * share)];
}

/// One case in all rounds, bare and guarded by turns.
void compare(stage& it, const char* title, const order& what,
             std::int64_t rounds, bool has_key = false) {
  std::vector<double> floor, ours, ratio;
  for (std::int64_t i = 0; i < rounds; ++i) {
    auto keyed = what;
    keyed.has_key = has_key;
    const auto rate = [&](double seconds) {
      return static_cast<double>(what.count) / seconds / 1e6;
    };
    floor.push_back(rate(it.run(true, what).first));
    ours.push_back(rate(it.run(false, keyed).first));
    ratio.push_back(ours.back() / floor.back());
  }
  std::printf("%s\n", title);
  print_row("  floor: bare CAF", spread_of(floor), "M/s");
  print_row("  troupe", spread_of(ours), "M/s");
  const auto share = spread_of(ratio);
  print_row("  troupe / floor", share, "times");
  if (!has_key)
    print_goal("floor / troupe", 1 / share.median, 1 / ratio_goal, "times");
}

void compare_latency(stage& it, std::int64_t count, std::int64_t rounds) {
  std::vector<double> bare50, bare99, ours50, ours99;
  for (std::int64_t i = 0; i < rounds; ++i) {
    const auto bare = it.run(true, {count, 1}).second.latencies;
    const auto ours = it.run(false, {count, 1}).second.latencies;
    bare50.push_back(at(bare, 0.5));
    bare99.push_back(at(bare, 0.99));
    ours50.push_back(at(ours, 0.5));
    ours99.push_back(at(ours, 0.99));
  }
  std::printf("round trip, one at a time\n");
  print_row("  floor: bare CAF, p50", spread_of(bare50), "us");
  print_row("  troupe, p50", spread_of(ours50), "us");
  print_row("  floor: bare CAF, p99", spread_of(bare99), "us");
  print_row("  troupe, p99", spread_of(ours99), "us");
  print_goal("p99, troupe / floor",
             spread_of(ours99).median / spread_of(bare99).median, tail_goal,
             "times");
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What do bounds, deadlines, counts and keys cost a "
                       "message? Some 20 seconds.",
                       {{"rounds", 5, "of each case"},
                        {"count", 300'000, "messages of a round"},
                        {"memory", 1'000'000, "requests before memory is read"},
                        {"threads", 1, "that run actors; 0: one a core"}}};
  print_machine();
  const auto count = std::max<std::int64_t>(option["count"], window);
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  stage it{static_cast<std::size_t>(option["threads"])};
  (void)it.run(true, {window, 1});
  (void)it.run(false, {window, 1});
  compare(it, "one-way, 200 bytes", {count, 1, true, false}, rounds);
  compare(it, "request and response, 1 in flight, 60 s deadline", {count, 1},
          rounds);
  compare(it, "request and response, 1,000 in flight, 60 s deadline",
          {count, 1'000}, rounds);
  compare(it, "the same with an idempotency key", {count, 1'000}, rounds, true);
  compare_latency(it, count, rounds);
  const auto before = resident_mib();
  (void)it.run(false, {option["memory"], 1'000});
  std::printf("memory after %lld more answered requests\n",
              static_cast<long long>(option["memory"]));
  print_row("  growth", spread_of({resident_mib() - before}), "MiB");
  const auto counts = it.statistics().counts();
  if (counts.requests != counts.answered)
    wrong("requests and answers differ in number");
}
