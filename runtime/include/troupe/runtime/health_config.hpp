#pragma once

#include <troupe/protocol/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>

namespace troupe {

/// When an agent is taken for sick and drained, restarted, or replaced by the
/// next with its skill: docs/supervision.md.
struct health_config {
  bool enabled = true;
  std::uint32_t window = 32;   ///< Outcomes that are looked at; 2 to 1,000.
  std::uint32_t count_min = 8; ///< Fewer say nothing; 2 to `window`.
  /// Of the outcomes, failures by the agent's fault; 1 to 1,000.
  std::uint32_t failures_permille = 500;
  std::uint32_t gates_permille = 600; ///< Answers refused; 1 to 1,000.
  /// Of its own usual time; 1,000 to 1,000,000. Below the floor nothing is
  /// slow; 1 ms to 1 h.
  std::uint32_t slow_permille = 4'000;
  protocol::duration slow_floor = std::chrono::seconds{1};
  /// How long what it has begun may go on; 0 s to 1 h.
  protocol::duration drain_max = std::chrono::seconds{30};
  /// Between two restarts of one agent; 0 s to 24 h.
  protocol::duration restart_pause = std::chrono::minutes{5};
  /// How long a replaced agent rests; doubled each time; 10 ms to 24 h.
  protocol::duration rest = std::chrono::minutes{1};
  protocol::duration rest_max = std::chrono::minutes{30};
};
BOOST_DESCRIBE_STRUCT(health_config, (),
                      (enabled, window, count_min, failures_permille,
                       gates_permille, slow_permille, slow_floor, drain_max,
                       restart_pause, rest, rest_max))

} // namespace troupe
