// The part of run_rules that ends things: deadlines, cancel, the last event.
#include "run_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;

namespace {

/// What the end of one task and the start of the next leave behind.
constexpr std::size_t events_at_once = 4;

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
  if (!cancelling_)
    skip_dependants(task, now);
}

void run_rules::skip_dependants(std::size_t task, instant now) {
  std::vector<std::size_t> pending{task};
  while (!pending.empty()) {
    const auto current = pending.back();
    pending.pop_back();
    for (const auto next : graph_[current].dependants) {
      if (is_terminal(report_.tasks[next].state))
        continue;
      report_.tasks[next].failure =
          fail(errc::dependency_failed, "needs '" + report_.tasks[current].task
                                            + "', which did not succeed");
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
    if (!runs(next.task, next.number))
      continue;
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
  emit(event_kind::run_cancelling, now).failure = std::move(why);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].running != 0) {
      running.push_back({i, nodes_[i].running, nodes_[i].deadline});
    } else if (report_.tasks[i].state == task_state::waiting
               || report_.tasks[i].state == task_state::ready) {
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

bool run_rules::is_finished() const noexcept {
  return report_.state != run_state::running;
}

void run_rules::end_if_done(instant now) {
  if (ended_ != nodes_.size() || is_finished())
    return;
  const bool all_done = done_ == nodes_.size();
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

protocol::run_event& run_rules::emit(event_kind kind, instant now) {
  if (events_.empty())
    events_.reserve(events_at_once);
  auto& event = events_.emplace_back();
  event.sequence = ++sequence_;
  event.at = now;
  event.kind = kind;
  event.run_spent = report_.cost;
  event.tasks_done = done_;
  event.tasks_total = static_cast<std::uint32_t>(nodes_.size());
  event.simulated = report_.simulated;
  return event;
}

protocol::run_event& run_rules::emit_task(event_kind kind, std::size_t task,
                                          instant now) {
  const auto& record = report_.tasks[task];
  auto& event = emit(kind, now);
  event.task = record.task;
  event.agent = record.agent;
  event.model = record.model;
  event.attempt = record.attempts;
  event.used = record.used;
  event.cost = record.cost;
  event.failure = record.failure;
  event.simulated = record.simulated;
  return event;
}

std::vector<protocol::run_event> run_rules::take_events() {
  return std::exchange(events_, {});
}

std::vector<protocol::task_input> run_rules::inputs_of(std::size_t task) const {
  std::vector<protocol::task_input> inputs;
  for (const auto input : graph_[task].inputs)
    inputs.push_back(mission_.inputs[input]);
  for (const auto need : graph_[task].needs)
    inputs.push_back({report_.tasks[need].task, report_.tasks[need].output});
  return inputs;
}

std::vector<protocol::task_input>
run_rules::inputs_for_gate(std::size_t task) const {
  // Most gates never look at the inputs; a book would be copied for nothing.
  if (mission_.tasks[task].gate.grounded_permille == 0)
    return {};
  return inputs_of(task);
}

} // namespace troupe::actors
