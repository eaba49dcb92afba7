#include "troupe/protocol/mission_check.hpp"

#include "mission_check_list.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace troupe::protocol {

namespace {

constexpr std::size_t tags_max = 8;

/// Names that tasks may refer to.
struct names {
  std::vector<std::string> agents;
  std::vector<std::string> skills;
  std::vector<std::string> inputs;
  std::unordered_set<std::string_view> agent_set;
  std::unordered_set<std::string_view> skill_set;
  std::unordered_set<std::string_view> input_set;
};

names collect_names(const mission& m, std::span<const agent_card> known) {
  names all;
  std::set<std::string> skills;
  auto take = [&](const agent_card& card) {
    all.agents.push_back(card.name);
    skills.insert(card.skills.begin(), card.skills.end());
  };
  for (const auto& agent : m.agents)
    take(agent.card);
  for (const auto& card : known)
    take(card);
  for (const auto& input : m.inputs)
    all.inputs.push_back(input.name);
  all.skills.assign(skills.begin(), skills.end());
  all.agent_set.insert(all.agents.begin(), all.agents.end());
  all.skill_set.insert(all.skills.begin(), all.skills.end());
  all.input_set.insert(all.inputs.begin(), all.inputs.end());
  return all;
}

std::string from_one_to(std::size_t most) {
  return " must be from 1 to " + std::to_string(most);
}

class task_check {
public:
  task_check(const task_spec& task, std::string place, mission_check_list& out)
      : task_{task}, place_{std::move(place)}, out_{out} {}

  void run(const mission& m, const names& all, const mission_limits& limits) {
    if (task_.id.empty())
      add("", "it has no id");
    else if (!is_task_id(task_.id))
      add("/id", "an id has 1 to 128 letters, digits, '-', '_', '.', '/' "
                 "or '#'");
    check_assignment(all);
    check_inputs(all);
    if (task_.prompt.find_first_not_of(" \t\r\n") == std::string::npos
        && task_.kind != task_kind::pick && task_.kind != task_kind::join)
      add("/prompt", "the prompt is empty");
    if (task_.prompt.size() > limits.prompt_bytes)
      add("/prompt", "the prompt has more than "
                         + std::to_string(limits.prompt_bytes) + " bytes");
    check_limits(limits);
    check_budget(m.budget);
    check_gate();
  }

private:
  void add(std::string_view field, std::string message) {
    out_.add(place_ + std::string{field}, task_prefix(task_) + message);
  }

  void check_assignment(const names& all) {
    if (task_.kind != task_kind::work) {
      if (!task_.agent.empty() || !task_.skill.empty())
        add("/kind", "only 'work' has an agent or a skill");
      return;
    }
    if (task_.agent.empty() && task_.skill.empty())
      add("", "neither an agent nor a skill is given");
    if (!task_.agent.empty() && !task_.skill.empty())
      add("/skill", "give an agent or a skill, not both");
    if (!task_.agent.empty() && !all.agent_set.contains(task_.agent))
      out_.add_unknown(place_ + "/agent",
                       task_prefix(task_) + "unknown agent "
                           + shown(task_.agent),
                       task_.agent, all.agents);
    if (!task_.skill.empty() && !all.skill_set.contains(task_.skill))
      out_.add_unknown(place_ + "/skill",
                       task_prefix(task_) + "no agent has the skill "
                           + shown(task_.skill),
                       task_.skill, all.skills);
  }

  void check_inputs(const names& all) {
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 0; i < task_.inputs.size(); ++i) {
      const auto& name = task_.inputs[i];
      const auto place = "/inputs/" + std::to_string(i);
      if (!seen.insert(name).second)
        add(place, "lists the input " + shown(name) + " twice");
      else if (!all.input_set.contains(name))
        out_.add_unknown(place_ + place,
                         task_prefix(task_) + "unknown input " + shown(name),
                         name, all.inputs);
    }
  }

  void check_limits(const mission_limits& limits) {
    if (task_.output_tokens_max == 0
        || task_.output_tokens_max > limits.output_tokens)
      add("/output_tokens_max",
          "the output tokens" + from_one_to(limits.output_tokens));
    if (task_.attempts_max == 0 || task_.attempts_max > limits.attempts)
      add("/attempts_max", "the attempts" + from_one_to(limits.attempts));
    if (task_.timeout <= duration::zero() || task_.timeout > limits.timeout)
      add("/timeout", "the timeout must be above 0 and at most "
                          + for_people(limits.timeout));
  }

  void check_budget(money whole) {
    if (task_.budget.nano_usd <= 0)
      add("/budget", "a budget must be above 0; leave it out for no limit");
    else if (whole.nano_usd > 0 && task_.budget != money::max()
             && task_.budget > whole)
      add("/budget", "its budget " + for_people(task_.budget)
                         + " is above the mission's, " + for_people(whole));
  }

