// What does an actor do under ten times the load it can bear?
//
// One worker spends a fixed time on each request. First its capacity is
// measured (one request after the other); then requests with a deadline of
// 100 ms come at ten times that rate, for a minute, while control messages come
// at 100 a second. Told: goodput (answers within their deadline) as a share of
// the capacity, the outcome of every request, how long control messages took,
// how far memory grew, and how soon after the load the worker is itself again.
#include "measure.hpp"
#include "requests.hpp"
#include "troupe/actors/system_config.hpp"

#include <troupe/protocol/task.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

using ask_message = protocol::request<protocol::perform_task>;
using answer_message = protocol::response<protocol::task_result>;
using control_message = protocol::coordination<protocol::cancel>;

constexpr std::chrono::milliseconds request_deadline{100};
constexpr std::chrono::milliseconds beat{1};
constexpr double goodput_goal = 0.8;
constexpr double growth_goal_mib = 64;
constexpr double recovery_goal_s = 5;

using worker_actor =
    caf::typed_actor<caf::replies_to<ask_message>::with<answer_message>,
                     caf::reacts_to<control_message>>;

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

/// What the driver is to do, and what came of it.
struct load {
  double per_second = 0; ///< 0: one after the other.
  double seconds = 0;
};
struct outcomes {
  std::uint64_t sent = 0;
  std::uint64_t good = 0;
  std::uint64_t refused = 0;
  std::uint64_t late = 0; ///< Timed out, at either side.
  std::uint64_t other = 0;
};
struct pulse {};

using driver_actor = caf::typed_actor<caf::replies_to<load>::with<outcomes>,
                                      caf::reacts_to<pulse>,
                                      caf::reacts_to<actors::deadline_tick>>;

class driver : public actors::actor_base<driver_actor> {
public:
  driver(caf::actor_config& cfg, const actors::wall_clock& clock,
         worker_actor to)
      : actor_base(cfg, clock), clock_(clock), to_(std::move(to)) {}

  behavior_type make_behavior() override {
    return {
        [this](const load& it) -> caf::result<outcomes> {
          load_ = it;
          result_ = {};
          open_ = 0;
          begin_ = seconds_now();
          promise_ = make_response_promise<outcomes>();
          if (it.per_second == 0)
            ask();
          else
            on_pulse();
          return promise_;
        },
        [this](pulse) { on_pulse(); },
        [this](const actors::deadline_tick& tick) {
          table_.on_tick(this, tick);
        },
    };
  }

  void on_exit() override {
    table_.close();
    to_ = nullptr;
  }

private:
  bool is_over() const { return seconds_now() - begin_ >= load_.seconds; }

  void on_pulse() {
    if (is_over()) {
      promise_.deliver(result_);
      return;
    }
    const auto due =
        static_cast<std::uint64_t>((seconds_now() - begin_) * load_.per_second);
    while (result_.sent < due)
      ask();
    delayed_send(this, beat, pulse{});
  }

  void ask() {
    ++result_.sent;
    ++open_;
    ask_message message;
    const auto now = clock().now();
    message.head.deadline = clock_.at(now) + request_deadline;
    message.body.prompt.assign(1'000, 'p');
    actors::request_until<answer_message>(
        this, table_, now + request_deadline, to_,
        [this](const protocol::result<answer_message>& answer) {
          note(answer);
        },
        std::move(message));
  }

  void note(const protocol::result<answer_message>& answer) {
    --open_;
    if (answer)
      ++result_.good;
    else if (answer.error().code == protocol::errc::overloaded)
      ++result_.refused;
    else if (answer.error().code == protocol::errc::deadline_exceeded)
      ++result_.late;
    else
      ++result_.other;
    if (load_.per_second != 0)
      return;
    if (is_over())
      promise_.deliver(result_);
    else
      ask();
  }

  actors::wall_clock clock_;
  worker_actor to_;
  actors::deadline_table table_;
  load load_;
  outcomes result_;
  std::uint64_t open_ = 0;
  double begin_ = 0;
  caf::typed_response_promise<outcomes> promise_;
};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(outcomes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pulse)

namespace {

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
