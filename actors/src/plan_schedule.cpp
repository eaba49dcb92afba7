#include "plan_schedule.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace troupe::actors {

using protocol::duration;

namespace {

/// Plays a run with known times: an ordered set of tasks that may start and
/// one of tasks that run. Each holds a task at most once.
class simulated_run {
public:
  simulated_run(const protocol::mission& mission, const plan_graph& graph,
                const std::vector<duration>& times,
                const std::vector<duration>& chains)
      : mission_(mission), graph_(graph), times_(times), chains_(chains) {
    for (const auto task : graph.order) {
      unmet_.resize(graph.needs.size());
      unmet_[task] = graph.needs[task].size();
      open_by_level_.resize(
          std::max<std::size_t>(open_by_level_.size(), graph.level[task] + 1U));
      ++open_by_level_[graph.level[task]];
      if (unmet_[task] == 0)
        ready_.insert(rank_of(task));
    }
  }

  duration play() {
    start_what_may();
    while (!running_.empty()) {
      const auto [end, task] = *running_.begin();
      running_.erase(running_.begin());
      now_ = end;
      --open_by_level_[graph_.level[task]];
      for (const auto next : graph_.dependants[task])
        if (--unmet_[next] == 0)
          ready_.insert(rank_of(next));
      start_what_may();
    }
    return now_;
  }

private:
  using rank = std::tuple<std::uint32_t, int, duration, std::uint32_t>;

  [[nodiscard]] bool in_waves() const {
    return mission_.order == protocol::schedule::waves;
  }

  [[nodiscard]] rank rank_of(std::uint32_t task) const {
    return {in_waves() ? graph_.level[task] : 0,
            -static_cast<int>(mission_.tasks[task].urgency), -chains_[task],
            task};
  }

  [[nodiscard]] bool may_start(std::uint32_t task) {
    while (lowest_level_ < open_by_level_.size()
           && open_by_level_[lowest_level_] == 0)
      ++lowest_level_;
    return !in_waves() || graph_.level[task] <= lowest_level_;
  }

  void start_what_may() {
    const auto places = std::max<std::size_t>(mission_.concurrency, 1);
    while (!ready_.empty() && running_.size() < places) {
      const auto task = std::get<3>(*ready_.begin());
      if (!may_start(task))
        return;
      ready_.erase(ready_.begin());
      running_.emplace(now_ + times_[task], task);
    }
  }

  const protocol::mission& mission_;
  const plan_graph& graph_;
  const std::vector<duration>& times_;
  const std::vector<duration>& chains_;
  std::vector<std::size_t> unmet_;
  std::vector<std::size_t> open_by_level_;
  std::size_t lowest_level_ = 0;
  std::set<rank> ready_;
  std::set<std::pair<duration, std::uint32_t>> running_;
  duration now_{};
};

} // namespace

std::vector<duration> longest_chains(const plan_graph& graph,
                                     const std::vector<duration>& times) {
  std::vector<duration> chains(times.size());
  for (auto it = graph.order.rbegin(); it != graph.order.rend(); ++it) {
    duration behind{};
    for (const auto next : graph.dependants[*it])
      behind = std::max(behind, chains[next]);
    chains[*it] = times[*it] + behind;
  }
  return chains;
}

std::vector<std::uint32_t> critical_chain(const plan_graph& graph,
                                          const std::vector<duration>& chains) {
  std::vector<std::uint32_t> path;
  std::vector<std::uint32_t> from = graph.order;
  while (!from.empty()) {
    const auto longest = *std::max_element(
        from.begin(), from.end(), [&](std::uint32_t a, std::uint32_t b) {
          return std::tuple{chains[a], b} < std::tuple{chains[b], a};
        });
    path.push_back(longest);
    from = graph.dependants[longest];
  }
  return path;
}

duration list_schedule(const protocol::mission& mission,
                       const plan_graph& graph,
                       const std::vector<duration>& times,
                       const std::vector<duration>& chains) {
  return simulated_run{mission, graph, times, chains}.play();
}

} // namespace troupe::actors
