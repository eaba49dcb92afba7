#pragma once

#include <cstdint>

namespace troupe::actors {

/// When a call that allows it gets a second one beside it, since the first is
/// slow (Dean, Barroso, "The Tail at Scale", 2013).
struct hedge_limits {
  /// When it has taken longer than so many of a thousand calls to its model of
  /// late: to the first piece of a streamed answer, else to its end.
  std::uint32_t permille = 950;
  /// Of all calls to a provider, so many may get a second one, so that one that
  /// is slow does not send twice its load to others; 0: none.
  std::uint32_t share_permille = 50;
  std::uint32_t burst = 10; ///< Second calls beyond that share.
};

} // namespace troupe::actors
