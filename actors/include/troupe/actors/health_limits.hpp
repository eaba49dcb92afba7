#pragma once

#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace troupe::actors {

/// When an agent is taken for sick, and what is done then.
struct health_limits {
  std::uint32_t window = 32; ///< Its latest outcomes, of these the last so old:
  protocol::duration age_max = std::chrono::hours{1};
  std::uint32_t count_min = 8; ///< With fewer nothing is said of it.
  std::uint32_t failures_permille = 500;
  std::uint32_t gates_permille = 600; ///< Answers that do not pass.
  /// Of its usual time, beyond which it is slow; and never below the floor.
  std::uint32_t slow_permille = 4'000;
  protocol::duration slow_floor = std::chrono::seconds{1};
  /// How long it may go on with what it has begun; shorter for the last of a
  /// skill, whose tasks wait for it.
  protocol::duration drain_max = std::chrono::seconds{30};
  protocol::duration drain_max_of_last = std::chrono::seconds{5};
  /// Of those that have a skill, drained at one time; one always may be.
  std::uint32_t drained_permille = 500;
  /// Its next life begins within this, or it is replaced.
  protocol::duration start_max = std::chrono::seconds{30};
  /// Not restarted again within this: replaced at once.
  protocol::duration restart_pause = std::chrono::minutes{5};
  /// Between restarts of any two, which their supervisor counts.
  protocol::duration restart_spacing = std::chrono::seconds{1};
  std::uint32_t trials = 2;      ///< Tasks at one time on probation.
  std::uint32_t trials_good = 3; ///< So many, and it is well;
  std::uint32_t trials_bad = 2;  ///< so many, and it is replaced.
  /// A trial that nobody has heard of for so long is none any more.
  protocol::duration trial_max = std::chrono::minutes{10};
  protocol::duration rest = std::chrono::minutes{1}; ///< Doubled each time.
  protocol::duration rest_max = std::chrono::minutes{30};
  std::size_t agents_max = 10'000; ///< That are watched.
};

/// How many agents have a skill.
struct skill_count {
  std::string skill;
  std::size_t agents = 0;
};
/// Of each skill of that agent.
using skill_counter =
    std::function<std::vector<skill_count>(const std::string& agent)>;

} // namespace troupe::actors
