#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

/// Hours of recorded traffic, and providers with limits, in virtual time.
namespace troupe::benchmarks {

using protocol::duration;
using protocol::instant;

/// One recorded call.
struct recorded {
  instant at;
  std::uint32_t input = 0; ///< Tokens, as is the other.
  std::uint32_t output = 0;
  std::uint32_t tenant = 0;
  std::vector<std::uint32_t> blocks; ///< Of 512 tokens; each names a prefix.
};

/// By time, from `trace_start` on, time divided by `compression` over 100.
/// Empty: the data is not there.
[[nodiscard]] std::vector<recorded> read_azure(std::int64_t compression);
[[nodiscard]] std::vector<recorded> read_mooncake(const std::string& name,
                                                  std::int64_t compression);

inline constexpr instant trace_start{std::chrono::hours{1'000}};

/// Things that happen at a time, in order.
class virtual_hour {
public:
  [[nodiscard]] instant now() const noexcept { return now_; }

  void at(instant when, std::function<void()> what) {
    due_.push({std::max(when, now_), ++order_, std::move(what)});
  }
  void after(duration pause, std::function<void()> what) {
    at(now_ + pause, std::move(what));
  }

  void run() {
    while (!due_.empty()) {
      const auto next = due_.top();
      due_.pop();
      now_ = next.when;
      next.what();
    }
  }

private:
  struct event {
    instant when;
    std::uint64_t order;
    std::function<void()> what;

    bool operator<(const event& other) const {
      return when != other.when ? other.when < when : other.order < order;
    }
  };
  std::priority_queue<event> due_; // bounded by what is replayed
  instant now_ = trace_start;
  std::uint64_t order_ = 0;
};

struct key_limits {
  double requests = 0; ///< A minute, as are the others.
  double input = 0;
  double output = 0;
  std::uint32_t open = 0; ///< At one time; not told.
};

/// One key of a provider, as their pages describe it: buckets of a minute's
/// worth that fill up all the time; output counts when it has been written. A
/// refusal says after how many whole seconds there is room.
class simulated_key {
public:
  explicit simulated_key(const key_limits& limits)
      : limits_(limits), requests_(limits.requests), input_(limits.input),
        output_(limits.output) {}

  /// None: the call has begun.
  [[nodiscard]] std::optional<duration> refuse(const recorded& call,
                                               instant now);
  void end(const recorded& call) {
    output_ -= call.output;
    --open_;
  }
  /// From the call's begin to its last word.
  [[nodiscard]] static duration time_of(const recorded& call);

private:
  key_limits limits_;
  double requests_, input_, output_;
  std::uint32_t open_ = 0;
  instant filled_ = trace_start;
};

} // namespace troupe::benchmarks
