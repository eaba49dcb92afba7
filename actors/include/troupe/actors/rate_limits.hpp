#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>

namespace troupe::actors {

/// What one key of a provider allows; 0: no limit. Over any time W, at most W's
/// and the burst's worth is sent, and one call that alone is more.
struct rate_limits {
  std::uint64_t requests_per_minute = 0;
  std::uint64_t input_tokens_per_minute = 0;
  std::uint64_t output_tokens_per_minute = 0;
  /// Calls at one time. Fewer after a 429, and more again with each success.
  std::uint32_t calls_max = 0;
  /// What may come at once after a pause: so much time's worth of each limit.
  /// More than the provider allows ends in 429s, less in waiting.
  protocol::duration burst = std::chrono::seconds{10};
};

} // namespace troupe::actors
