#pragma once

#include <cstdint>

namespace troupe::actors {

/// The next number of SplitMix64 (Steele, Lea, Flood: "Fast splittable
/// pseudorandom number generators", 2014). The same on every platform.
inline std::uint64_t next_random(std::uint64_t& state) noexcept {
  auto z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

} // namespace troupe::actors