  void check_gate() {
    const auto& gate = task_.gate;
    if (gate.words_max != 0 && gate.words_min > gate.words_max)
      add("/gate/words_min", "words_min is above words_max");
    if (gate.grounded_permille > 1000)
      add("/gate/grounded_permille", "grounded_permille is above 1000");
    if (gate.grounded_permille != 0 && task_.inputs.empty()
        && task_.needs.empty())
      add("/gate/grounded_permille",
          "nothing to be grounded in: the task has no inputs and no needs");
    for (const auto& [list, field] :
         {std::pair{&gate.must_mention, "/gate/must_mention"},
          std::pair{&gate.must_not_mention, "/gate/must_not_mention"}})
      if (std::find(list->begin(), list->end(), "") != list->end())
        add(field, "an empty text in the gate");
  }

  const task_spec& task_;
  std::string place_;
  mission_check_list& out_;
};

void check_input_texts(const mission& m, const mission_limits& limits,
                       mission_check_list& out) {
  if (m.inputs.size() > limits.inputs)
    out.add("/inputs", std::to_string(m.inputs.size()) + " inputs; at most "
                           + std::to_string(limits.inputs) + " are allowed");
  std::unordered_set<std::string_view> seen;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < m.inputs.size() && !out.is_full(); ++i) {
    const auto place = "/inputs/" + std::to_string(i);
    const auto& [name, text] = m.inputs[i];
    bytes += text.size();
    if (!is_task_id(name))
      out.add(place + "/name", "bad name of an input " + shown(name));
    if (!seen.insert(name).second)
      out.add(place + "/name", "duplicate input " + shown(name));
    if (text.size() > limits.input_bytes)
      out.add(place + "/text", "the input " + shown(name) + " has more than "
                                   + std::to_string(limits.input_bytes)
                                   + " bytes");
  }
  if (bytes > limits.inputs_bytes)
    out.add("/inputs", "all inputs together have more than "
                           + std::to_string(limits.inputs_bytes) + " bytes");
}

void check_top(const mission& m, const mission_limits& limits,
               mission_check_list& out) {
  if (m.name.empty())
    out.add("", "the mission has no name");
  else if (!is_name(m.name))
    out.add("/name",
            "the mission's name " + shown(m.name)
                + " must have 1 to 64 letters, digits, '-', '_' or '.'");
  if (m.budget.nano_usd <= 0)
    out.add("/budget", "a budget must be above 0; leave it out for no limit");
  if (m.deadline <= duration::zero() || m.deadline > limits.deadline)
    out.add("/deadline", "the deadline must be above 0 and at most "
                             + for_people(limits.deadline));
  if (m.concurrency == 0 || m.concurrency > limits.concurrency)
    out.add("/concurrency", "concurrency" + from_one_to(limits.concurrency));
  if (m.tasks.empty())
    out.add("/tasks", "the mission has no tasks");
  if (m.tags.size() > tags_max)
    out.add("/tags",
            "a mission has at most " + std::to_string(tags_max) + " tags");
  for (std::size_t i = 0; i < m.tags.size(); ++i)
    if (!is_name(m.tags[i]))
      out.add("/tags/" + std::to_string(i),
              "the tag " + shown(m.tags[i])
                  + " must have 1 to 64 letters, digits, '-', '_' or '.'");
}

/// True when the counts allow the checks of each task.
bool check_counts(const mission& m, const mission_limits& limits,
                  mission_check_list& out) {
  std::size_t needs = 0;
  for (const auto& task : m.tasks)
    needs += task.needs.size() + task.inputs.size();
  if (m.tasks.size() > limits.tasks)
    out.add("/tasks", std::to_string(m.tasks.size()) + " tasks; at most "
                          + std::to_string(limits.tasks) + " are allowed");
  if (needs > limits.needs)
    out.add("/tasks", std::to_string(needs)
                          + " needs and inputs of all tasks together; at most "
                          + std::to_string(limits.needs) + " are allowed");
  return m.tasks.size() <= limits.tasks && needs <= limits.needs;
}

} // namespace

std::vector<field_problem> check_mission(const mission& mission,
                                         std::span<const agent_card> known,
                                         const mission_limits& limits) {
  mission_check_list out;
  check_top(mission, limits, out);
  check_input_texts(mission, limits, out);
  check_agents(mission, limits, out);
  if (!check_counts(mission, limits, out))
    return out.take();
  const auto all = collect_names(mission, known);
  task_index index;
  for (std::size_t i = 0; i < mission.tasks.size(); ++i) {
    const auto& task = mission.tasks[i];
    const auto place = "/tasks/" + std::to_string(i);
    if (!task.id.empty() && !index.emplace(task.id, i).second)
      out.add(place + "/id", "duplicate task id " + shown(task.id));
    if (!out.is_full())
      task_check{task, place, out}.run(mission, all, limits);
  }
  check_rules(mission, all.agents, out);
  check_needs(mission, index, out);
  return out.take();
}

} // namespace troupe::protocol
