#pragma once

#include "troupe/protocol/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// A point in time, UTC, to the nanosecond. The epoch itself means "none".
using instant = std::chrono::time_point<std::chrono::system_clock,
                                        std::chrono::nanoseconds>;

/// A length of time to the nanosecond.
using duration = std::chrono::nanoseconds;

/// True from the very instant `deadline` on. A deadline of "none" never passes.
[[nodiscard]] constexpr bool has_passed(instant deadline,
                                        instant now) noexcept {
  return deadline != instant{} && deadline <= now;
}

/// RFC 3339 in UTC with as many fractional digits as needed:
/// `2026-11-21T05:20:03.25Z`.
[[nodiscard]] std::string to_text(instant value);

/// Reads RFC 3339 in UTC (suffix `Z`). Errors: `malformed_message`.
[[nodiscard]] result<instant> parse_instant(std::string_view text);

/// Seconds with the suffix `s`, exact: `0.05s`, `300s`.
[[nodiscard]] std::string to_text(duration value);

/// Reads `250ms`, `1.5s`, `5m`, `2h` and `1d`; not negative, at most 10 years.
/// Errors: `malformed_message`.
[[nodiscard]] result<duration> parse_duration(std::string_view text);

/// For people: `850 ms`, `12.3 s`, `4 m 05 s`.
[[nodiscard]] std::string for_people(duration value);

} // namespace troupe::protocol
