#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>

namespace troupe::actors {

/// When calls to one model of one provider are held back.
struct breaker_limits {
  protocol::duration window = std::chrono::seconds{30}; ///< That is looked at.
  std::uint32_t volume_min = 10; ///< Calls in it, before a share counts.
  std::uint32_t failures_permille = 500; ///< Of them; opens from here on.
  std::uint32_t consecutive = 5;         ///< Failures in a row open at once.
  protocol::duration open_first = std::chrono::seconds{5};
  protocol::duration open_max = std::chrono::minutes{5};
  std::uint32_t probes = 1; ///< In flight at one time, while half open.
  /// A probe that is not heard of for so long gives its place back.
  protocol::duration probe_lease = std::chrono::minutes{1};
  /// After it has closed, in each tenth of this twice as many calls as in the
  /// one before, `probes` in the first; 0: all at once.
  protocol::duration slow_start{};
};

/// What becomes of a call when the breakers of all models that fit are open.
enum class all_open_policy : std::uint8_t {
  wait,      ///< For the first that lets a probe through.
  fail,      ///< At once.
  least_bad, ///< It goes to the one that would be the first.
};

} // namespace troupe::actors
