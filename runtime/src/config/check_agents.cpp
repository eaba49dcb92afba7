#include "config/check_agents.hpp"

#include "isolation/agent_process.hpp"

#include <troupe/protocol/mission_check.hpp>

#include <set>

namespace troupe::config {

namespace {

constexpr std::size_t agents_most = 1'000;

} // namespace

std::vector<protocol::field_problem>
check_agents(const runtime_config& config) {
  std::vector<protocol::field_problem> all;
  if (config.agents.size() > agents_most)
    all.push_back({"/agents", "'agents' has at most 1,000 agents"});
  std::set<std::string> names;
  for (std::size_t i = 0; i < config.agents.size(); ++i) {
    const auto& it = config.agents[i];
    const auto place = "/agents/" + std::to_string(i);
    if (!protocol::is_name(it.card.name))
      all.push_back({place + "/name",
                     "an agent's name must have 1 to 64 letters, digits, '-', "
                     "'_' or '.'"});
    else if (!names.insert(it.card.name).second)
      all.push_back({place + "/name", "another agent has this name"});
    if (it.where.command.empty() || it.where.command.front().empty())
      all.push_back({place + "/run", "'run' names a program"});
    if (const auto good = isolation::check_ranges(it.where); !good)
      all.push_back({place, good.error().detail});
  }
  return all;
}

} // namespace troupe::config
