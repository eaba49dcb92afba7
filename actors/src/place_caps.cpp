#include "place_caps.hpp"

namespace troupe::actors {

place_caps::place_caps(const protocol::mission& mission,
                       const std::vector<std::string>& agents) {
  if (mission.caps.empty())
    return;
  by_task_.assign(mission.tasks.size(), {none, none});
  for (const auto& it : mission.caps) {
    const auto place = static_cast<std::uint32_t>(caps_.size());
    caps_.emplace_back().most = it.most;
    for (std::size_t task = 0; task < by_task_.size(); ++task) {
      const bool counts = it.skill.empty()
                              ? agents[task] == it.agent
                              : mission.tasks[task].skill == it.skill;
      if (counts)
        by_task_[task][it.skill.empty() ? 0 : 1] = place;
    }
  }
}

bool place_caps::take_or_wait(const ready_queue::entry& it,
                              std::vector<ready_queue::entry>& woken) {
  if (by_task_.empty())
    return true;
  for (const auto which : by_task_[it.task]) {
    if (which == none || caps_[which].used < caps_[which].most)
      continue;
    caps_[which].waiting.push(it);
    for (const auto other : by_task_[it.task])
      if (other != none && other != which)
        wake_one(caps_[other], woken);
    return false;
  }
  take(it.task);
  return true;
}

void place_caps::wake_one(cap& it, std::vector<ready_queue::entry>& woken) {
  if (it.used >= it.most || it.waiting.empty())
    return;
  woken.push_back(it.waiting.top());
  it.waiting.pop();
}

void place_caps::take(std::size_t task) {
  if (by_task_.empty())
    return;
  for (const auto which : by_task_[task])
    if (which != none)
      ++caps_[which].used;
}

std::vector<ready_queue::entry> place_caps::release(std::size_t task) {
  std::vector<ready_queue::entry> next;
  if (by_task_.empty())
    return next;
  for (const auto which : by_task_[task]) {
    if (which == none)
      continue;
    --caps_[which].used;
    wake_one(caps_[which], next);
  }
  return next;
}

void place_caps::clear_waiting() {
  for (auto& it : caps_)
    it.waiting = {};
}

} // namespace troupe::actors
