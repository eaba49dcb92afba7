#include "mission_check_list.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

namespace troupe::protocol {

namespace {

std::string need_pointer(std::size_t task, std::size_t need) {
  return "/tasks/" + std::to_string(task) + "/needs/" + std::to_string(need);
}

/// Depth-first search without recursion: a chain may have 10,000 tasks.
class cycle_search {
public:
  cycle_search(const mission& m, const task_index& index,
               mission_check_list& out)
      : mission_{m}, index_{index}, out_{out},
        state_(m.tasks.size(), state::fresh) {}

  void run() {
    for (std::size_t i = 0; i < state_.size() && told_ < cycles_max; ++i)
      if (state_[i] == state::fresh)
        walk_from(i);
  }

private:
  enum class state : std::uint8_t { fresh, on_path, finished };
  struct step {
    std::size_t task = 0;
    std::size_t next_need = 0;
  };
  static constexpr int cycles_max = 10;
  static constexpr std::size_t names_max = 50; // of one cycle, in a message

  void enter(std::size_t task) {
    state_[task] = state::on_path;
    path_.push_back({task, 0});
  }

  void walk_from(std::size_t start) {
    enter(start);
    while (!path_.empty()) {
      auto& [task, next] = path_.back();
      const auto& needs = mission_.tasks[task].needs;
      if (next == needs.size()) {
        state_[task] = state::finished;
        path_.pop_back();
        continue;
      }
      const auto found = index_.find(needs[next++]);
      if (found == index_.end())
        continue;
      if (state_[found->second] == state::fresh)
        enter(found->second);
      else if (state_[found->second] == state::on_path)
        tell(found->second);
    }
  }

  /// The cycle in the order of work: each task before those that need it.
  void tell(std::size_t closing) {
    if (++told_ > cycles_max)
      return;
    auto from = std::find_if(path_.begin(), path_.end(),
                             [&](const step& s) { return s.task == closing; });
    std::string text = mission_.tasks[closing].id;
    std::size_t named = 0;
    for (auto at = path_.end(); at != from; --at)
      if (++named <= names_max || std::prev(at) == from)
        text += " -> " + mission_.tasks[std::prev(at)->task].id;
      else if (named == names_max + 1)
        text += " -> ...";
    const auto& last = path_.back();
    out_.add(need_pointer(last.task, last.next_need - 1),
             "tasks need each other in a cycle: " + text);
  }

  const mission& mission_;
  const task_index& index_;
  mission_check_list& out_;
  std::vector<state> state_;
  std::vector<step> path_;
  int told_ = 0;
};

} // namespace

void check_needs(const mission& m, const task_index& index,
                 mission_check_list& out) {
  std::vector<std::string> ids;
  for (const auto& task : m.tasks)
    ids.push_back(task.id);
  for (std::size_t i = 0; i < m.tasks.size() && !out.is_full(); ++i) {
    std::unordered_set<std::string_view> seen;
    const auto& task = m.tasks[i];
    for (std::size_t j = 0; j < task.needs.size(); ++j) {
      const auto& need = task.needs[j];
      if (!seen.insert(need).second)
        out.add(need_pointer(i, j),
                task_prefix(task) + "needs " + shown(need) + " twice");
      else if (!index.contains(need))
        out.add_unknown(need_pointer(i, j),
                        task_prefix(task) + "needs an unknown task "
                            + shown(need),
                        need, ids);
    }
  }
  cycle_search{m, index, out}.run();
}

} // namespace troupe::protocol
