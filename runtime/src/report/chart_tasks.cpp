#include "chart_tasks.hpp"

#include <algorithm>
#include <tuple>

namespace troupe::report {

using protocol::instant;
using protocol::task_record;

namespace {

int rank_of(const task_record& task, const critical_tasks& critical) {
  if (critical.contains(task.task))
    return 0;
  return task.state == protocol::task_state::failed ? 1 : 2;
}

} // namespace

std::uint64_t nanoseconds_between(instant from, instant to) noexcept {
  if (to <= from)
    return 0;
  return static_cast<std::uint64_t>(to.time_since_epoch().count())
         - static_cast<std::uint64_t>(from.time_since_epoch().count());
}

std::vector<std::size_t> most_telling(const protocol::run_report& report,
                                      std::vector<std::size_t> some,
                                      const critical_tasks& critical,
                                      std::size_t most) {
  if (some.size() <= most)
    return some;
  const auto& tasks = report.tasks;
  const auto rank = [&](std::size_t i) {
    const auto took =
        tasks[i].started == instant{}
            ? 0
            : nanoseconds_between(tasks[i].started, tasks[i].finished);
    return std::tuple{rank_of(tasks[i], critical), ~took, i};
  };
  std::sort(some.begin(), some.end(),
            [&](auto a, auto b) { return rank(a) < rank(b); });
  some.resize(most);
  std::sort(some.begin(), some.end());
  return some;
}

} // namespace troupe::report
