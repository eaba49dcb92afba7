#pragma once

#include "random.hpp"

#include <cstdint>

namespace troupe::actors {

/// A stream of numbers that a seed decides. Not for secrets.
class seeded_random {
public:
  explicit seeded_random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept { return next_random(state_); }

  /// 0 to `end` - 1; `end` is positive and far below 2^64, so that the
  /// remainder's bias does not matter.
  std::uint64_t below(std::uint64_t end) noexcept { return next() % end; }

private:
  std::uint64_t state_;
};

/// Folds `value` into `hash`.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t hash,
                                       std::uint64_t value) noexcept {
  return seeded_random{hash ^ (value * 0xD6E8FEB86659FD93ULL)}.next();
}

} // namespace troupe::actors
