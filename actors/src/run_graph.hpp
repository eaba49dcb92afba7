#pragma once

#include <troupe/protocol/report.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// How the tasks of a mission hang together. Immutable.
class run_graph {
public:
  struct node {
    std::vector<std::uint32_t> needs;
    std::vector<std::uint32_t> dependants;
    std::vector<std::uint32_t> inputs; ///< Of the mission, by position.
    std::uint32_t level = 0;
    std::uint64_t path = 0; ///< Estimated time of the longest chain from it.
  };

  /// The mission has passed `check_mission`; `estimates` by task.
  run_graph(const protocol::mission& mission,
            const std::vector<protocol::task_estimate>& estimates);

  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
  [[nodiscard]] const node& operator[](std::size_t task) const {
    return nodes_[task];
  }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& id) const;

  /// How many tasks each level has.
  [[nodiscard]] std::vector<std::uint32_t> levels() const;

private:
  /// Levels and paths, along the order in which tasks can run.
  void measure(const std::vector<protocol::task_estimate>& estimates);

  std::vector<node> nodes_;
  std::unordered_map<std::string, std::uint32_t> index_;
};

} // namespace troupe::actors
