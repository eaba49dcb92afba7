#include "troupe/actors/task_times.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace troupe::actors {

using protocol::duration;
using protocol::task_state;

namespace {

constexpr std::uint32_t runs_max = 1'000;
constexpr std::uint32_t runs_that_count = 4;

/// What the tasks of a `foreach` have in common: their id without numbers.
std::string common_name(const std::string& id) {
  std::string name;
  bool is_number = false;
  for (const char c : id) {
    is_number = is_number && std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!is_number)
      name += c;
    is_number = is_number || c == '#';
  }
  return name;
}

/// Null: it says nothing of the time that its agent needs.
std::optional<duration> time_of(const protocol::task_record& it) {
  const auto took = it.finished - it.started;
  if (it.state != task_state::done || it.attempts == 0 || it.interrupted != 0
      || it.reused_from || it.simulated || !it.decided.empty()
      || it.agent.empty() || took < duration{})
    return {};
  return took;
}

} // namespace

task_times::task_times(const std::vector<task_time>& known) {
  for (const auto& it : known)
    if (!it.task.empty() && it.typical >= duration{} && it.runs != 0
        && known_.size() < tasks_max)
      known_.insert_or_assign(
          it.task, seen{it.typical, std::min(it.runs, runs_max), it.typical});
}

bool task_times::take(const std::string& name, duration time) {
  auto found = known_.find(name);
  if (found == known_.end()) {
    if (known_.size() >= tasks_max)
      return false;
    found = known_.emplace(name, seen{}).first;
  }
  auto& it = found->second;
  it.runs = std::min(it.runs + 1, runs_max);
  it.typical += (time - it.typical) / std::min(it.runs, runs_that_count);
  const auto change = std::chrono::abs(it.typical - it.told);
  if (it.runs > 1 && change <= it.told / 8)
    return false;
  it.told = it.typical;
  return true;
}

bool task_times::learn(const protocol::run_report& report) {
  bool is_changed = false;
  std::map<std::string, std::pair<duration, std::int64_t>> alike;
  for (const auto& it : report.tasks) {
    const auto took = time_of(it);
    if (!took)
      continue;
    if (const auto name = common_name(it.task); name != it.task) {
      auto& [sum, count] = alike[name];
      sum += *took;
      ++count;
    }
  }
  // First, so that they have a place however many there are.
  for (const auto& [name, all] : alike)
    is_changed = take(name, all.first / all.second) || is_changed;
  for (const auto& it : report.tasks)
    if (const auto took = time_of(it))
      is_changed = take(it.task, *took) || is_changed;
  return is_changed;
}

void task_times::apply(const std::vector<protocol::task_spec>& tasks,
                       std::vector<protocol::task_estimate>& estimates) const {
  if (known_.empty())
    return;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    auto found = known_.find(tasks[i].id);
    if (found == known_.end())
      found = known_.find(common_name(tasks[i].id));
    if (found != known_.end())
      estimates[i].time = found->second.typical;
  }
}

std::vector<task_time> task_times::all() const {
  std::vector<task_time> out;
  out.reserve(known_.size());
  for (const auto& [name, it] : known_)
    out.push_back({name, it.typical, it.runs});
  return out;
}

} // namespace troupe::actors
