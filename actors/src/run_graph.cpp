#include "run_graph.hpp"

#include <algorithm>
#include <string_view>

namespace troupe::actors {

run_graph::run_graph(const protocol::mission& mission,
                     const std::vector<protocol::task_estimate>& estimates)
    : nodes_(mission.tasks.size()) {
  const auto count = static_cast<std::uint32_t>(nodes_.size());
  index_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i)
    index_.emplace(mission.tasks[i].id, i);
  std::unordered_map<std::string_view, std::uint32_t> inputs;
  for (std::uint32_t i = 0; i < mission.inputs.size(); ++i)
    inputs.emplace(mission.inputs[i].name, i);
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const auto& name : mission.tasks[i].inputs)
      nodes_[i].inputs.push_back(inputs.at(name));
    for (const auto& need : mission.tasks[i].needs) {
      const auto before = index_.at(need);
      nodes_[i].needs.push_back(before);
      nodes_[before].dependants.push_back(i);
    }
  }
  measure(estimates);
}

void run_graph::measure(const std::vector<protocol::task_estimate>& estimates) {
  std::vector<std::uint32_t> order;
  std::vector<std::size_t> unmet;
  order.reserve(nodes_.size());
  unmet.reserve(nodes_.size());
  for (const auto& it : nodes_) {
    if (it.needs.empty())
      order.push_back(static_cast<std::uint32_t>(unmet.size()));
    unmet.push_back(it.needs.size());
  }
  for (std::size_t at = 0; at < order.size(); ++at)
    for (const auto next : nodes_[order[at]].dependants) {
      nodes_[next].level =
          std::max(nodes_[next].level, nodes_[order[at]].level + 1);
      if (--unmet[next] == 0)
        order.push_back(next);
    }
  std::reverse(order.begin(), order.end());
  for (const auto i : order) {
    auto& it = nodes_[i];
    for (const auto next : it.dependants)
      it.path = std::max(it.path, nodes_[next].path);
    it.path += static_cast<std::uint64_t>(
        std::max<std::int64_t>(estimates[i].time.count(), 1));
  }
}

std::optional<std::size_t> run_graph::find(const std::string& id) const {
  const auto found = index_.find(id);
  if (found == index_.end())
    return std::nullopt;
  return found->second;
}

std::vector<std::uint32_t> run_graph::levels() const {
  std::vector<std::uint32_t> counts;
  for (const auto& it : nodes_) {
    counts.resize(std::max<std::size_t>(counts.size(), it.level + 1));
    ++counts[it.level];
  }
  return counts;
}

} // namespace troupe::actors
