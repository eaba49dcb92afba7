#pragma once

#include "measure.hpp"
#include "requests.hpp"

#include <troupe/protocol/task.hpp>

#include <caf/all.hpp>

#include <memory>
#include <vector>

/// Who asks, in the benchmark of overload.
namespace troupe::benchmarks {

using ask_message = protocol::request<protocol::perform_task>;
using answer_message = protocol::response<protocol::task_result>;
using control_message = protocol::coordination<protocol::cancel>;

inline constexpr std::chrono::milliseconds request_deadline{100};
inline constexpr std::chrono::milliseconds beat{1};
inline constexpr int at_a_time = 4;

using worker_actor =
    caf::typed_actor<caf::replies_to<ask_message>::with<answer_message>,
                     caf::reacts_to<control_message>>;

/// What the driver is to do, and what came of it.
struct load {
  double per_second = 0; ///< 0: a few at a time, one after the other.
  double seconds = 0;
};
struct outcomes {
  std::uint64_t sent = 0;
  std::uint64_t good = 0;
  std::uint64_t refused = 0;
  std::uint64_t late = 0; ///< Timed out, at either side.
  std::uint64_t other = 0;
  std::vector<double> latencies; ///< Of the answered, in microseconds.

  [[nodiscard]] std::uint64_t ended() const {
    return good + refused + late + other;
  }
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
          begin_ = seconds_now();
          auto promise = promise_ = make_response_promise<outcomes>();
          if (it.per_second == 0)
            for (int i = 0; i < at_a_time; ++i)
              ask();
          else
            on_pulse();
          return promise;
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
    if (load_.per_second == 0)
      return; // one of the load before
    if (is_over())
      return end_when_quiet();
    const auto due =
        static_cast<std::uint64_t>((seconds_now() - begin_) * load_.per_second);
    while (result_.sent < due)
      ask();
    delayed_send(this, beat, pulse{});
  }

  void ask() {
    ++result_.sent;
    ask_message message;
    const auto now = clock().now();
    message.head.deadline = clock_.at(now) + request_deadline;
    message.body.prompt.assign(1'000, 'p');
    actors::request_until<answer_message>(
        this, table_, now + request_deadline, to_,
        [this, begin = seconds_now()](
            const protocol::result<answer_message>& answer) {
          if (answer)
            result_.latencies.push_back((seconds_now() - begin) * 1e6);
          note(answer);
        },
        std::move(message));
  }

  void note(const protocol::result<answer_message>& answer) {
    if (answer)
      ++result_.good;
    else if (answer.error().code == protocol::errc::overloaded)
      ++result_.refused;
    else if (answer.error().code == protocol::errc::deadline_exceeded)
      ++result_.late;
    else
      ++result_.other;
    if (is_over())
      end_when_quiet();
    else if (load_.per_second == 0)
      ask();
  }

  /// The next load must not meet what is left of this one.
  void end_when_quiet() {
    if (result_.ended() == result_.sent)
      promise_.deliver(std::move(result_));
  }

  actors::wall_clock clock_;
  worker_actor to_;
  actors::deadline_table table_;
  load load_;
  outcomes result_;
  double begin_ = 0;
  caf::typed_response_promise<outcomes> promise_;
};

} // namespace troupe::benchmarks

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::outcomes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::pulse)
