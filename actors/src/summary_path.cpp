#include "summary_path.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace troupe::actors {

using protocol::instant;
using protocol::task_record;

namespace {

bool has_run(const task_record& task) {
  return task.started != instant{} && task.finished >= task.started;
}

class walk_back {
public:
  explicit walk_back(const std::vector<task_record>& tasks)
      : tasks_(tasks), visited_(tasks.size()) {
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      index_.emplace(tasks[i].task, i);
      if (has_run(tasks[i]))
        by_end_.push_back(i);
    }
    std::sort(by_end_.begin(), by_end_.end(), [&](auto a, auto b) {
      return std::tuple{tasks[a].finished, b}
             < std::tuple{tasks[b].finished, a};
    });
  }

  std::vector<std::size_t> chain() {
    std::vector<std::size_t> path;
    std::optional<std::size_t> at;
    if (!by_end_.empty())
      at = by_end_.back();
    while (at) {
      path.push_back(*at);
      visited_[*at] = true;
      const auto place = place_giver(tasks_[*at]);
      at = place ? place : last_need(tasks_[*at]);
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

private:
  /// The last to end after `task` was ready and before it started.
  [[nodiscard]] std::optional<std::size_t>
  place_giver(const task_record& task) const {
    auto it = std::upper_bound(
        by_end_.begin(), by_end_.end(), task.started,
        [&](instant when, auto i) { return when < tasks_[i].finished; });
    while (it != by_end_.begin()) {
      --it;
      if (tasks_[*it].finished <= task.ready)
        break;
      if (!visited_[*it])
        return *it;
    }
    return {};
  }

  [[nodiscard]] std::optional<std::size_t>
  last_need(const task_record& task) const {
    std::optional<std::size_t> last;
    for (const auto& need : task.needs) {
      const auto found = index_.find(need);
      if (found == index_.end() || visited_[found->second]
          || !has_run(tasks_[found->second]))
        continue;
      if (!last || tasks_[found->second].finished > tasks_[*last].finished)
        last = found->second;
    }
    return last;
  }

  const std::vector<task_record>& tasks_;
  std::vector<bool> visited_;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::vector<std::size_t> by_end_; ///< Rising; equal ends: first task last.
};

} // namespace

protocol::duration running_time(const task_record& task) noexcept {
  return has_run(task) ? task.finished - task.started : protocol::duration{};
}

std::vector<std::size_t> deciding_chain(const std::vector<task_record>& tasks) {
  return walk_back{tasks}.chain();
}

} // namespace troupe::actors
