// The part of run_rules that ends things: deadlines, cancel, the last event.
#include "run_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;

namespace {

bool is_terminal(task_state state) {
  return state != task_state::waiting && state != task_state::ready
         && state != task_state::running;
}

} // namespace

void run_rules::give_up(std::size_t task, instant now) {
  const bool was_cancelled =
      cancelling_ || report_.tasks[task].failure->code == errc::cancelled;
  finish(task, was_cancelled ? task_state::cancelled : task_state::failed, now);
  emit_task(was_cancelled ? event_kind::task_cancelled
                          : event_kind::task_failed,
            task, now);
  if (cancelling_)
    return;
  if (spec(task).may_fail && !was_cancelled) {
    ++excused_;
    return pass_on(task, true);
  }
  skip_dependants(task, was_cancelled ? std::string{} : spec(task).within, now);
}

/// All that needs it, and so on; `within` names a task that fails in its place
/// and leads on: what is skipped on the way there is excused.
void run_rules::skip_dependants(std::size_t task, const std::string& within,
                                instant now) {
  std::vector<std::size_t> pending{task};
  excused_ += within.empty() ? 0 : 1;
  while (!pending.empty()) {
    const auto current = pending.back();
    pending.pop_back();
    for (const auto next : graph_[current].dependants) {
      if (is_terminal(report_.tasks[next].state))
        continue;
      report_.tasks[next].failure =
          fail(errc::dependency_failed, "needs '" + report_.tasks[current].task
                                            + "', which did not succeed");
      const bool is_whole = spec(next).id == within && spec(next).may_fail;
      if (!within.empty() && (is_whole || !spec(next).within.empty()))
        ++excused_;
      if (is_whole) {
        finish(next, task_state::failed, now);
        emit_task(event_kind::task_failed, next, now);
        pass_on(next, true);
        continue;
      }
      finish(next, task_state::skipped, now);
      emit_task(event_kind::task_skipped, next, now);
      pending.push_back(next);
    }
  }
}

void run_rules::finish(std::size_t task, task_state state, instant now) {
  auto& record = report_.tasks[task];
  record.state = state;
  record.finished = now;
  if (state == task_state::done)
    record.failure.reset();
  --unfinished_by_level_[graph_[task].level];
  ++ended_;
}

std::vector<run_rules::attempt> run_rules::expire(instant now) {
  std::vector<attempt> late;
  while ((now < deadline_ || paused_) && !due_.is_empty()
         && due_.next().deadline <= now) {
    const auto next = due_.next();
    due_.drop_next();
    const auto& it = nodes_[next.task];
    if (it.running != next.number || it.deadline != next.deadline)
      continue;
    if (it.is_asking) {
      ask_no_more(next.task, now);
      continue;
    }
    late.push_back(next);
    failed(next.task, next.number,
           fail(errc::deadline_exceeded,
                "no answer within "
                    + protocol::for_people(mission_.tasks[next.task].timeout)),
           now);
  }
  if (now >= deadline_ && !paused_ && !cancelling_ && !is_finished()) {
    auto rest = cancel(fail(errc::deadline_exceeded,
                            "the mission's deadline of "
                                + protocol::for_people(mission_.deadline)
                                + " has passed"),
                       now);
    late.insert(late.end(), rest.begin(), rest.end());
  }
  return late;
}

std::vector<run_rules::attempt> run_rules::cancel(protocol::error why,
                                                  instant now) {
  std::vector<attempt> running;
  if (cancelling_ || is_finished())
    return running;
  cancelling_ = true;
  paused_ = false;
  notes_.add(protocol::run_cancelled{why}, now);
  report_.failure = why;
  ready_.clear();
  caps_.clear_waiting();
  emit(event_kind::run_cancelling, now).failure = std::move(why);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].is_asking) {
      nodes_[i].is_asking = false;
      nodes_[i].running = 0;
      finish(i, task_state::cancelled, now);
      emit_task(event_kind::task_cancelled, i, now);
    } else if (nodes_[i].running != 0) {
      running.push_back({i, nodes_[i].running, nodes_[i].deadline});
    } else if (!is_terminal(report_.tasks[i].state)) {
      finish(i, task_state::cancelled, now);
      emit_task(event_kind::task_cancelled, i, now);
    }
  }
  end_if_done(now);
  return running;
}

void run_rules::abandon(instant now) {
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (const auto number = nodes_[i].running; number != 0)
      failed(i, number,
             fail(errc::cancelled, "its agent did not confirm the cancel"),
             now);
}

run_rules::instant run_rules::next_due() const {
  if (is_finished() || cancelling_)
    return {}; // what is being cancelled ends by its agent's word or `abandon`
  if (paused_)
    return due_.is_empty() ? instant{} : due_.next().deadline;
  auto earliest = deadline_;
  if (!due_.is_empty())
    earliest = std::min(earliest, due_.next().deadline);
  const auto retry_at = ready_.next_at();
  if (retry_at != instant{} && running_ < mission_.concurrency)
    earliest = std::min(earliest, retry_at);
  return earliest;
}

void run_rules::end_if_done(instant now) {
  if (ended_ != nodes_.size() || is_finished())
    return;
  const bool all_done = done_ + excused_ == nodes_.size();
  const bool stopped =
      report_.failure && report_.failure->code == errc::cancelled;
  report_.state = all_done  ? run_state::done
                  : stopped ? run_state::cancelled
                            : run_state::failed;
  report_.finished = now;
  if (all_done)
    report_.failure.reset();
}

void run_rules::close(instant now) {
  notes_.add(protocol::run_closed{report_.state, report_.used, report_.cost,
                                  report_.cost_unknown, report_.failure},
             now);
  auto& last = emit(event_kind::run_finished, now);
  last.used = report_.used;
  last.cost = report_.cost;
  last.failure = report_.failure;
}

void run_rules::progressed(std::size_t task, std::uint32_t number,
                           const progress& far, instant now) {
  if (nodes_[task].running != number)
    return;
  auto& event = emit_task(event_kind::task_progress, task, now);
  event.output_chars = far.output_chars;
  event.permille = far.permille;
  event.note = far.note;
}

} // namespace troupe::actors
