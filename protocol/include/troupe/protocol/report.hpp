#pragma once

#include "troupe/protocol/catalogue.hpp"
#include "troupe/protocol/event.hpp"
#include "troupe/protocol/mission.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::protocol {

/// What a task was expected to take, before the run.
struct task_estimate {
  std::string model; ///< That the router would choose; empty: none needed.
  std::uint64_t prompt_tokens = 0;
  std::uint64_t output_tokens = 0;
  money cost;
  duration time{};

  bool operator==(const task_estimate&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_estimate, (),
                      (model, prompt_tokens, output_tokens, cost, time))

/// What became of one task.
struct task_record {
  std::string task;
  std::string agent;
  std::string model; ///< Of the last model call; empty: none was made.
  task_state state = task_state::waiting;
  std::vector<std::string> needs;
  std::uint32_t attempts = 0;
  std::uint32_t model_calls = 0;
  usage used;
  money cost; ///< Over all attempts that answered.
  task_estimate estimate;
  instant ready;    ///< When its needs were met; epoch: never.
  instant started;  ///< First attempt; epoch: never.
  instant finished; ///< Epoch: never.
  std::string output;
  std::optional<error> failure;
  bool simulated = false;
  std::vector<shortage_step> degraded{}; ///< Some call was, for want of money.
  std::uint32_t cached_calls = 0; ///< Of `model_calls`: answered by the cache.
  money saved;                    ///< By these.
  std::uint32_t hedges = 0;       ///< As in `task_result`.
  std::uint32_t escalations = 0;
  id last_call{};
  /// Attempts that ended with their process; they count in `attempts`.
  std::uint32_t interrupted = 0;
  id reused_from{};      ///< The run that did the same; null: it was done.
  std::string why{};     ///< It ran, where an earlier run might have done.
  std::string decided{}; ///< By whom, for what waited for a person.

  bool operator==(const task_record&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_record, (),
                      (task, agent, model, state, needs, attempts, model_calls,
                       used, cost, estimate, ready, started, finished, output,
                       failure, simulated, degraded, cached_calls, saved,
                       hedges, escalations, last_call, interrupted, reused_from,
                       why, decided))
template <>
inline constexpr bool omits_defaults<task_record> = true;

/// What became of a run. Tasks stand in the mission's order.
struct run_report {
  id run;
  std::string mission;
  run_state state = run_state::running;
  instant started;
  instant finished;
  std::uint32_t concurrency = 0;
  std::vector<task_record> tasks;
  usage used;
  money cost;         ///< Sum of what the ledger holds as spent by the run.
  money cost_unknown; ///< The part of `cost` whose outcome nobody knows.
  money budget = money::max();
  std::optional<error> failure; ///< Why the run as a whole ended early.
  bool simulated = false;
  std::uint32_t cached_calls = 0; ///< Of all tasks, as is `saved`.
  money saved;
  std::uint32_t hedges = 0; ///< Of all tasks, as are `escalations`.
  std::uint32_t escalations = 0;
  std::uint32_t resumed = 0; ///< How often another process went on with it.
  std::uint32_t reused = 0;  ///< Tasks whose result came from another run.
  id forked_from{};          ///< As in `run_planned`.

  bool operator==(const run_report&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_report, (),
                      (run, mission, state, started, finished, concurrency,
                       tasks, used, cost, cost_unknown, budget, failure,
                       simulated, cached_calls, saved, hedges, escalations,
                       resumed, reused, forked_from))
template <>
inline constexpr bool omits_defaults<run_report> = true;

/// What a report says beyond its records.
struct run_summary {
  duration makespan{};
  duration work{}; ///< Sum of all tasks' running times.
  /// The chain of tasks that decided when the run ended, first to last.
  std::vector<std::string> critical_path;
  duration critical_time{}; ///< Sum of its tasks' running times.
  /// `work` over `makespan * min(concurrency, tasks)`.
  std::uint32_t utilisation_permille = 0;
  std::uint32_t speedup_permille = 0; ///< `work` over `makespan`.
  /// The same tokens at the price of one expert model for every task.
  std::string uniform_model; ///< The cheapest expert of the catalogue.
  money uniform_cost;
  std::int32_t saving_permille = 0; ///< Of the uniform cost; may be negative.
  /// Mean of |estimated - actual| / actual over tasks with model calls.
  std::uint32_t token_error_permille = 0;
  std::uint32_t cost_error_permille = 0;
  std::uint32_t time_error_permille = 0;
  /// What prompts cost less since providers kept parts of them; negative when
  /// keeping them has cost more than it brought.
  money prompt_cache_saved;

  bool operator==(const run_summary&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_summary, (),
                      (makespan, work, critical_path, critical_time,
                       utilisation_permille, speedup_permille, uniform_model,
                       uniform_cost, saving_permille, token_error_permille,
                       cost_error_permille, time_error_permille,
                       prompt_cache_saved))

} // namespace troupe::protocol
