#pragma once

#include "troupe/protocol/header.hpp"
#include "troupe/protocol/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::protocol {

/// Checks that an answer must pass before tasks that need it may start.
/// Limits of zero and empty lists check nothing.
struct gate_spec {
  std::uint32_t words_min = 0;
  std::uint32_t words_max = 0;
  std::vector<std::string> must_mention{}; ///< Without regard to case (ASCII).
  std::vector<std::string> must_not_mention{};
  /// Least share, in permille, of the answer's sentences of which at least half
  /// of the words of four letters or more occur in the task's inputs.
  std::uint32_t grounded_permille = 0;

  bool operator==(const gate_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(gate_spec, (),
                      (words_min, words_max, must_mention, must_not_mention,
                       grounded_permille))
template <>
inline constexpr bool omits_defaults<gate_spec> = true;

/// An agent backed by a model, as declared in YAML or built in C++.
struct agent_spec {
  agent_card card{};
  std::string instructions{}; ///< The system prompt.
  std::string model{};        ///< Catalogue id; empty: the router chooses.
  std::vector<std::string> tools{}; ///< Names of tools that the program added.
  std::uint32_t turns_max = 8;      ///< Model calls per task, at most.
  std::vector<std::string> asks{};  ///< Agents it may ask; "*": any.

  bool operator==(const agent_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(agent_spec, (),
                      (card, instructions, model, tools, turns_max, asks))
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

  bool operator==(const task_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_spec, (),
                      (id, agent, skill, needs, inputs, prompt, urgency, level,
                       model, output_tokens_max, timeout, attempts_max, budget,
                       gate, models))
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

  bool operator==(const mission&) const = default;
};
BOOST_DESCRIBE_STRUCT(mission, (),
                      (name, description, budget, deadline, concurrency, order,
                       inputs, agents, tasks, tags, on_shortage, models))
template <>
inline constexpr bool omits_defaults<mission> = true;

} // namespace troupe::protocol
