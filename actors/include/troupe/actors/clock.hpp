#pragma once

#include <troupe/protocol/time.hpp>

#include <caf/actor_clock.hpp>

namespace troupe::actors {

/// Turns the scheduler's monotonic clock into UTC: one anchor per process, so
/// that a step of the wall clock never moves a deadline, and a test's virtual
/// clock moves everything.
/// Thread safety: any thread; immutable.
class wall_clock {
public:
  wall_clock() = default;
  wall_clock(protocol::instant utc, caf::actor_clock::time_point steady)
      : utc_(utc), steady_(steady) {}

  [[nodiscard]] protocol::instant
  at(caf::actor_clock::time_point steady) const noexcept {
    return utc_
           + std::chrono::duration_cast<protocol::duration>(steady - steady_);
  }

  [[nodiscard]] caf::actor_clock::time_point
  steady_at(protocol::instant utc) const noexcept {
    return steady_
           + std::chrono::duration_cast<caf::actor_clock::duration_type>(
               utc - utc_);
  }

private:
  protocol::instant utc_{};
  caf::actor_clock::time_point steady_{};
};

} // namespace troupe::actors
