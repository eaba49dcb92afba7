#pragma once

#include <troupe/protocol/report.hpp>

namespace troupe::actors {

/// Where a run's events and its report go. Called by the coordinator only, one
/// call at a time, in order; must not block and must bound what it keeps.
class event_sink {
public:
  virtual ~event_sink() = default;

  virtual void on_event(protocol::run_event event) noexcept = 0;

  /// The last call; exactly once, also when the coordinator itself fails.
  virtual void on_end(protocol::run_report report) noexcept = 0;
};

} // namespace troupe::actors
