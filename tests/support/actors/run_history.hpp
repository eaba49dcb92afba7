#pragma once

#include <troupe/protocol/event.hpp>
#include <troupe/protocol/mission.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace troupe::test {

/// Follows a run by its events alone. `fault` names the first contradiction;
/// empty: none yet.
class run_history {
public:
  explicit run_history(const protocol::mission& mission) : mission_(mission) {
    for (const auto& task : mission.tasks)
      tasks_[task.id].spec = &task;
  }

  void add(const protocol::run_event& event) {
    using protocol::event_kind;
    expect(event.sequence == ++sequence_, "a gap in the sequence");
    expect(!finished_, "an event after the last");
    switch (event.kind) {
    case event_kind::task_started:
      return started(event);
    case event_kind::attempt_failed:
    case event_kind::approval_asked:
      return stopped(tasks_[event.task]);
    case event_kind::task_done:
    case event_kind::task_failed:
    case event_kind::task_skipped:
    case event_kind::task_cancelled:
    case event_kind::task_omitted:
      return ended(event);
    case event_kind::run_finished:
      finished_ = true;
      return;
    default:
      return;
    }
  }

  /// True when every task has ended.
  [[nodiscard]] bool all_ended() const {
    return std::all_of(tasks_.begin(), tasks_.end(),
                       [](const auto& it) { return it.second.ends == 1; });
  }
  [[nodiscard]] const std::string& fault() const { return fault_; }

private:
  struct state {
    const protocol::task_spec* spec = nullptr;
    bool running = false;
    bool done = false;
    bool omitted = false;
    int ends = 0;
  };

  void expect(bool holds, const std::string& otherwise) {
    if (!holds && fault_.empty())
      fault_ = otherwise;
  }

  [[nodiscard]] std::size_t level(const std::string& task) {
    std::size_t result = 0;
    for (const auto& need : tasks_[task].spec->needs)
      result = std::max(result, level(need) + 1);
    return result;
  }

  void started(const protocol::run_event& event) {
    auto& it = tasks_[event.task];
    expect(!it.running && it.ends == 0, event.task + " started twice");
    it.running = true;
    expect(++running_ <= mission_.concurrency, "too many run");
    for (const auto& need : it.spec->needs)
      expect(tasks_[need].done || tasks_[need].omitted
                 || (tasks_[need].ends == 1 && tasks_[need].spec->may_fail),
             event.task + " started before " + need);
    if (mission_.order == protocol::schedule::waves)
      for (const auto& [name, other] : tasks_)
        expect(other.ends == 1 || level(name) >= level(event.task),
               event.task + " started before the wave of " + name);
  }

  void ended(const protocol::run_event& event) {
    auto& it = tasks_[event.task];
    expect(++it.ends == 1, event.task + " ended twice");
    it.done = event.kind == protocol::event_kind::task_done;
    it.omitted = event.kind == protocol::event_kind::task_omitted;
    stopped(it);
  }

  void stopped(state& it) {
    if (it.running)
      --running_;
    it.running = false;
  }

  const protocol::mission& mission_;
  std::map<std::string, state> tasks_;
  std::uint64_t sequence_ = 0;
  std::uint32_t running_ = 0;
  bool finished_ = false;
  std::string fault_;
};

} // namespace troupe::test
