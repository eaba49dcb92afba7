#pragma once

#include "troupe/actors/supervisor.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

namespace troupe::actors {

/// What a SUPERVISOR decides, by OTP's rules; children are numbered in
/// starting order. Not thread-safe.
class supervisor_rules {
public:
  using time_point = std::chrono::steady_clock::time_point;

  supervisor_rules(restart_strategy strategy, std::uint32_t intensity,
                   std::chrono::milliseconds period)
      : strategy_(strategy), intensity_(intensity), period_(period) {}

  /// What to do about a death.
  struct decision {
    bool gives_up = false;          ///< Stop all in reverse order, then end.
    std::vector<std::size_t> stop;  ///< Living siblings, in this order.
    std::vector<std::size_t> start; ///< Afterwards, in this order.
  };

  /// `children` tells each child's restart type; `dead` is the one that ended.
  /// A temporary sibling that is stopped is not started again.
  [[nodiscard]] decision child_ended(const std::vector<restart_type>& children,
                                     std::size_t dead, bool is_abnormal,
                                     time_point now);

private:
  [[nodiscard]] bool exceeds_intensity(time_point now);

  restart_strategy strategy_;
  std::uint32_t intensity_;
  std::chrono::milliseconds period_;
  std::deque<time_point> restarts_; // bounded by intensity_
};

} // namespace troupe::actors
