#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>

namespace troupe::actors {

/// A limit per minute, by the generic cell rate algorithm (ITU-T I.371, annex
/// A.2): one point in time stands for what was used. No single amount counts
/// for more than a day. Not thread-safe.
class rate_gate {
public:
  /// `per_minute` 0: no limit. `burst`: whose worth may pass at once.
  explicit rate_gate(
      std::uint64_t per_minute,
      protocol::duration burst = std::chrono::seconds{10}) noexcept
      : per_minute_(per_minute), burst_(burst) {}

  /// When `amount` may pass: in the past, if now. More than the burst may pass
  /// when nothing is owed.
  [[nodiscard]] protocol::instant ready_at(std::uint64_t amount) const noexcept;

  /// The same, when so much goes `before` it.
  [[nodiscard]] protocol::instant
  ready_after(std::uint64_t before, std::uint64_t amount) const noexcept;

  void take(std::uint64_t amount, protocol::instant now) noexcept;

  /// `used` was taken for what came to `actual`.
  void correct(std::uint64_t used, std::uint64_t actual) noexcept;

private:
  [[nodiscard]] protocol::duration
  time_for(std::uint64_t amount) const noexcept;

  std::uint64_t per_minute_;
  protocol::duration burst_;
  protocol::instant paid_until_{};
};

} // namespace troupe::actors
