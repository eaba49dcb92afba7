#include "run_board.hpp"

#include <algorithm>

namespace troupe::report {

using protocol::event_kind;
using protocol::instant;
using protocol::task_state;

bool has_ended(task_state state) noexcept {
  return state != task_state::waiting && state != task_state::ready
         && state != task_state::running;
}

run_board::run_board(const protocol::mission& mission,
                     std::vector<protocol::task_estimate> estimates,
                     const std::vector<std::string>& order)
    : mission_(mission.name), concurrency_(mission.concurrency),
      budget_(mission.budget) {
  estimates.resize(mission.tasks.size());
  for (std::size_t i = 0; i < mission.tasks.size(); ++i)
    index_.emplace(mission.tasks[i].id, i);
  for (std::size_t i = 0; i < mission.tasks.size(); ++i) {
    row it;
    it.task = mission.tasks[i].id;
    it.agent = mission.tasks[i].agent;
    it.model = estimates[i].model;
    it.estimate = std::move(estimates[i]);
    for (const auto& need : mission.tasks[i].needs)
      if (const auto found = index_.find(need); found != index_.end())
        it.needs.push_back(found->second);
    rows_.push_back(std::move(it));
  }
  for (const auto& id : order)
    if (const auto found = index_.find(id); found != index_.end())
      order_.push_back(found->second);
}

void run_board::apply(const protocol::run_event& event) {
  spent_ = event.run_spent;
  simulated_ = simulated_ || event.simulated;
  if (event.kind == event_kind::run_started)
    started_ = event.at;
  cancelling_ = cancelling_ || event.kind == event_kind::run_cancelling;
  finished_ = finished_ || event.kind == event_kind::run_finished;
  const auto found = index_.find(event.task);
  if (found != index_.end())
    apply_to(rows_[found->second], event);
}

namespace {

task_state end_by(event_kind kind) noexcept {
  switch (kind) {
  case event_kind::task_failed:
    return task_state::failed;
  case event_kind::task_skipped:
    return task_state::skipped;
  case event_kind::task_cancelled:
    return task_state::cancelled;
  case event_kind::task_omitted:
    return task_state::omitted;
  default:
    return task_state::done;
  }
}

} // namespace

void run_board::apply_to(row& it, const protocol::run_event& event) {
  it.changed = event.sequence;
  if (!event.agent.empty())
    it.agent = event.agent;
  if (!event.model.empty())
    it.model = event.model;
  it.cost = event.cost;
  switch (event.kind) {
  case event_kind::task_ready:
  case event_kind::attempt_failed:
    it.state = task_state::ready;
    return;
  case event_kind::task_started:
    it.state = task_state::running;
    it.attempt = event.attempt;
    it.output_chars = 0;
    it.permille = 0;
    it.note.clear();
    it.started = event.at;
    return;
  case event_kind::task_progress:
    it.output_chars = event.output_chars;
    it.permille = event.permille;
    it.note = event.note;
    return;
  case event_kind::task_done:
  case event_kind::task_failed:
  case event_kind::task_skipped:
  case event_kind::task_cancelled:
  case event_kind::task_omitted:
    it.state = end_by(event.kind);
    break;
  case event_kind::task_checking:
  case event_kind::approval_asked:
    it.note = event.note;
    return;
  case event_kind::approval_given:
    it.note.clear();
    return;
  case event_kind::run_started:
  case event_kind::run_cancelling:
  case event_kind::run_finished:
  case event_kind::run_paused:
  case event_kind::run_resumed:
    return;
  }
  it.finished = event.at;
  it.note.clear();
}

const run_board::row* run_board::find(const std::string& task) const {
  const auto found = index_.find(task);
  return found == index_.end() ? nullptr : &rows_[found->second];
}

std::size_t run_board::count(task_state state) const {
  return static_cast<std::size_t>(
      std::count_if(rows_.begin(), rows_.end(),
                    [&](const row& it) { return it.state == state; }));
}

std::uint64_t run_board::pace_permille() const {
  std::int64_t estimated_us = 0;
  std::int64_t actual_us = 0;
  for (const auto& it : rows_) {
    if (it.state != task_state::done || it.estimate.time.count() <= 0)
      continue;
    estimated_us += it.estimate.time.count() / 1000;
    actual_us += (it.finished - it.started).count() / 1000;
  }
  if (estimated_us <= 0 || actual_us <= 0)
    return 1000;
  return static_cast<std::uint64_t>(
      std::clamp<std::int64_t>(actual_us * 1000 / estimated_us, 10, 100'000));
}

std::int64_t run_board::left_ns(const row& it, std::uint64_t pace,
                                instant now) const {
  if (has_ended(it.state))
    return 0;
  const auto whole =
      it.estimate.time.count() / 1000 * static_cast<std::int64_t>(pace);
  if (it.state != task_state::running || it.started == instant{})
    return whole;
  return std::max<std::int64_t>(whole - (now - it.started).count(), 0);
}

protocol::duration run_board::time_left(instant now) const {
  const auto pace = pace_permille();
  std::vector<std::int64_t> chain(rows_.size());
  std::int64_t longest = 0;
  std::int64_t work = 0;
  for (const auto at : order_) {
    std::int64_t before = 0;
    for (const auto need : rows_[at].needs)
      before = std::max(before, chain[need]);
    const auto own = left_ns(rows_[at], pace, now);
    chain[at] = has_ended(rows_[at].state) ? 0 : before + own;
    longest = std::max(longest, chain[at]);
    work += own;
  }
  const auto places = std::max<std::int64_t>(concurrency_, 1);
  return protocol::duration{std::max(longest, work / places)};
}

} // namespace troupe::report
