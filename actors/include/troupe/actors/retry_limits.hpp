#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>

namespace troupe::actors {

/// How a call is tried again at a model where it has failed. A pause is a
/// random share (Brooker, "Exponential Backoff And Jitter", 2015) of a length
/// that doubles with each failure; what the provider asks for comes on top.
struct retry_limits {
  protocol::duration pause_first = std::chrono::milliseconds{500};
  protocol::duration pause_max = std::chrono::seconds{30};
  /// Of all calls to a provider, so many may be second tries: a provider that
  /// is in trouble does not get a multiple of its load.
  std::uint32_t share_permille = 100;
  std::uint32_t burst = 20; ///< Second tries beyond that share.
};

} // namespace troupe::actors
