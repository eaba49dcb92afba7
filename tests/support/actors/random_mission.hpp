#pragma once

#include "support/protocol/random_source.hpp"

#include <troupe/protocol/mission.hpp>

#include <algorithm>

namespace troupe::test {

/// Up to 18 tasks with short times, in any order of their needs.
inline protocol::mission random_mission(protocol::test::random_source& source) {
  protocol::mission it;
  it.name = "random";
  it.concurrency = 1 + static_cast<std::uint32_t>(source.below(5));
  it.order =
      source.coin() ? protocol::schedule::eager : protocol::schedule::waves;
  it.deadline = std::chrono::seconds{20 + source.below(400)};
  const auto count = 1 + source.below(18);
  for (std::size_t i = 0; i < count; ++i) {
    auto& task = it.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    task.agent = "agent";
    task.prompt = "Do it.";
    task.timeout = std::chrono::seconds{1 + source.below(30)};
    task.attempts_max = 1 + static_cast<std::uint32_t>(source.below(3));
    task.urgency = static_cast<protocol::priority>(source.below(4));
    for (std::size_t need = 0; need < i; ++need)
      if (source.below(4) == 0)
        task.needs.push_back("t" + std::to_string(need));
  }
  if (source.coin())
    std::reverse(it.tasks.begin(), it.tasks.end());
  return it;
}

/// Gives some tasks conditions, gates, judges and people to ask, and makes
/// others steps without an agent.
inline void enliven(protocol::mission& it,
                    protocol::test::random_source& source) {
  using protocol::task_kind;
  for (auto& task : it.tasks) {
    task.may_fail = source.below(5) == 0;
    if (!task.needs.empty() && source.below(3) == 0)
      task.when = "${" + task.needs.front() + ".output} contains 'good'";
    if (source.below(3) == 0)
      task.gate.must_mention = {"good"};
    task.gate.on_fail = static_cast<protocol::gate_action>(source.below(4));
    if (source.below(4) == 0)
      task.approval.expires = std::chrono::seconds{1 + source.below(60)};
    task.approval.approve_on_expiry = source.coin();
    task.retries.unknown_effects =
        static_cast<protocol::unknown_effect>(source.below(2));
    for (auto& other : it.tasks)
      if (task.may_fail && source.coin()
          && std::count(task.needs.begin(), task.needs.end(), other.id) != 0)
        other.within = task.id;
    const auto kind = source.below(8);
    if (kind == 0)
      task.kind = task_kind::approval;
    else if (kind < 3 && !task.needs.empty())
      task.kind = kind == 1 ? task_kind::pick : task_kind::join;
    if (task.kind == task_kind::work) {
      if (source.below(4) == 0)
        task.gate.judge.agent = "agent";
      continue;
    }
    task.agent.clear();
    if (task.kind != task_kind::approval)
      task.prompt.clear();
  }
  if (source.below(3) == 0)
    it.caps = {{"agent", {}, 1 + static_cast<std::uint32_t>(source.below(3))}};
}

} // namespace troupe::test
