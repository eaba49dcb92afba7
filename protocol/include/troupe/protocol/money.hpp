#pragma once

#include "troupe/protocol/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// An amount of US dollars in whole billionths (nano-dollars). Never a
/// floating-point number: sums must come out the same in every order.
/// Range: about +- 9.2 billion dollars; arithmetic saturates at the ends.
struct money {
  std::int64_t nano_usd = 0;

  auto operator<=>(const money&) const = default;
  friend money operator+(money a, money b) noexcept;
  friend money operator-(money a, money b) noexcept;
  money& operator+=(money other) noexcept { return *this = *this + other; }
  money& operator-=(money other) noexcept { return *this = *this - other; }

  /// The largest amount: stands for "no limit".
  static constexpr money max() noexcept { return {INT64_MAX}; }
};

/// Exact decimal dollars without an exponent: `0.0125`, `-3`, `0`.
[[nodiscard]] std::string to_text(money value);

/// Reads decimal dollars with at most nine fractional digits; `USD` may follow
/// and `$` may stand in front. Errors: `malformed_message`.
[[nodiscard]] result<money> parse_money(std::string_view text);

/// For people: `$0.0125`, `$1,058.00`; four significant digits below a dollar.
[[nodiscard]] std::string for_people(money value);

/// `amount * numerator / denominator`, rounded up, in 128 bits; saturates.
/// Prices round up so that a reservation is never below the bill.
[[nodiscard]] money scaled_up(money amount, std::uint64_t numerator,
                              std::uint64_t denominator) noexcept;

} // namespace troupe::protocol
