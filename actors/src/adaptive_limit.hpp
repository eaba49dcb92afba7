#pragma once

#include <algorithm>
#include <cstdint>

namespace troupe::actors {

/// How many calls may be open at one time: less by three tenths after a refusal
/// for too many, more by one after as many successes as are open (additive
/// increase, multiplicative decrease: Chiu and Jain, 1989). Refusals of calls
/// that began before the last decrease count for nothing. Not thread-safe.
class adaptive_limit {
public:
  /// 0: without a limit until the first refusal.
  explicit adaptive_limit(std::uint32_t most) noexcept
      : most_(most == 0 ? UINT32_MAX : most) {}

  [[nodiscard]] bool has_room() const noexcept { return open_ < limit(); }
  [[nodiscard]] std::uint32_t limit() const noexcept {
    return is_reduced_ ? static_cast<std::uint32_t>(limit_) : most_;
  }
  [[nodiscard]] std::uint32_t open() const noexcept { return open_; }

  /// The number of the time in which the call begins.
  std::uint64_t begin() noexcept {
    ++open_;
    return epoch_;
  }

  void succeeded() noexcept {
    if (is_reduced_)
      limit_ += 1 / std::max(limit_, 1.0);
    is_reduced_ = is_reduced_ && limit_ < most_;
    --open_;
  }

  void refused(std::uint64_t epoch) noexcept {
    if (epoch == epoch_) {
      ++epoch_;
      const double before = std::min<double>(limit(), open_);
      limit_ = std::max(1.0, before * 0.7);
      is_reduced_ = true;
    }
    --open_;
  }

  /// It tells nothing.
  void ended() noexcept { --open_; }

private:
  std::uint32_t most_;
  std::uint32_t open_ = 0;
  double limit_ = 0; ///< When reduced.
  bool is_reduced_ = false;
  std::uint64_t epoch_ = 0;
};

} // namespace troupe::actors
