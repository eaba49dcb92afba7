#pragma once

#include "http/call.hpp"

#include <troupe/protocol/time.hpp>

#include <optional>
#include <string_view>

/// What a refusal's headers say of trying again.
namespace troupe::providers {

struct asked_wait {
  protocol::duration length{}; ///< 0: nothing was said. At most 31 days.
  bool is_pointless = false;   ///< `x-should-retry: false`
};

/// Reads `retry-after-ms` and `x-ms-retry-after-ms`, then `retry-after` in
/// seconds or as any of the three dates of RFC 9110, section 5.6.7; and without
/// these, for status 429, when the limits that are used up begin anew
/// (`anthropic-ratelimit-*-reset`, `x-ratelimit-reset-*`). Dates are compared
/// with the answer's own `date`, so that our clock does not matter; without
/// one, with `now`. What cannot be read counts as not said.
[[nodiscard]] asked_wait read_asked_wait(const http::response_head& head,
                                         protocol::instant now);

/// A number as headers have it, without sign and exponent.
[[nodiscard]] std::optional<double> read_number(std::string_view text);

/// When a limit begins anew: `6m0s`, `12ms`, or a time of RFC 3339.
[[nodiscard]] std::optional<protocol::duration>
read_reset(std::string_view text, protocol::instant now);

/// The answer's own time, or `now`.
[[nodiscard]] protocol::instant time_of(const http::response_head& head,
                                        protocol::instant now);

/// At most 31 days, not negative.
[[nodiscard]] protocol::duration bounded_wait(double seconds);

} // namespace troupe::providers
