// What does an actor do under ten times the load it can bear?
//
// One worker spends a fixed time on each request. First its capacity is
// measured (four requests at a time); then requests with a deadline of
// 100 ms come at ten times that rate, for a minute, while control messages come
// at 100 a second. Told: goodput (answers within their deadline) as a share of
// the capacity, the outcome of every request, how long answers and control
// messages took, how far memory grew, and how soon after the load the worker is
// itself again.
#include "overload_driver.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

constexpr double goodput_goal = 0.8;
constexpr double growth_goal_mib = 64;
constexpr double recovery_goal_s = 5;

/// Microseconds from sending a control message to its handling.
struct control_log {
  std::vector<double> waits;
};

class worker : public actors::actor_base<worker_actor> {
public:
  worker(caf::actor_config& cfg, const actors::wall_clock& clock,
         const actors::mailbox_limits& limits, double service,
         std::shared_ptr<control_log> log)
      : actor_base(cfg, clock, limits), service_(service),
        log_(std::move(log)) {}

  behavior_type make_behavior() override {
    return {
        [this](const ask_message&) {
          const auto end = seconds_now() + service_;
          while (seconds_now() < end)
            ;
          return answer_message{};
        },
        [this](const control_message& msg) {
          log_->waits.push_back((seconds_now() - std::stod(msg.body.reason))
                                * 1e6);
        },
    };
  }

private:
  double service_;
  std::shared_ptr<control_log> log_;
};

class stage {
public:
  explicit stage(double service)
      : config_(2), system_(config_), clock_(actors::make_wall_clock(system_)),
        self_(system_) {
    actors::mailbox_limits limits;
    limits.messages_max = 64;
    worker_ = caf::actor_cast<worker_actor>(
        system_.spawn<worker>(clock_, limits, service, log));
    driver_ =
        caf::actor_cast<driver_actor>(system_.spawn<driver>(clock_, worker_));
  }

  ~stage() {
    self_->send_exit(driver_, caf::exit_reason::kill);
    self_->send_exit(worker_, caf::exit_reason::kill);
  }

  /// Runs a load, and meanwhile sends control messages; tells the largest
  /// memory seen.
  outcomes run(const load& it, bool has_control = false) {
    auto handle = self_->request(
        driver_, std::chrono::seconds{static_cast<int>(it.seconds) + 60}, it);
    const auto end = seconds_now() + it.seconds;
    while (has_control && seconds_now() < end) {
      control_message msg;
      msg.body = {{1, 1}, std::to_string(seconds_now())};
      self_->send(worker_, std::move(msg));
      peak_mib = std::max(peak_mib, resident_mib());
      self_->delayed_send(self_, std::chrono::milliseconds{10}, pulse{});
      self_->receive([](pulse) {});
    }
    outcomes result;
    bool is_done = false;
    handle.receive(
        [&](const outcomes& out) {
          result = out;
          is_done = true;
        },
        [](const caf::error&) {});
    if (!is_done)
      wrong("the driver did not finish");
    return result;
  }

  std::shared_ptr<control_log> log = std::make_shared<control_log>();
  double peak_mib = 0;

private:
  actors::system_config config_;
  caf::actor_system system_;
  actors::wall_clock clock_;
  caf::scoped_actor self_;
  worker_actor worker_;
  driver_actor driver_;
};

void print_count(const char* what, std::uint64_t count) {
  std::printf("  %-42s %12llu\n", what, static_cast<unsigned long long>(count));
}

/// Seconds until the worker answers at nine tenths of its capacity again.
double recovery(stage& it, double capacity) {
  const auto begin = seconds_now();
  constexpr double step = 0.1;
  while (seconds_now() - begin < 2 * recovery_goal_s)
    if (static_cast<double>(it.run({0, step}).good) / step >= 0.9 * capacity)
      return seconds_now() - begin - step;
  return seconds_now() - begin;
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What does an actor do under ten times the load it can "
                       "bear? A minute.",
                       {{"seconds", 60, "of overload"},
                        {"times", 10, "the capacity"},
                        {"service", 200, "microseconds that a request takes"}}};
  print_machine();
  stage it{static_cast<double>(option["service"]) / 1e6};
  const auto capacity = static_cast<double>(it.run({0, 2}).good) / 2;
  const auto before = resident_mib();
  const auto seconds = static_cast<double>(option["seconds"]);
  const auto out =
      it.run({capacity * static_cast<double>(option["times"]), seconds}, true);
  const auto goodput = static_cast<double>(out.good) / seconds;
  print_row("capacity", spread_of({capacity}), "requests/s");
  print_row("goodput under load", spread_of({goodput}), "requests/s");
  print_count("requests sent", out.sent);
  print_count("answered", out.good);
  print_count("refused at once (overloaded)", out.refused);
  print_count("deadline passed", out.late);
  print_count("other outcomes", out.other);
  if (out.ended() != out.sent)
    wrong("not every request has one outcome");
  auto took = out.latencies;
  std::sort(took.begin(), took.end());
  if (took.empty())
    wrong("no request was answered");
  print_row("answered requests, p99",
            spread_of({took[(took.size() - 1) * 99 / 100]}), "us");
  auto waits = it.log->waits;
  std::sort(waits.begin(), waits.end());
  if (waits.empty())
    wrong("no control message was handled");
  print_row("control messages, p50", spread_of({waits[waits.size() / 2]}),
            "us");
  print_row("control messages, p99",
            spread_of({waits[(waits.size() - 1) * 99 / 100]}), "us");
  print_goal("capacity / goodput", capacity / goodput, 1 / goodput_goal,
             "times");
  print_goal("growth of memory", it.peak_mib - before, growth_goal_mib, "MiB");
  print_goal("recovery", recovery(it, capacity), recovery_goal_s, "s");
}
