#pragma once

#include <chrono>
#include <cstddef>

namespace troupe::actors {

/// The bounds of a topic hub.
struct topic_limits {
  std::size_t messages_max = 8'192;        ///< Kept, over all topics.
  std::size_t bytes_max = 16'777'216;      ///< Kept, over all topics.
  std::size_t content_bytes_max = 262'144; ///< Of one message.
  std::size_t subscriptions_max = 1'000'000;
  std::size_t subscriptions_each_max = 64; ///< Of one follower.
  /// A follower that missed messages and granted no credit for so long is cut.
  std::chrono::milliseconds silence_max{30'000};
};

} // namespace troupe::actors
