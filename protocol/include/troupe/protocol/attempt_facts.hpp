#pragma once

#include "troupe/protocol/report.hpp"

#include <optional>
#include <string>
#include <vector>

/// What a run's journal tells of the attempts of its tasks.
namespace troupe::protocol {

/// Kept before the agent is asked.
struct attempt_started {
  std::string task{};
  std::uint32_t attempt = 1;
  std::string agent{};
  instant deadline{};
  std::string why{}; ///< It was not taken from an earlier run.
  std::vector<work_part> made_of{};

  bool operator==(const attempt_started&) const = default;
};
BOOST_DESCRIBE_STRUCT(attempt_started, (),
                      (task, attempt, agent, deadline, why, made_of))
template <>
inline constexpr bool omits_defaults<attempt_started> = true;

/// The agent has answered, and others look at what it gave.
struct attempt_answered {
  std::string task{};
  std::uint32_t attempt = 1;
  task_result outcome{};

  bool operator==(const attempt_answered&) const = default;
};
BOOST_DESCRIBE_STRUCT(attempt_answered, (), (task, attempt, outcome))

struct attempt_ended {
  std::string task{};
  std::uint32_t attempt = 1;
  task_result outcome{};          ///< What a failed one has used, too.
  std::optional<error> failure{}; ///< A gate's finding as well.
  bool is_interrupted = false;    ///< Its process ended before it did.
  id reused_from{}; ///< The run that did the same; null: it was done.
  std::vector<work_part> made_of{}; ///< Of what was reused.

  bool operator==(const attempt_ended&) const = default;
};
BOOST_DESCRIBE_STRUCT(attempt_ended, (),
                      (task, attempt, outcome, failure, is_interrupted,
                       reused_from, made_of))
template <>
inline constexpr bool omits_defaults<attempt_ended> = true;

/// Somebody, or the time, has answered what an attempt asks.
struct approval_given {
  std::string task{};
  std::uint32_t attempt = 1;
  bool is_yes = false;
  std::string by{};   ///< Empty: nobody; its time was up.
  std::string note{}; ///< Untrusted.
  /// It was asked whether the effect of this key has happened, and the note is
  /// what it gave; empty: something else was asked.
  std::string effect{};

  bool operator==(const approval_given&) const = default;
};
BOOST_DESCRIBE_STRUCT(approval_given, (),
                      (task, attempt, is_yes, by, note, effect))
template <>
inline constexpr bool omits_defaults<approval_given> = true;

} // namespace troupe::protocol
