#pragma once

#include <cstddef>
#include <cstdint>

namespace troupe::testing {

/// splitmix64: small, fast, and the same everywhere.
class dice {
public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    auto x = state_;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
  }
  /// From 0 to `end` - 1; `end` is not 0.
  std::size_t below(std::size_t end) noexcept { return next() % end; }
  bool coin() noexcept { return (next() & 1U) != 0; }
  /// True in so many of a thousand throws.
  bool happens(std::uint32_t permille) noexcept {
    return below(1'000) < permille;
  }

private:
  std::uint64_t state_;
};

} // namespace troupe::testing
