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

} // namespace troupe::test
