#include "run_rules.hpp"

#include "random.hpp"
#include "retry_rules.hpp"
#include "troupe/actors/answer_check.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::gate_action;
using protocol::task_state;

run_rules::run_rules(protocol::mission mission,
                     const std::vector<std::string>& agents,
                     std::vector<protocol::task_estimate> estimates,
                     protocol::id run, std::uint64_t seed)
    : run_record(std::move(mission), agents, std::move(estimates), run),
      nodes_(mission_.tasks.size()), caps_(mission_, agents),
      unfinished_by_level_(graph_.levels()), why_(nodes_.size()),
      random_(seed) {
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    nodes_[i].unmet = static_cast<std::uint32_t>(graph_[i].needs.size());
}

void run_rules::start(instant now) {
  report_.started = now;
  deadline_ = now + mission_.deadline;
  emit(event_kind::run_started, now);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].unmet == 0)
      arriving_.push_back(i);
  arrive_all(now);
}

ready_queue::entry run_rules::entry_of(std::size_t task) const {
  return {mission_.order == protocol::schedule::waves ? graph_[task].level : 0,
          static_cast<std::uint32_t>(mission_.tasks[task].urgency),
          graph_[task].path, static_cast<std::uint32_t>(task)};
}

bool run_rules::is_level_open(std::uint32_t level) const {
  for (std::uint32_t i = 0; i < level; ++i)
    if (unfinished_by_level_[i] != 0)
      return false;
  return true;
}

std::vector<run_rules::attempt> run_rules::take_startable(instant now) {
  std::vector<attempt> starting;
  while (!cancelling_ && !paused_ && running_ < mission_.concurrency) {
    const auto* best = ready_.top(now);
    if (best == nullptr || !is_level_open(best->level))
      break;
    const auto entry = *best;
    const std::size_t task = entry.task;
    ready_.pop();
    std::vector<ready_queue::entry> woken;
    if (!caps_.take_or_wait(entry, woken)) {
      for (const auto& it : woken)
        ready_.push(it);
      continue;
    }
    if (choose_)
      choose_(task);
    starting.push_back(begin(
        task, std::min(now + mission_.tasks[task].timeout, deadline_), now));
    if (!notes_.is_kept())
      continue;
    const auto& it = report_.tasks[task];
    notes_.add(protocol::attempt_started{it.task, it.attempts, it.agent,
                                         nodes_[task].deadline, why_[task],
                                         parts_of(task)},
               now);
  }
  return starting;
}

run_rules::attempt run_rules::begin(std::size_t task, instant deadline,
                                    instant now) {
  auto& it = nodes_[task];
  auto& record = report_.tasks[task];
  record.state = task_state::running;
  if (record.attempts == 0)
    record.started = now;
  record.why = why_[task];
  it.running = ++record.attempts;
  it.deadline = deadline;
  it.holds_place = true;
  due_.add({task, it.running, deadline});
  ++running_;
  emit_task(event_kind::task_started, task, now);
  return {task, it.running, deadline};
}

void run_rules::release_place(std::size_t task) {
  if (!std::exchange(nodes_[task].holds_place, false))
    return;
  --running_;
  for (const auto& next : caps_.release(task))
    ready_.push(next);
}

void run_rules::succeeded(std::size_t task, std::uint32_t number,
                          protocol::task_result result, instant now) {
  auto& it = nodes_[task];
  if (it.running != number || it.answer)
    return;
  const auto& rules = spec(task);
  const bool looks_at_inputs = rules.gate.grounded_permille != 0;
  auto finding = check_answer(
      rules, result.output,
      looks_at_inputs ? inputs_of(task) : std::vector<protocol::task_input>{});
  if (!finding && needs_others(rules.gate)) {
    notes_.add(
        protocol::attempt_answered{report_.tasks[task].task, number, result},
        now);
    it.answer = std::move(result);
    checks_.push_back({task, number, it.deadline});
    emit_task(event_kind::task_checking, task, now);
    return;
  }
  std::optional<protocol::error> why;
  if (finding)
    why = fail(errc::gate_failed, std::move(*finding));
  end_answered(task, std::move(result), std::move(why), now);
}

std::vector<run_rules::attempt> run_rules::take_checks() {
  return std::exchange(checks_, {});
}

void run_rules::checked(std::size_t task, std::uint32_t number,
                        const std::optional<std::string>& finding,
                        const protocol::task_result& used, instant now) {
  auto& it = nodes_[task];
  if (it.running != number || !it.answer)
    return;
  auto outcome = std::move(*it.answer);
  it.answer.reset();
  protocol::add_use(outcome, used);
  std::optional<protocol::error> why;
  if (finding)
    why = fail(errc::gate_failed, *finding);
  end_answered(task, std::move(outcome), std::move(why), now);
}

