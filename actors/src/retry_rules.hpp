#pragma once

#include "troupe/actors/retry_limits.hpp"

#include <troupe/protocol/result.hpp>

namespace troupe::actors {

/// True when the same model may succeed where it has failed so.
[[nodiscard]] bool may_try_again(const protocol::error& why) noexcept;

/// The pause before a call is tried again at a model where it has failed
/// `failures` times. `random` is any number.
[[nodiscard]] protocol::duration pause_before_retry(const retry_limits& limits,
                                                    std::uint32_t failures,
                                                    std::uint64_t random);

/// How many second tries a provider may still get: a share of its calls, which
/// is saved up to `burst`. Not thread-safe.
class retry_allowance {
public:
  explicit retry_allowance(const retry_limits& limits)
      : limits_(limits), permille_(most()) {}

  /// A call is made for the first time.
  void earn() noexcept;
  [[nodiscard]] bool has_any() const noexcept { return permille_ >= 1'000; }
  /// Only when there are any.
  void spend() noexcept { permille_ -= 1'000; }

private:
  [[nodiscard]] std::uint64_t most() const noexcept {
    return std::uint64_t{limits_.burst} * 1'000;
  }

  retry_limits limits_;
  std::uint64_t permille_;
};

/// Until when a model asks to be left alone. Not thread-safe.
class asked_rest {
public:
  void ask(protocol::duration length, protocol::instant now) noexcept;

  [[nodiscard]] bool is_over(protocol::instant now) const noexcept {
    return until_ <= now;
  }

  /// When a call that waits may go: the end of the rest, and up to a quarter of
  /// it later, 5 s at most, so that not all go at once. `random` is any number.
  [[nodiscard]] protocol::instant turn(std::uint64_t random) const noexcept;

private:
  protocol::instant until_{};
  protocol::duration length_{};
};

} // namespace troupe::actors
