// The part of run_rules that says what becomes of a task whose needs have
// ended.
#include "run_rules.hpp"
#include "troupe/actors/answer_check.hpp"

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::task_kind;
using protocol::task_state;

void run_rules::know(std::shared_ptr<const result_book> book,
                     std::vector<protocol::id> agents) {
  book_ = std::move(book);
  agent_digests_ = std::move(agents);
}

/// Not by recursion: a chain may have 10,000 tasks that end at once.
void run_rules::arrive_all(instant now) {
  std::size_t next = 0;
  while (next < arriving_.size()) // which grows meanwhile
    arrive(arriving_[next++], now);
  arriving_.clear();
  end_if_done(now);
}

void run_rules::arrive(std::size_t task, instant now) {
  if (report_.tasks[task].state != task_state::waiting || cancelling_)
    return;
  if (!graph_[task].needs.empty() && nodes_[task].came == 0)
    return omit(task, "all that it needs was omitted", now);
  if (!may_run(task))
    return omit(task, "not so: " + spec(task).when, now);
  switch (spec(task).kind) {
  case task_kind::approval:
    return begin_asking(task, now);
  case task_kind::pick:
  case task_kind::join:
    return finish_plain(task, now);
  case task_kind::work:
    return make_ready(task, now);
  }
}

void run_rules::make_ready(std::size_t task, instant now) {
  report_.tasks[task].state = task_state::ready;
  report_.tasks[task].ready = now;
  emit_task(event_kind::task_ready, task, now);
  if (!take_known(task, now))
    ready_.push(entry_of(task));
}

bool run_rules::take_known(std::size_t task, instant now) {
  const auto& rules = mission_.reuse;
  if (!book_ || !rules.is_on || spec(task).always_run)
    return false;
  for (const auto& name : rules.again)
    if (name == spec(task).id) {
      why_[task] = "it was asked for";
      return false;
    }
  const auto parts = parts_of(task);
  const auto* known = book_->find(parts);
  if (known == nullptr) {
    why_[task] = book_->reason(spec(task).id, parts);
    return false;
  }
  add_use(task, known->outcome);
  report_.tasks[task].reused_from = known->run;
  report_.tasks[task].started = now;
  ++report_.reused;
  notes_.add(
      protocol::attempt_ended{
          spec(task).id, 0, known->outcome, {}, false, known->run, parts},
      now);
  report_.tasks[task].output = known->outcome.output;
  ++done_;
  finish(task, task_state::done, now);
  emit_task(event_kind::task_done, task, now);
  pass_on(task, true);
  return true;
}

void run_rules::omit(std::size_t task, std::string why, instant now) {
  ++excused_;
  finish(task, task_state::omitted, now);
  emit_task(event_kind::task_omitted, task, now).note = std::move(why);
  pass_on(task, false);
}

void run_rules::pass_on(std::size_t task, bool led_on) {
  for (const auto next : graph_[task].dependants) {
    nodes_[next].came += led_on ? 1 : 0;
    if (--nodes_[next].unmet == 0)
      arriving_.push_back(next);
  }
}

/// What needs nobody is done at once; its entry is that of the task before it.
void run_rules::finish_plain(std::size_t task, instant now) {
  auto& record = report_.tasks[task];
  record.ready = now;
  record.started = now;
  const bool is_pick = spec(task).kind == task_kind::pick;
  const bool is_text = !is_pick && !spec(task).prompt.empty();
  protocol::result<std::string> made = is_text   ? prompt_of(task)
                                       : is_pick ? picked_need(task)
                                                 : joined_needs(task);
  if (!made) {
    record.failure = made.error();
    return give_up(task, now);
  }
  auto output = std::move(*made);
  auto finding = check_answer(spec(task), output, inputs_of(task));
  if (!finding) {
    record.output = std::move(output);
    ++done_;
    finish(task, task_state::done, now);
    emit_task(event_kind::task_done, task, now);
    return pass_on(task, true);
  }
  record.failure = fail(errc::gate_failed, std::move(*finding));
  if (spec(task).gate.on_fail == protocol::gate_action::ask) {
    nodes_[task].answer.emplace().output = std::move(output);
    ++record.attempts;
    nodes_[task].running = record.attempts;
    return ask(task, "Will it do? " + record.failure->detail, now);
  }
  give_up(task, now);
}

} // namespace troupe::actors
