#pragma once

#include "troupe/protocol/attempt_facts.hpp"
#include "troupe/protocol/quarantine.hpp"
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

/// What a task of the run asks has crashed too often; before its attempt ends.
struct task_quarantined {
  std::string task{};
  std::uint32_t attempt = 1;
  quarantined_message kept{};

  bool operator==(const task_quarantined&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_quarantined, (), (task, attempt, kept))
template <>
inline constexpr bool omits_defaults<task_quarantined> = true;

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

using journal_fact =
    std::variant<run_planned, attempt_started, attempt_ended, run_cancelled,
                 run_suspended, run_continued, run_closed, attempt_answered,
                 approval_given, task_quarantined>;

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
TROUPE_ALTERNATIVE(task_quarantined)
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
