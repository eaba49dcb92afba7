#pragma once

#include <cstdint>

namespace troupe::actors {

/// What a call is expected to use; at most, for what it writes.
struct call_cost {
  std::uint64_t input = 0; ///< Tokens, as is the other.
  std::uint64_t output = 0;
};

} // namespace troupe::actors
