#include "engine/assignments.hpp"

namespace troupe {

using protocol::task_kind;

namespace {

constexpr std::size_t stand_ins_max = 3;

} // namespace

actors::locate_agents agents_wanted(const protocol::mission& mission) {
  actors::locate_agents ask;
  ask.others_max = stand_ins_max;
  const auto add = [&](const std::string& name, const std::string& skill) {
    ask.queries.push_back({name, skill, protocol::tier::basic, 1});
  };
  for (const auto& task : mission.tasks) {
    if (task.kind == task_kind::work)
      add(task.agent, task.skill);
    for (const auto& name : task.agreement.agents)
      add(name, {});
    if (!task.gate.judge.agent.empty())
      add(task.gate.judge.agent, {});
  }
  return ask;
}

std::vector<actors::assignment>
assign_found(protocol::mission& mission, const actors::agents_located& found,
             const level_of_task& level) {
  std::vector<actors::assignment> all;
  std::size_t at = 0;
  const auto take = [&]() -> actors::named_agent {
    const auto i = at++;
    return {found.handles[i], found.cards[i].name};
  };
  for (auto& task : mission.tasks) {
    auto& it = all.emplace_back();
    if (task.kind == task_kind::work) {
      const auto& card = found.cards[at];
      for (const auto& other : found.others[at])
        it.stand_ins.push_back({{other.handle, other.name}, {}});
      task.level = level(task, card);
      task.agent = card.name;
      it.level = *task.level;
      auto who = take();
      it.agent = std::move(who.agent);
      it.name = std::move(who.name);
    }
    for (std::size_t i = 0; i < task.agreement.agents.size(); ++i)
      it.others.push_back(take());
    if (!task.gate.judge.agent.empty())
      it.judge = take();
  }
  return all;
}

} // namespace troupe
