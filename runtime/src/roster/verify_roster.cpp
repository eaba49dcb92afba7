#include "troupe/protocol/mission_check.hpp"
#include "troupe/protocol/nearest.hpp"
#include "troupe/runtime/roster.hpp"

#include <string>
#include <unordered_map>

namespace troupe {

namespace {

using protocol::agent_spec;
using protocol::enum_name;
using protocol::field_problem;
using protocol::model_spec;

constexpr std::size_t instructions_least = 40; // characters
constexpr std::size_t problems_max = 200;

class roster_check {
public:
  explicit roster_check(std::span<const model_spec> models) : models_{models} {
    for (const auto& model : models)
      ids_.push_back(model.id);
  }

  void run(const agent_spec& agent, std::size_t index) {
    if (list_.size() >= problems_max)
      return;
    place_ = "/" + std::to_string(index);
    const auto& name = agent.card.name;
    who_ = "agent '" + (protocol::is_name(name) ? name : "?") + "': ";
    if (name.empty())
      add("", "it has no name");
    else if (!protocol::is_name(name))
      add("/card/name", "a name has 1 to 64 letters, digits, '-', '_' or '.'");
    else if (!by_name_.emplace(name, index).second)
      add("/card/name", "another agent has this name");
    check_skills(agent);
    check_instructions(agent, index);
    if (!agent.model.empty() && !models_.empty())
      check_model(agent);
    if (agent.turns_max == 0)
      add("/turns_max", "it may not make any model call");
  }

  std::vector<field_problem> take() { return std::move(list_); }

private:
  void add(std::string_view field, std::string message) {
    list_.push_back({place_ + std::string{field}, who_ + std::move(message)});
  }

  void check_skills(const agent_spec& agent) {
    if (agent.card.skills.empty())
      add("/card/skills", "it has no skills");
    for (std::size_t i = 0; i < agent.card.skills.size(); ++i)
      if (!protocol::is_name(agent.card.skills[i]))
        add("/card/skills/" + std::to_string(i),
            "a skill has 1 to 64 letters, digits, '-', '_' or '.'");
  }

  void check_instructions(const agent_spec& agent, std::size_t index) {
    const auto& text = agent.instructions;
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
      add("/instructions", "it has no instructions");
      return;
    }
    if (text.size() < instructions_least)
      add("/instructions", "its instructions have fewer than "
                               + std::to_string(instructions_least)
                               + " characters");
    if (text.size() > protocol::mission_limits{}.instructions_bytes)
      add("/instructions", "its instructions have more than 256 KiB");
    if (!by_instructions_.emplace(text, index).second)
      add("/instructions", "another agent has the same instructions");
  }

  void check_model(const agent_spec& agent) {
    for (const auto& model : models_) {
      if (model.id != agent.model)
        continue;
      if (model.level < agent.card.level)
        add("/model", "its model is of tier "
                          + std::string{enum_name(model.level)}
                          + ", below the agent's, "
                          + std::string{enum_name(agent.card.level)});
      return;
    }
    add("/model", "its model is not in the catalogue"
                      + protocol::did_you_mean(agent.model, ids_));
  }

  std::span<const model_spec> models_;
  std::vector<std::string> ids_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::unordered_map<std::string_view, std::size_t> by_instructions_;
  std::string place_;
  std::string who_;
  std::vector<field_problem> list_;
};

} // namespace

roster_summary summarize(std::span<const agent_spec> agents) noexcept {
  roster_summary counts;
  for (const auto& agent : agents)
    switch (agent.card.level) {
    case protocol::tier::basic:
      ++counts.basic;
      break;
    case protocol::tier::advanced:
      ++counts.advanced;
      break;
    case protocol::tier::expert:
      ++counts.expert;
      break;
    }
  return counts;
}

std::vector<field_problem> verify_roster(std::span<const agent_spec> agents,
                                         std::span<const model_spec> models) {
  roster_check check{models};
  for (std::size_t i = 0; i < agents.size(); ++i)
    check.run(agents[i], i);
  return check.take();
}

} // namespace troupe
