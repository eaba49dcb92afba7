#pragma once

#include "troupe/protocol/header.hpp"
#include "troupe/protocol/task.hpp"
#include "troupe/protocol/task_rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::protocol {

/// An agent backed by a model, as declared in YAML or built in C++.
struct agent_spec {
  agent_card card{};
  std::string instructions{}; ///< The system prompt.
  std::string model{};        ///< Catalogue id; empty: the router chooses.
  std::vector<std::string> tools{}; ///< Names of tools that the program added.
  std::uint32_t turns_max = 8;      ///< Model calls per task, at most.
  std::vector<std::string> asks{};  ///< Agents it may ask; "*": any.
  std::uint64_t tokens_max = 0;     ///< Of all calls of a task; 0: no limit.
  std::uint32_t repeats_max = 3;    ///< Equal calls of a tool in one attempt.

  bool operator==(const agent_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_spec, (),
                      (card, instructions, model, tools, turns_max, asks,
                       tokens_max, repeats_max))
template <>
inline constexpr bool omits_defaults<agent_spec> = true;

/// A node of a mission.
struct task_spec {
  std::string id{};    ///< Unique in the mission; letters, digits, '-_./#'.
  std::string agent{}; ///< Name; or empty and `skill` set.
  std::string skill{}; ///< The registry picks the agent.
  std::vector<std::string> needs{};  ///< Ids whose results come as inputs.
  std::vector<std::string> inputs{}; ///< Names of mission inputs.
  std::string prompt{};
  priority urgency = priority::medium;
  std::optional<tier> level{}; ///< Else the higher of agent's and priority's.
  std::string model{};         ///< Pins the model; empty: the router chooses.
  std::uint32_t output_tokens_max = 1024;
  duration timeout = std::chrono::minutes{5}; ///< Per attempt.
  std::uint32_t attempts_max = 3;
  money budget = money::max();
  gate_spec gate{};
  std::optional<model_terms> models{}; ///< Null: as the mission says.
  task_kind kind = task_kind::work;
  /// A condition over inputs and results of needs, as in
  /// `${plan.output.ready} == true`; empty: it always runs.
  std::string when{};
  std::string output_schema{}; ///< JSON Schema of its answer; empty: any text.
  retry_spec retries{};
  agreement_spec agreement{};
  approval_spec approval{};
  bool may_fail = false;   ///< What needs it goes on without its result.
  bool always_run = false; ///< No earlier result stands in for it.
  std::string group{};     ///< Of the mission's groups; empty: none.
  /// A later task that may fail, and fails in its place, so that the run may be
  /// done all the same. Empty: none.
  std::string within{};

  bool operator==(const task_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_spec, (),
                      (id, agent, skill, needs, inputs, prompt, urgency, level,
                       model, output_tokens_max, timeout, attempts_max, budget,
                       gate, models, kind, when, output_schema, retries,
                       agreement, approval, may_fail, always_run, group,
                       within))
template <>
inline constexpr bool omits_defaults<task_spec> = true;

/// When a task may start: the moment its needs are met, or only when the whole
/// level before it has ended.
enum class schedule : std::uint8_t { eager, waves };
BOOST_DESCRIBE_ENUM(schedule, eager, waves)

/// Tasks with declared needs (a DAG), budgets and gates.
struct mission {
  std::string name{};
  std::string description{};
  money budget = money::max();
  duration deadline = std::chrono::hours{1}; ///< For the whole run.
  std::uint32_t concurrency = 5;             ///< Tasks at one time.
  schedule order = schedule::eager;
  std::vector<task_input> inputs{};
  std::vector<agent_spec> agents{};
  std::vector<task_spec> tasks{};
  /// Names, at most 8: the accounts `tag:NAME` bear its calls as well.
  std::vector<std::string> tags{};
  std::vector<shortage_step> on_shortage{}; ///< Empty: calls are refused.
  model_terms models{};                     ///< Of tasks that state none.
  std::vector<cap_spec> caps{};
  std::vector<task_group> groups{};
  reuse_spec reuse{};

  bool operator==(const mission&) const = default;
};
BOOST_DESCRIBE_STRUCT(mission, (),
                      (name, description, budget, deadline, concurrency, order,
                       inputs, agents, tasks, tags, on_shortage, models, caps,
                       groups, reuse))
template <>
inline constexpr bool omits_defaults<mission> = true;

} // namespace troupe::protocol
