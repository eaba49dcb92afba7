#pragma once

#include "troupe/protocol/mission.hpp"

#include <algorithm>

namespace troupe::protocol {

/// Replaces the budget of a mission. Tasks that may spend more on their own get
/// as much, since a task's budget is never above its mission's.
/// Blocking: never. Thread safety: as `it`.
inline void replace_budget(mission& it, money budget) {
  it.budget = budget;
  for (auto& task : it.tasks)
    task.budget = std::min(task.budget, budget);
}

} // namespace troupe::protocol
