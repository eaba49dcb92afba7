#pragma once

#include "troupe/actors/supervision.hpp"

#include <chrono>
#include <deque>

namespace troupe::actors {

/// The restarts of a supervisor within its period. The period slides, and
/// stands still while a restart is put off. Not thread-safe.
class restart_window {
public:
  using time_point = std::chrono::steady_clock::time_point;

  restart_window(std::uint32_t intensity, std::chrono::milliseconds period)
      : intensity_(intensity), period_(period) {}

  /// Counts a restart of a child; false when it is one too many.
  [[nodiscard]] bool add(time_point now, std::uint64_t child = 0);

  /// Of all children, and of one.
  [[nodiscard]] std::uint32_t count(time_point now) const noexcept;
  [[nodiscard]] std::uint32_t count(std::uint64_t child,
                                    time_point now) const noexcept;

  /// A restart is put off; `go_on` when it is made or no longer needed.
  void stand_still(time_point now) noexcept;
  void go_on(time_point now) noexcept;

private:
  [[nodiscard]] time_point aged(time_point now) const noexcept;

  std::uint32_t intensity_;
  std::chrono::milliseconds period_;
  struct restart {
    time_point at{};
    std::uint64_t child = 0;
  };
  std::deque<restart> restarts_; // bounded by intensity_ + 1
  std::chrono::steady_clock::duration stood_{};
  time_point since_{};
  std::uint32_t waits_ = 0;
};

/// The pause before a restart, after `failures` others in a row. `random` is
/// any number.
[[nodiscard]] std::chrono::steady_clock::duration
pause_before_restart(const restart_backoff& how, std::uint32_t failures,
                     std::uint64_t random) noexcept;

} // namespace troupe::actors
