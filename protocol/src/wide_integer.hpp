#pragma once

#include <cstdint>

namespace troupe::protocol {

/// 128 bits, as GCC and Clang have them; `-Wpedantic` asks for the keyword.
__extension__ typedef __int128 wide_integer;

/// `a / b` rounded up, for positive `b`.
constexpr wide_integer divided_up(wide_integer a, wide_integer b) noexcept {
  return a / b + (a % b > 0 ? 1 : 0);
}

/// The nearest value that fits.
constexpr std::int64_t saturated(wide_integer x) noexcept {
  if (x > INT64_MAX)
    return INT64_MAX;
  if (x < INT64_MIN)
    return INT64_MIN;
  return static_cast<std::int64_t>(x);
}

} // namespace troupe::protocol
