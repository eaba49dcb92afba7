#pragma once

#include "troupe/protocol/model.hpp"
#include "troupe/protocol/result.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace troupe::protocol {

/// A named text that a task works on: a result of a task it needs, or an
/// input of the mission.
struct task_input {
  std::string name;
  std::string text;

  bool operator==(const task_input&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_input, (), (name, text))

/// One step of the way by which a task came to an agent: who was asked what.
struct delegation {
  std::string agent;
  id work; ///< Fingerprint of the prompt and the inputs.

  bool operator==(const delegation&) const = default;
};
BOOST_DESCRIBE_STRUCT(delegation, (), (agent, work))

/// What one agent asks of another.
struct question {
  std::string agent; ///< A name; or empty and `skill` set.
  std::string skill; ///< Any agent that has it; the least tier first.
  std::string prompt;
  std::vector<task_input> inputs{};

  bool operator==(const question&) const = default;
};

/// Asks an agent to do one task. Answer: `task_result`.
/// Errors: `agent_failed`, `limit_exceeded`, and what `model_call` may answer.
/// The agent stops when the header's deadline has passed or its cancel scope
/// is cancelled, and answers with that error.
struct perform_task {
  std::string task; ///< Its id in the mission.
  std::uint32_t attempt = 1;
  std::string prompt;
  std::vector<task_input> inputs;
  std::string account;      ///< Who pays for model calls.
  std::string model;        ///< Catalogue id; empty: the router chooses.
  tier level = tier::basic; ///< Least tier of model.
  std::uint32_t output_tokens_max = 1024;
  std::string feedback; ///< Why the last attempt was turned down.
  std::uint64_t seed = 0;
  std::vector<delegation> chain; ///< Empty unless another agent asks.
  /// Questions that the agent, and those whom it asks, may put to others about
  /// this task. Counts only behind a chain; the first agent's own limit else.
  std::uint32_t questions_max = 0;
  /// An agent that does not answer at once tells the requester by
  /// `task_accepted` and what follows it how the task goes on.
  bool wants_progress = false;
  std::vector<std::string> tags{}; ///< Accounts that bear its calls as well.
  std::vector<shortage_step> on_shortage{}; ///< Of its calls; empty: refused.
  model_terms terms{};
  /// Which of the conversations about the task it is, in each attempt the same:
  /// null for that of its own agent.
  id thread{};

  bool operator==(const perform_task&) const = default;
};
BOOST_DESCRIBE_STRUCT(perform_task, (),
                      (task, attempt, prompt, inputs, account, model, level,
                       output_tokens_max, feedback, seed, chain, questions_max,
                       wants_progress, tags, on_shortage, terms, thread))
template <>
inline constexpr bool omits_defaults<perform_task> = true;

/// Answers `perform_task`.
struct task_result {
  std::string output; ///< Untrusted where a model had part in it.
  std::string model;  ///< Of the last model call; empty: none was made.
  usage used;
  money cost;
  std::uint32_t model_calls = 0;
  std::uint32_t tool_calls = 0;
  std::uint32_t questions = 0; ///< Put to other agents, by these too.
  bool simulated = false;
  std::vector<shortage_step> degraded{}; ///< Some call was, for want of money.
  std::uint32_t cached_calls = 0; ///< Of `model_calls`: answered by the cache.
  money saved;                    ///< By these.
  std::uint32_t hedges = 0;       ///< As in `model_reply`, of all calls.
  std::uint32_t escalations = 0;
  id last_call{}; ///< That gave the output, for `judge_answer`.

  bool operator==(const task_result&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_result, (),
                      (output, model, used, cost, model_calls, tool_calls,
                       questions, simulated, degraded, cached_calls, saved,
                       hedges, escalations, last_call))
template <>
inline constexpr bool omits_defaults<task_result> = true;

/// Each step once, in the order in which they came.
inline void add_steps(std::vector<shortage_step>& to,
                      const std::vector<shortage_step>& more) {
  for (const auto it : more)
    if (std::find(to.begin(), to.end(), it) == to.end())
      to.push_back(it);
}

/// Counts what another agent has used for the work behind `mine`.
inline void add_use(task_result& mine, const task_result& theirs) {
  mine.used += theirs.used;
  mine.cost += theirs.cost;
  mine.model_calls += theirs.model_calls;
  mine.tool_calls += theirs.tool_calls;
  mine.simulated = mine.simulated || theirs.simulated;
  add_steps(mine.degraded, theirs.degraded);
  mine.cached_calls += theirs.cached_calls;
  mine.saved += theirs.saved;
  mine.hedges += theirs.hedges;
  mine.escalations += theirs.escalations;
}

/// Ends all work under a cancel scope. Nobody answers; the cancelled requests
/// answer `cancelled`. Unknown scope, or repeated: no effect.
struct cancel {
  id scope;
  std::string reason;

  bool operator==(const cancel&) const = default;
};
BOOST_DESCRIBE_STRUCT(cancel, (), (scope, reason))

} // namespace troupe::protocol
