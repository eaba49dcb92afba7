#include "plan_graph.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace troupe::actors {

namespace {

void link(const protocol::mission& mission, plan_graph& graph) {
  std::unordered_map<std::string_view, std::uint32_t> index;
  for (std::uint32_t i = 0; i < mission.tasks.size(); ++i)
    index.emplace(mission.tasks[i].id, i);
  for (std::uint32_t i = 0; i < mission.tasks.size(); ++i)
    for (const auto& need : mission.tasks[i].needs)
      if (const auto found = index.find(need); found != index.end()) {
        graph.needs[i].push_back(found->second);
        graph.dependants[found->second].push_back(i);
      }
}

} // namespace

plan_graph graph_of(const protocol::mission& mission) {
  const auto count = mission.tasks.size();
  plan_graph graph;
  graph.needs.resize(count);
  graph.dependants.resize(count);
  graph.level.resize(count);
  link(mission, graph);
  std::vector<std::size_t> unmet(count);
  std::vector<std::uint32_t> free;
  for (std::uint32_t i = 0; i < count; ++i) {
    unmet[i] = graph.needs[i].size();
    if (unmet[i] == 0)
      free.push_back(i); // rising, hence already a heap
  }
  while (!free.empty()) {
    std::pop_heap(free.begin(), free.end(), std::greater{});
    const auto task = free.back();
    free.pop_back();
    graph.order.push_back(task);
    for (const auto next : graph.dependants[task]) {
      graph.level[next] = std::max(graph.level[next], graph.level[task] + 1);
      if (--unmet[next] != 0)
        continue;
      free.push_back(next);
      std::push_heap(free.begin(), free.end(), std::greater{});
    }
  }
  return graph;
}

} // namespace troupe::actors
