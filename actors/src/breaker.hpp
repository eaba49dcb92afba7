#pragma once

#include "troupe/actors/breaker_limits.hpp"

#include <troupe/protocol/errc.hpp>

#include <array>
#include <optional>
#include <vector>

namespace troupe::actors {

/// What a call tells of the health of whom it was sent to.
enum class call_verdict : std::uint8_t {
  success,
  failure,
  neutral, ///< Refused, throttled, cancelled: nothing of its health.
};

[[nodiscard]] call_verdict verdict_of(protocol::errc code) noexcept;

enum class breaker_state : std::uint8_t { closed, open, half_open };

/// A circuit breaker (Nygard, "Release It!", 2007) over a sliding window. Open,
/// it lets nobody through; then as many probes as it may, each under a lease,
/// until one has succeeded. Closed again, it may let calls in step by step.
/// What began in an earlier state does not count.
/// Not thread-safe.
class breaker {
public:
  /// Given with each call that is let through, handed in with its outcome.
  struct ticket {
    std::uint64_t generation = 0;
    std::uint64_t probe = 0; ///< 0: none.
  };

  /// `seed` is of the jitter.
  breaker(const breaker_limits& limits, std::uint64_t seed);

  /// None: the call must not be made.
  [[nodiscard]] std::optional<ticket> admit(protocol::instant now);

  /// For a call that is made although it must not be; it counts only where the
  /// breaker has closed again.
  [[nodiscard]] ticket force() const noexcept { return {generation_, 0}; }

  /// True when a probe has come back with this: who was refused may be let
  /// through now, or at another time than `next_try` told.
  bool report(const ticket& of, call_verdict verdict, protocol::instant now);

  /// When somebody who was refused at `now` may be let through at the latest,
  /// if nothing else happens.
  [[nodiscard]] protocol::instant next_try(protocol::instant now) const;

  [[nodiscard]] breaker_state state() const noexcept { return state_; }

private:
  struct bucket {
    std::int64_t number = -1; ///< Since the epoch of the clock.
    std::uint32_t calls = 0;
    std::uint32_t failures = 0;
  };
  struct probe {
    std::uint64_t name = 0;
    protocol::instant lease;
  };
  static constexpr std::int64_t bucket_count = 10;

  static constexpr std::int64_t steps = 10; ///< Of a slow start.

  /// Of the slow start; `steps`: it is over.
  [[nodiscard]] std::int64_t step_at(protocol::instant now) const;
  [[nodiscard]] bool is_step_full(std::int64_t step) const;
  void enter(breaker_state next);
  void open(protocol::instant now);
  void count(bool is_failure, protocol::instant now);
  [[nodiscard]] bool is_too_much(protocol::instant now) const;
  [[nodiscard]] std::int64_t bucket_at(protocol::instant now) const;

  breaker_limits limits_;
  std::uint64_t random_;
  breaker_state state_ = breaker_state::closed;
  std::uint64_t generation_ = 1; ///< Of the state.
  std::array<bucket, bucket_count> buckets_{};
  std::uint32_t in_a_row_ = 0; ///< Failures.
  std::uint32_t openings_ = 0; ///< Since it was closed.
  protocol::instant open_until_{};
  std::vector<probe> probes_; ///< In flight; bounded by limits_.probes.
  std::uint64_t probes_made_ = 0;
  protocol::instant closed_at_{}; ///< By a probe.
  std::int64_t step_ = steps;     ///< That was seen last.
  std::uint64_t let_in_ = 0;      ///< In it.
};

} // namespace troupe::actors
