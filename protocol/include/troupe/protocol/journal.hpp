#pragma once

#include "troupe/protocol/report.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a run's journal tells: enough to go on with it in another process.
namespace troupe::protocol {

/// The first entry.
struct run_planned {
  mission what;
  std::vector<task_estimate> estimates; ///< By task.
  std::string account;                  ///< Pays for the run.
  std::uint64_t seed = 0;
  id forked_from{}; ///< The run whose plan it has, changed; null: none.

  bool operator==(const run_planned&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_planned, (),
                      (what, estimates, account, seed, forked_from))
template <>
inline constexpr bool omits_defaults<run_planned> = true;

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

  bool operator==(const approval_given&) const = default;
};
BOOST_DESCRIBE_STRUCT(approval_given, (), (task, attempt, is_yes, by, note))
template <>
inline constexpr bool omits_defaults<approval_given> = true;

struct run_cancelled {
  error why; ///< What runs is being stopped.

  bool operator==(const run_cancelled&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_cancelled, (), (why))

/// Nothing new starts; what runs goes on to its end.
struct run_suspended {
  std::string why;

  bool operator==(const run_suspended&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_suspended, (), (why))

struct run_continued {
  bool is_other_process = false; ///< Else behind a pause.

  bool operator==(const run_continued&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_continued, (), (is_other_process))

/// The last entry.
struct run_closed {
  run_state state = run_state::done;
  usage used{};
  money cost{};         ///< As the ledger has it.
  money cost_unknown{}; ///< As in `run_report`.
  std::optional<error> failure{};

  bool operator==(const run_closed&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_closed, (),
                      (state, used, cost, cost_unknown, failure))
template <>
inline constexpr bool omits_defaults<run_closed> = true;

using journal_fact = std::variant<run_planned, attempt_started, attempt_ended,
                                  run_cancelled, run_suspended, run_continued,
                                  run_closed, attempt_answered, approval_given>;

#define TROUPE_ALTERNATIVE(Type)                                               \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<Type> = #Type;
TROUPE_ALTERNATIVE(run_planned)
TROUPE_ALTERNATIVE(attempt_started)
TROUPE_ALTERNATIVE(attempt_ended)
TROUPE_ALTERNATIVE(run_cancelled)
TROUPE_ALTERNATIVE(run_suspended)
TROUPE_ALTERNATIVE(run_continued)
TROUPE_ALTERNATIVE(run_closed)
TROUPE_ALTERNATIVE(attempt_answered)
TROUPE_ALTERNATIVE(approval_given)
#undef TROUPE_ALTERNATIVE

/// Sequences of a run start at 1 and have no gaps.
struct journal_entry {
  std::uint64_t sequence = 0;
  instant at;
  journal_fact what;

  bool operator==(const journal_entry&) const = default;
};
BOOST_DESCRIBE_STRUCT(journal_entry, (), (sequence, at, what))

} // namespace troupe::protocol
