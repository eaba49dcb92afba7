#pragma once

#include "replay.hpp"

namespace troupe::benchmarks {

/// How keys with caches of their own are chosen.
enum class key_choice : std::uint8_t { in_turn, pinned, affinity };

struct cache_outcome {
  double hits = 0;    ///< Of all prompt tokens, those that were in the cache.
  double busiest = 0; ///< Tokens read anew by the busiest key, over the mean.
};

/// Calls with named blocks to `keys` keys. A key keeps blocks for 5 minutes
/// after their last use, at most 20,000.
[[nodiscard]] cache_outcome replay_prefixes(const std::vector<recorded>& calls,
                                            std::size_t keys,
                                            key_choice choice);

} // namespace troupe::benchmarks
