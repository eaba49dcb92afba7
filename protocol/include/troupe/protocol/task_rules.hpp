#pragma once

#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/retry_spec.hpp"

#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

/// What a mission says of a task beside its work: when it runs, what its answer
/// must pass, and what follows when it does not.
namespace troupe::protocol {

enum class task_kind : std::uint8_t {
  work,     ///< An agent performs it.
  approval, ///< Somebody has to say yes before what needs it goes on.
  pick,     ///< Gives what the last of its needs gave that ran.
  join,     ///< Gives what all its needs gave, one below the other.
};
BOOST_DESCRIBE_ENUM(task_kind, work, approval, pick, join)

/// What follows when an answer does not pass its gate.
enum class gate_action : std::uint8_t {
  retry,    ///< Another attempt, which is told why.
  escalate, ///< Likewise, a tier of model higher.
  ask,      ///< Somebody decides whether the answer will do.
  fail,     ///< The task fails at once.
};
BOOST_DESCRIBE_ENUM(gate_action, retry, escalate, ask, fail)

/// Another agent rates an answer.
struct judge_spec {
  std::string agent{};  ///< Empty: nobody is asked.
  std::string prompt{}; ///< What it is to look at; empty: the task's prompt.
  std::uint32_t pass_permille = 700; ///< What it must give at least.

  bool operator==(const judge_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(judge_spec, (), (agent, prompt, pass_permille))
template <>
inline constexpr bool omits_defaults<judge_spec> = true;

/// Checks that an answer must pass before tasks that need it may start.
/// Limits of zero, empty texts and empty lists check nothing.
struct gate_spec {
  std::uint32_t words_min = 0;
  std::uint32_t words_max = 0;
  std::vector<std::string> must_mention{}; ///< Without regard to case (ASCII).
  std::vector<std::string> must_not_mention{};
  /// Least share, in permille, of the answer's sentences of which at least half
  /// of the words of four letters or more occur in the task's inputs.
  std::uint32_t grounded_permille = 0;
  std::string matches{}; ///< Regular expression that must be found in it.
  std::string tool{}; ///< A tool that is given the answer, and may refuse it.
  judge_spec judge{};
  gate_action on_fail = gate_action::retry;

  bool operator==(const gate_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(gate_spec, (),
                      (words_min, words_max, must_mention, must_not_mention,
                       grounded_permille, matches, tool, judge, on_fail))
template <>
inline constexpr bool omits_defaults<gate_spec> = true;

/// Several agents do the same; the answer is what enough of them gave.
struct agreement_spec {
  std::uint32_t of = 0;       ///< How many answers are asked for; 0: one.
  std::uint32_t at_least = 0; ///< 0: more than half of them.
  std::vector<std::string> agents{}; ///< In turn; empty: the task's own.

  bool operator==(const agreement_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(agreement_spec, (), (of, at_least, agents))
template <>
inline constexpr bool omits_defaults<agreement_spec> = true;

/// Who may say yes or no, and what it means when nobody does.
struct approval_spec {
  std::vector<std::string> ask{}; ///< Names of people or roles; empty: anybody.
  /// From when it is asked. Zero: until the run's deadline.
  duration expires{};
  bool approve_on_expiry = false;

  bool operator==(const approval_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(approval_spec, (), (ask, expires, approve_on_expiry))
template <>
inline constexpr bool omits_defaults<approval_spec> = true;

/// At most so many tasks of one agent, or of one skill, at one time.
struct cap_spec {
  std::string agent{}; ///< Or empty and `skill` set.
  std::string skill{};
  std::uint32_t most = 1;

  bool operator==(const cap_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(cap_spec, (), (agent, skill, most))
template <>
inline constexpr bool omits_defaults<cap_spec> = true;

/// Tasks that came from one sub-mission and share a budget.
struct task_group {
  std::string name{};
  money budget = money::max();

  bool operator==(const task_group&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_group, (), (name, budget))

/// One of the things that decide what a task gives: equal parts, equal work.
struct work_part {
  std::string name; ///< `prompt`, `agent`, `input book`, `need plan`, ...
  id digest;        ///< As `fingerprint_of`.

  bool operator==(const work_part&) const = default;
};
BOOST_DESCRIBE_STRUCT(work_part, (), (name, digest))

/// Which results of earlier runs stand in for work that would be the same.
struct reuse_spec {
  bool is_on = false;
  id from{};                        ///< Only this run's; null: any run's.
  std::vector<std::string> again{}; ///< Tasks that run whatever is known.

  bool operator==(const reuse_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(reuse_spec, (), (is_on, from, again))
template <>
inline constexpr bool omits_defaults<reuse_spec> = true;

} // namespace troupe::protocol
