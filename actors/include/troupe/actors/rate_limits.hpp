#pragma once

#include <cstdint>

namespace troupe::actors {

/// What one key of a provider allows; 0: no limit. Ten seconds' worth may come
/// at once: over any time W, at most W and ten seconds' worth is sent, and one
/// call that alone is more.
struct rate_limits {
  std::uint64_t requests_per_minute = 0;
  std::uint64_t input_tokens_per_minute = 0;
  std::uint64_t output_tokens_per_minute = 0;
  /// Calls at one time. Fewer after a 429, and more again with each success.
  std::uint32_t calls_max = 0;
};

} // namespace troupe::actors
