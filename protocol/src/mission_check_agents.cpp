#include "mission_check_list.hpp"

#include <unordered_set>

namespace troupe::protocol {

namespace {

void check_agent(const agent_spec& agent, const std::string& place,
                 const mission_limits& limits, mission_check_list& out) {
  const auto who = "agent " + shown(agent.card.name) + ": ";
  if (agent.card.name.empty())
    out.add(place, "an agent has no name");
  else if (!is_name(agent.card.name))
    out.add(place + "/card/name",
            who + "a name has 1 to 64 letters, digits, '-', '_' or '.'");
  if (agent.turns_max == 0 || agent.turns_max > limits.turns)
    out.add(place + "/turns_max",
            who + "turns must be from 1 to " + std::to_string(limits.turns));
  if (agent.repeats_max == 0 || agent.repeats_max > limits.turns)
    out.add(place + "/repeats_max",
            who + "repeats must be from 1 to " + std::to_string(limits.turns));
  if (agent.instructions.size() > limits.instructions_bytes)
    out.add(place + "/instructions",
            who + "its instructions have more than "
                + std::to_string(limits.instructions_bytes) + " bytes");
  for (std::size_t i = 0; i < agent.card.skills.size(); ++i)
    if (!is_name(agent.card.skills[i]))
      out.add(place + "/card/skills/" + std::to_string(i),
              who + "bad name of a skill " + shown(agent.card.skills[i]));
}

} // namespace

void check_agents(const mission& m, const mission_limits& limits,
                  mission_check_list& out) {
  if (m.agents.size() > limits.agents)
    out.add("/agents", std::to_string(m.agents.size()) + " agents; at most "
                           + std::to_string(limits.agents) + " are allowed");
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < m.agents.size() && !out.is_full(); ++i) {
    const auto place = "/agents/" + std::to_string(i);
    const auto& name = m.agents[i].card.name;
    check_agent(m.agents[i], place, limits, out);
    if (!name.empty() && !seen.insert(name).second)
      out.add(place + "/card/name", "duplicate agent " + shown(name));
  }
}

} // namespace troupe::protocol
