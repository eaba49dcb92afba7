// What does a whole runtime do for a minute under ten times the missions that
// it can carry out?
//
// Agents take 5 ms for a task; a mission is one task of one of them. First as
// many missions at a time as keep all agents busy: the capacity. Then ten times
// that rate, whatever becomes of it: what is over `limits.runs` is refused with
// `overloaded`. Then the capacity's half again: how long until all of that is
// done at once. Floor: the agents' own time.
#include "measure.hpp"

#include <troupe/runtime/runtime.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;

constexpr std::size_t agents = 8;
constexpr std::chrono::milliseconds work{5};
constexpr std::uint32_t runs_max = 256;
constexpr double times = 10;
constexpr double goodput_goal = 0.8;
constexpr double recovery_goal_s = 5;
constexpr double mib = 1 << 20;

/// Takes its time, as a call of a far service would.
protocol::result<std::string> wait_a_while(const troupe::task_view& task) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock{mutex};
  (void)wake.wait_for(lock, task.stop, work, [] { return false; });
  return std::string{"done"};
}

troupe::runtime make_host() {
  troupe::runtime_config config;
  config.limits.runs = runs_max;
  config.log.level = troupe::log_level::off;
  auto host = troupe::runtime::create(config);
  if (!host)
    wrong(host.error().detail);
  for (std::size_t i = 0; i < agents; ++i) {
    protocol::agent_card card;
    card.name = "agent" + std::to_string(i);
    if (!host->add_agent(card, wait_a_while, troupe::execution::blocking))
      wrong("no agent");
  }
  return std::move(*host);
}

protocol::mission mission_for(std::size_t number) {
  protocol::mission it;
  it.name = "load";
  auto& task = it.tasks.emplace_back();
  task.id = "t";
  task.agent = "agent" + std::to_string(number % agents);
  task.prompt = "Work.";
  return it;
}

/// Starts missions, and takes the reports of those that have ended.
class load {
public:
  explicit load(troupe::runtime& host) : host_(host) {}

  bool start() {
    auto run = host_.start(mission_for(offered_++));
    if (run) {
      open_.push_back(std::move(*run));
      return true;
    }
    if (run.error().code != protocol::errc::overloaded)
      wrong(run.error().detail);
    if (run.error().retry_after <= protocol::duration{})
      wrong("a run was refused without a time to come again");
    ++refused_;
    return false;
  }

  /// Those that have ended among all that are open.
  void reap() {
    std::erase_if(open_, [this](auto& run) {
      if (!run.is_finished())
        return false;
      take(run.wait());
      return true;
    });
  }

  void finish() {
    for (auto& run : open_)
      take(run.wait());
    open_.clear();
  }

  [[nodiscard]] std::size_t open() const { return open_.size(); }
  [[nodiscard]] std::size_t done() const { return took_ms_.size(); }
  [[nodiscard]] std::size_t offered() const { return offered_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }

  [[nodiscard]] double quantile(double q) {
    if (took_ms_.empty())
      return 0;
    std::sort(took_ms_.begin(), took_ms_.end());
    return took_ms_[static_cast<std::size_t>(
        q * static_cast<double>(took_ms_.size() - 1))];
  }

private:
  void take(const protocol::run_report& report) {
    if (report.state != protocol::run_state::done)
      wrong("a run was admitted and is not done");
    took_ms_.push_back(std::chrono::duration<double, std::milli>(
                           report.finished - report.started)
                           .count());
  }

  troupe::runtime& host_;
  std::vector<troupe::mission_run> open_;
  std::vector<double> took_ms_;
  std::size_t offered_ = 0;
  std::size_t refused_ = 0;
};

/// Missions a second while so many are under way.
double capacity(troupe::runtime& host, double seconds) {
  load all{host};
  const auto start = seconds_now();
  while (seconds_now() - start < seconds) {
    if (all.open() < 8 * agents)
      (void)all.start();
    else
      all.reap();
  }
  const auto took = seconds_now() - start;
  const auto done = static_cast<double>(all.done());
  all.finish();
  return done / took;
}

/// Offers missions at that rate for a while.
void offer(load& to, double rate, double seconds) {
  const auto start = seconds_now();
  const auto before = to.offered();
  for (double now = 0; now < seconds; now = seconds_now() - start) {
    if (static_cast<double>(to.offered() - before) < rate * now) {
      if (!to.start())
        to.reap();
    } else {
      to.reap();
      std::this_thread::yield();
    }
  }
}

} // namespace

int main(int argc, char** argv) {
  const options given{argc,
                      argv,
                      "What does a whole runtime do under ten times its load?",
                      {{"seconds", 60, "of overload"}}};
  print_machine();
  auto host = make_host();
  const auto seconds = static_cast<double>(given["seconds"]);
  const auto able = capacity(host, std::min(10.0, seconds));
  const auto memory = resident_mib();
  std::printf("capacity          %8.0f missions/s (agents alone %.0f)\n", able,
              1'000.0 * static_cast<double>(agents)
                  / static_cast<double>(work.count()));

  load crowd{host};
  offer(crowd, times * able, seconds);
  const auto goodput = static_cast<double>(crowd.done()) / seconds;
  const auto most = resident_mib();
  std::printf("offered           %8.0f missions/s, %.1f times the capacity\n",
              static_cast<double>(crowd.offered()) / seconds,
              static_cast<double>(crowd.offered()) / seconds / able);
  std::printf("refused           %8zu of %zu\n", crowd.refused(),
              crowd.offered());
  std::printf("goodput           %8.0f missions/s, %.2f of the capacity\n",
              goodput, goodput / able);
  std::printf("admitted, p50 p99 %8.1f %.1f ms\n", crowd.quantile(0.5),
              crowd.quantile(0.99));
  std::printf("memory            %8.1f MiB, before %.1f\n", most, memory);

  const auto end = seconds_now();
  crowd.finish();
  load after{host};
  offer(after, able / 2, 2);
  const auto recovered = seconds_now() - end - 2;
  after.finish();
  std::printf("after             %8zu of %zu refused, p99 %.1f ms\n",
              after.refused(), after.offered(), after.quantile(0.99));
  print_goal("share of capacity lost", 1 - goodput / able, 1 - goodput_goal,
             "");
  // Twice as long as a full house takes.
  print_goal("admitted, p99", crowd.quantile(0.99), 2'000.0 * runs_max / able,
             "ms");
  print_goal("refused behind it", static_cast<double>(after.refused()), 0,
             "runs");
  print_goal("recovered after", recovered, recovery_goal_s, "s");
  print_goal("memory added", (most - memory) * mib / mib, 64, "MiB");
  return 0;
}
