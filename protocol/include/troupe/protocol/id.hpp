#pragma once

#include "troupe/protocol/result.hpp"
#include "troupe/protocol/time.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace troupe::protocol {

/// A 128-bit identifier that sorts by the time of its making; laid out and
/// printed as a UUID of version 7 (RFC 9562, section 5.7). Zero means "none".
struct id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  auto operator<=>(const id&) const = default;

  /// False for "none".
  explicit operator bool() const noexcept { return (high | low) != 0; }
};

/// 36 characters: `0192d3c4-5e6f-7abc-8def-0123456789ab`.
[[nodiscard]] std::string to_string(const id& value);

/// Reads the text form. Errors: `malformed_message` for anything else.
[[nodiscard]] result<id> parse_id(std::string_view text);

/// Makes ids that never repeat within a node incarnation: 48 bits of time in
/// milliseconds, 34 bits that count, 40 bits of the source's own.
/// Two sources with different seeds do not collide but by chance (2^-40).
/// A clock that steps back does not make ids step back.
/// Blocking: never. Thread safety: one thread at a time.
class id_source {
public:
  /// `seed` is random, or fixed where a run must repeat itself.
  explicit id_source(std::uint64_t seed = 0) noexcept;

  [[nodiscard]] id next(instant now) noexcept;

private:
  std::uint64_t instance_;
  std::uint64_t last_ms_ = 0;
  std::uint64_t count_ = 0;
};

} // namespace troupe::protocol

template <>
struct std::hash<troupe::protocol::id> {
  std::size_t operator()(const troupe::protocol::id& x) const noexcept {
    return std::hash<std::uint64_t>{}(x.high * 0x9E3779B97F4A7C15ULL ^ x.low);
  }
};
