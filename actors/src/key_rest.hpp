#pragma once

#include "retry_rules.hpp"
#include "troupe/actors/breaker_limits.hpp"

#include <algorithm>
#include <cstdint>

namespace troupe::actors {

/// Until when no model is asked with a provider's key: to the date that the
/// provider has told, or, where its key is refused again and again, for twice
/// as long each time. One model that is not allowed to a key does not make it
/// rest as long as others answer. Not thread-safe.
class key_rest {
public:
  /// Refusals in a row, of all models, after which it rests.
  static constexpr std::uint32_t refusals_needed = 3;

  explicit key_rest(const breaker_limits& limits) : limits_(limits) {}

  /// A call failed for the key (`is_of_key`).
  void refused(const protocol::error& why, protocol::instant now);

  /// A call was answered. True: others may go now, who were told to wait. A
  /// date that was told stands.
  bool answered(protocol::instant now);

  [[nodiscard]] bool is_over(protocol::instant now) const noexcept {
    return told_.is_over(now) && own_.is_over(now);
  }

  /// When a call that waits may go. `random` is any number.
  [[nodiscard]] protocol::instant turn(std::uint64_t random) const noexcept {
    return std::max(told_.turn(random), own_.turn(random));
  }

private:
  breaker_limits limits_;
  asked_rest told_;
  asked_rest own_;
  std::uint32_t in_a_row_ = 0;
  std::uint32_t rests_ = 0; ///< Since the last answer.
};

} // namespace troupe::actors
