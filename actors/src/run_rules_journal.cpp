// The part of run_rules that a run's journal is made of and goes on from.
#include "run_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::fail;
using protocol::result;
using protocol::task_state;

namespace {

/// So many processes may die while one task runs; the task may be the cause.
constexpr std::uint32_t crashes_max = 5;

protocol::error damaged(std::string what) {
  return fail(errc::journal_damaged, std::move(what));
}

} // namespace

result<void>
run_rules::restore(const std::vector<protocol::journal_entry>& past) {
  for (const auto& it : past) {
    const auto wrong = [&](const std::string& what) {
      return damaged("entry " + std::to_string(it.sequence) + ": " + what);
    };
    if (it.sequence != notes_.last() + 1)
      return wrong("entry " + std::to_string(notes_.last() + 1)
                   + " is missing");
    if (auto done = redo(it); !done)
      return wrong(done.error().detail);
    notes_.pass(it);
  }
  if (notes_.last() == 0)
    return damaged("the run has no entries");
  return {};
}

struct run_rules::redo_entry {
  run_rules& rules;
  instant at;

  result<void> operator()(const protocol::run_planned&) const {
    if (rules.notes_.last() != 0)
      return damaged("a run is planned once");
    rules.start(at);
    return {};
  }

  result<void> operator()(const protocol::attempt_started& what) const {
    const auto task = rules.graph_.find(what.task);
    if (!task || rules.report_.tasks[*task].state != task_state::ready
        || what.attempt != rules.report_.tasks[*task].attempts + 1)
      return damaged("task '" + what.task + "' could not start");
    rules.why_[*task] = what.why;
    (void)rules.begin(*task, what.deadline, at);
    rules.caps_.take(*task);
    return {};
  }

  result<void> operator()(const protocol::attempt_ended& what) const {
    const auto task = rules.graph_.find(what.task);
    if (task && what.reused_from)
      return reuse(*task, what);
    if (!task || what.attempt == 0 || !rules.runs(*task, what.attempt))
      return damaged("task '" + what.task + "' was not running");
    rules.add_use(*task, what.outcome);
    rules.nodes_[*task].answer.reset();
    if (what.failure && what.failure->code == errc::gate_failed
        && rules.spec(*task).gate.on_fail == protocol::gate_action::ask)
      rules.nodes_[*task].answer = what.outcome;
    if (what.is_interrupted)
      rules.end_interrupted(*task, what.failure.value_or(protocol::error{}),
                            at);
    else if (what.failure)
      rules.end_failed(*task, *what.failure, at);
    else
      rules.complete(*task, what.outcome.output, at);
    return {};
  }

  result<void> reuse(std::size_t task,
                     const protocol::attempt_ended& what) const {
    auto& record = rules.report_.tasks[task];
    if (record.state != task_state::ready || what.failure)
      return damaged("task '" + what.task + "' could not be taken over");
    rules.add_use(task, what.outcome);
    record.reused_from = what.reused_from;
    record.started = at;
    ++rules.report_.reused;
    rules.complete(task, what.outcome.output, at);
    return {};
  }

  result<void> operator()(const protocol::attempt_answered& what) const {
    const auto task = rules.graph_.find(what.task);
    if (!task || what.attempt == 0 || !rules.runs(*task, what.attempt)
        || rules.nodes_[*task].answer)
      return damaged("task '" + what.task + "' was not running");
    rules.nodes_[*task].answer = what.outcome;
    rules.emit_task(event_kind::task_checking, *task, at);
    return {};
  }

  result<void> operator()(const protocol::approval_given& what) const {
    const auto task = rules.graph_.find(what.task);
    if (!task || !rules.nodes_[*task].is_asking
        || !rules.runs(*task, what.attempt))
      return damaged("task '" + what.task + "' asks nobody");
    rules.answer_question(what, *task, at);
    return {};
  }

  result<void> operator()(const protocol::run_cancelled& what) const {
    (void)rules.cancel(what.why, at);
    return {};
  }

  result<void> operator()(const protocol::run_suspended& what) const {
    rules.pause(what.why, at);
    return {};
  }

  result<void> operator()(const protocol::run_continued& what) const {
    what.is_other_process ? rules.continue_in_process(at) : rules.unpause(at);
    return {};
  }

  result<void> operator()(const protocol::task_quarantined& what) const {
    const auto task = rules.graph_.find(what.task);
    if (!task || what.attempt == 0 || !rules.runs(*task, what.attempt))
      return damaged("task '" + what.task + "' was not running");
    return {};
  }

  result<void> operator()(const protocol::run_closed& what) const {
    auto& report = rules.report_;
    if (!rules.is_finished() || what.state != report.state)
      return damaged("not all tasks have ended so");
    report.cost = what.cost;
    report.cost_unknown = what.cost_unknown;
    rules.close(at);
    rules.is_closed_ = true;
    return {};
  }
};

result<void> run_rules::redo(const protocol::journal_entry& it) {
  if (is_closed_)
    return damaged("the run has ended");
  if (notes_.last() == 0
      && !std::holds_alternative<protocol::run_planned>(it.what))
    return damaged("a run begins with its plan");
  return std::visit(redo_entry{*this, it.at}, it.what);
}

void run_rules::continue_in_process(instant now) {
  report_.resumed += 1;
  deadline_ += now - notes_.last_at();
  was_left_ = paused_;
  paused_ = false;
  emit(event_kind::run_resumed, now);
}

void run_rules::go_on(instant now) {
  continue_in_process(now);
  notes_.add(protocol::run_continued{true}, now);
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].running == 0 || nodes_[i].is_asking)
      continue;
    if (nodes_[i].answer) { // it only has to be looked at
      nodes_[i].deadline = std::min(now + spec(i).timeout, deadline_);
      due_.add({i, nodes_[i].running, nodes_[i].deadline});
      checks_.push_back({i, nodes_[i].running, nodes_[i].deadline});
      continue;
    }
    const auto why = fail(errc::unreachable, "the process that ran it ended");
    notes_.add(
        protocol::attempt_ended{
            report_.tasks[i].task, nodes_[i].running, {}, why, true, {}, {}},
        now);
    end_interrupted(i, why, now);
  }
  ready_.clear();
  caps_.clear_waiting();
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (report_.tasks[i].state == task_state::ready)
      ready_.push(entry_of(i));
  arrive_all(now);
}

void run_rules::end_interrupted(std::size_t task, protocol::error why,
                                instant now) {
  nodes_[task].running = 0;
  release_place(task);
  auto& record = report_.tasks[task];
  record.interrupted += 1;
  record.failure = std::move(why);
  nodes_[task].crashes += was_left_ ? 0 : 1;
  if (!cancelling_ && nodes_[task].crashes < crashes_max) {
    record.state = task_state::ready;
    emit_task(event_kind::attempt_failed, task, now);
    return;
  }
  if (!cancelling_)
    record.failure->detail += "; so did those before it";
  give_up(task, now);
  arrive_all(now);
}

void run_rules::pause(std::string why, instant now) {
  if (paused_ || cancelling_ || is_finished())
    return;
  notes_.add(protocol::run_suspended{std::move(why)}, now);
  paused_ = true;
  paused_at_ = now;
  emit(event_kind::run_paused, now);
}

void run_rules::unpause(instant now) {
  if (!paused_ || is_finished())
    return; // its end is told, or about to be
  notes_.add(protocol::run_continued{false}, now);
  paused_ = false;
  deadline_ += now - paused_at_;
  emit(event_kind::run_resumed, now);
}

} // namespace troupe::actors
