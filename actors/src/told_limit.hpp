#pragma once

#include "troupe/actors/rate_board.hpp"

namespace troupe::actors {

/// A limit as its provider tells it: so much is left, and all of it will be
/// there again at a time; in between it fills up steadily, and by no more than
/// the limit a minute. Told by strangers: it counts for a minute at most. One
/// whose size was not told does not fill up before. Not thread-safe.
class told_limit {
public:
  static constexpr protocol::duration longest = std::chrono::minutes{1};

  void tell(const told_rate& it, protocol::instant now) noexcept;

  /// When `amount` may pass: in the past, if now.
  [[nodiscard]] protocol::instant ready_at(std::uint64_t amount) const noexcept;

  void take(std::uint64_t amount) noexcept;
  /// `used` was taken for what came to `actual`.
  void correct(std::uint64_t used, std::uint64_t actual) noexcept;

private:
  double limit_ = 0; ///< 0: it was not told.
  double left_ = 0;
  double a_second_ = 0;
  protocol::instant at_{};
  protocol::instant until_{}; ///< Then it counts for nothing.
};

} // namespace troupe::actors