void run_rules::ended(std::size_t task, std::uint32_t number,
                      protocol::task_result outcome,
                      std::optional<protocol::error> why, instant now) {
  if (nodes_[task].running != number || nodes_[task].is_asking)
    return;
  nodes_[task].answer.reset();
  end_answered(task, std::move(outcome), std::move(why), now);
}

void run_rules::end_answered(std::size_t task, protocol::task_result outcome,
                             std::optional<protocol::error> why, instant now) {
  add_use(task, outcome);
  const bool asks = why && why->code == errc::gate_failed
                    && spec(task).gate.on_fail == gate_action::ask;
  std::string output;
  if (notes_.is_kept())
    output = outcome.output;
  else
    std::swap(output, outcome.output);
  notes_.add(protocol::attempt_ended{report_.tasks[task].task,
                                     nodes_[task].running,
                                     std::move(outcome),
                                     why,
                                     false,
                                     {},
                                     {}},
             now);
  if (!why)
    return complete(task, std::move(output), now);
  if (asks)
    nodes_[task].answer.emplace().output = std::move(output);
  end_failed(task, std::move(*why), now);
}

void run_rules::complete(std::size_t task, std::string output, instant now) {
  report_.tasks[task].output = std::move(output);
  nodes_[task].running = 0;
  nodes_[task].answer.reset();
  release_place(task);
  ++done_;
  finish(task, task_state::done, now);
  emit_task(event_kind::task_done, task, now);
  pass_on(task, true);
  arrive_all(now);
}

bool run_rules::has_attempts_left(std::size_t task) const {
  const auto& record = report_.tasks[task];
  return record.attempts - record.interrupted
         < mission_.tasks[task].attempts_max;
}

bool run_rules::may_retry(std::size_t task, const protocol::error& why) const {
  const auto& rules = spec(task);
  if (cancelling_ || !has_attempts_left(task) || why.retries_spent
      || why.retry_after > rules.timeout)
    return false;
  if (why.code == errc::gate_failed)
    return rules.gate.on_fail != gate_action::fail;
  if (!rules.retries.on.empty())
    return std::find(rules.retries.on.begin(), rules.retries.on.end(), why.code)
           != rules.retries.on.end();
  // An attempt's deadline is the task's time-out: the next has a new one.
  return retry_of(why.code) != protocol::retry::never
         || why.code == errc::deadline_exceeded;
}

protocol::duration run_rules::pause_before(std::size_t task) {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  const auto& rules = spec(task).retries;
  const retry_limits pauses{ceil<milliseconds>(rules.pause),
                            ceil<milliseconds>(rules.pause_max)};
  return pause_before_retry(pauses, report_.tasks[task].attempts,
                            next_random(random_));
}

void run_rules::failed(std::size_t task, std::uint32_t number,
                       protocol::error why, instant now) {
  auto& it = nodes_[task];
  if (it.running != number || it.is_asking)
    return;
  protocol::task_result used; // of an answer that nobody has looked at yet
  if (it.answer) {
    used = std::move(*it.answer);
    used.output.clear();
    it.answer.reset();
    add_use(task, used);
  }
  notes_.add(protocol::attempt_ended{report_.tasks[task].task,
                                     number,
                                     std::move(used),
                                     why,
                                     false,
                                     {},
                                     {}},
             now);
  end_failed(task, std::move(why), now);
}

void run_rules::end_failed(std::size_t task, protocol::error why, instant now) {
  auto& it = nodes_[task];
  release_place(task);
  const bool is_gate = why.code == errc::gate_failed;
  if (is_gate)
    it.feedback = why.detail;
  auto& record = report_.tasks[task];
  record.failure = std::move(why);
  if (is_gate && !cancelling_ && it.answer
      && spec(task).gate.on_fail == gate_action::ask)
    return ask(task, "Will the answer do? " + record.failure->detail, now);
  if (asks_of_effect(task)) {
    it.effect = record.failure->effect;
    return ask(task,
               "Has it happened? " + record.failure->detail
                   + ". Yes: it has, and the note is what it gave. No: it is "
                     "done again.",
               now);
  }
  it.running = 0;
  if (may_retry(task, *record.failure)) {
    if (is_gate && spec(task).gate.on_fail == gate_action::escalate)
      ++it.raised;
    // Who is gone may be on its way back: its supervisor starts it again.
    const auto code = record.failure->code;
    const bool is_patient = retry_of(code) == protocol::retry::later
                            || code == errc::unreachable
                            || (!is_gate && !spec(task).retries.on.empty());
    const auto pause = is_patient ? pause_before(task) : protocol::duration{};
    return try_again(task, std::max(pause, record.failure->retry_after), now);
  }
  give_up(task, now);
  arrive_all(now);
}

void run_rules::try_again(std::size_t task, protocol::duration pause,
                          instant now) {
  report_.tasks[task].state = task_state::ready;
  ready_.push_at(now + pause, entry_of(task));
  emit_task(event_kind::attempt_failed, task, now);
}

} // namespace troupe::actors
