#include "run_rules.hpp"

#include "random.hpp"
#include "retry_rules.hpp"
#include "troupe/actors/gate.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;
using std::chrono::milliseconds;

namespace {

/// Before a task is tried again.
constexpr retry_limits pauses{milliseconds{200}, milliseconds{10'000}};

} // namespace

run_rules::run_rules(protocol::mission mission, std::vector<std::string> agents,
                     std::vector<protocol::task_estimate> estimates,
                     protocol::id run, std::uint64_t seed)
    : mission_(std::move(mission)), graph_(mission_, estimates),
      unfinished_by_level_(graph_.levels()), random_(seed) {
  report_.run = run;
  report_.mission = mission_.name;
  report_.concurrency = mission_.concurrency;
  report_.budget = mission_.budget;
  report_.tasks.resize(mission_.tasks.size());
  nodes_.resize(mission_.tasks.size());
  for (std::size_t i = 0; i < mission_.tasks.size(); ++i) {
    auto& record = report_.tasks[i];
    record.task = mission_.tasks[i].id;
    record.needs = mission_.tasks[i].needs;
    record.agent = std::move(agents[i]);
    record.estimate = std::move(estimates[i]);
    nodes_[i].unmet = static_cast<std::uint32_t>(graph_[i].needs.size());
  }
}

void run_rules::start(instant now) {
  report_.started = now;
  deadline_ = now + mission_.deadline;
  emit(event_kind::run_started, now);
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].unmet == 0)
      make_ready(i, now);
  end_if_done(now);
}

ready_queue::entry run_rules::entry_of(std::size_t task) const {
  return {mission_.order == protocol::schedule::waves ? graph_[task].level : 0,
          static_cast<std::uint32_t>(mission_.tasks[task].urgency),
          graph_[task].path, static_cast<std::uint32_t>(task)};
}

void run_rules::make_ready(std::size_t task, instant now) {
  report_.tasks[task].state = task_state::ready;
  report_.tasks[task].ready = now;
  ready_.push(entry_of(task));
  emit_task(event_kind::task_ready, task, now);
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
    const std::size_t task = best->task;
    ready_.pop();
    starting.push_back(begin(
        task, std::min(now + mission_.tasks[task].timeout, deadline_), now));
    const auto& it = report_.tasks[task];
    notes_.add(
        protocol::attempt_started{
            it.task, it.attempts, it.agent, nodes_[task].deadline, {}, {}},
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
  it.running = ++record.attempts;
  it.deadline = deadline;
  due_.add({task, it.running, deadline});
  ++running_;
  emit_task(event_kind::task_started, task, now);
  return {task, it.running, deadline};
}

void run_rules::succeeded(std::size_t task, std::uint32_t number,
                          protocol::task_result result, instant now) {
  if (nodes_[task].running != number)
    return;
  add_use(task, result);
  auto reason = check_gate(mission_.tasks[task].gate, result.output,
                           inputs_for_gate(task));
  std::optional<protocol::error> why;
  if (reason)
    why = fail(errc::gate_failed, std::move(*reason));
  std::string output;
  if (notes_.is_kept())
    output = result.output;
  else
    std::swap(output, result.output);
  notes_.add(protocol::attempt_ended{report_.tasks[task].task, number,
                                     std::move(result), why},
             now);
  if (why)
    end_failed(task, std::move(*why), now);
  else
    complete(task, std::move(output), now);
}

void run_rules::add_use(std::size_t task, const protocol::task_result& result) {
  auto& record = report_.tasks[task];
  record.used += result.used;
  record.cost += result.cost;
  record.cached_calls += result.cached_calls;
  record.saved += result.saved;
  record.hedges += result.hedges;
  record.escalations += result.escalations;
  record.last_call = result.last_call;
  record.model_calls += result.model_calls;
  record.simulated = record.simulated || result.simulated;
  add_steps(record.degraded, result.degraded);
  if (!result.model.empty())
    record.model = result.model;
  report_.used += result.used;
  report_.cost += result.cost;
  report_.cached_calls += result.cached_calls;
  report_.saved += result.saved;
  report_.hedges += result.hedges;
  report_.escalations += result.escalations;
  report_.simulated = report_.simulated || result.simulated;
}

void run_rules::complete(std::size_t task, std::string output, instant now) {
  report_.tasks[task].output = std::move(output);
  nodes_[task].running = 0;
  --running_;
  ++done_;
  finish(task, task_state::done, now);
  emit_task(event_kind::task_done, task, now);
  for (const auto next : graph_[task].dependants)
    if (--nodes_[next].unmet == 0
        && report_.tasks[next].state == task_state::waiting && !cancelling_)
      make_ready(next, now);
  end_if_done(now);
}

bool run_rules::may_retry(std::size_t task, const protocol::error& why) const {
  // An attempt's deadline is the task's time-out: the next has a new one.
  const bool may_succeed = (retry_of(why.code) != protocol::retry::never
                            || why.code == errc::deadline_exceeded)
                           && !why.retries_spent
                           && why.retry_after <= mission_.tasks[task].timeout;
  return !cancelling_ && may_succeed
         && report_.tasks[task].attempts - report_.tasks[task].interrupted
                < mission_.tasks[task].attempts_max;
}

protocol::duration run_rules::pause_before(std::size_t task) {
  return pause_before_retry(pauses, report_.tasks[task].attempts,
                            next_random(random_));
}

void run_rules::failed(std::size_t task, std::uint32_t number,
                       protocol::error why, instant now) {
  if (nodes_[task].running != number)
    return;
  notes_.add(protocol::attempt_ended{report_.tasks[task].task, number, {}, why},
             now);
  end_failed(task, std::move(why), now);
}

void run_rules::end_failed(std::size_t task, protocol::error why, instant now) {
  nodes_[task].running = 0;
  --running_;
  if (why.code == errc::gate_failed)
    nodes_[task].feedback = why.detail;
  auto& record = report_.tasks[task];
  record.failure = std::move(why);
  if (may_retry(task, *record.failure)) {
    record.state = task_state::ready;
    // Who is gone may be on its way back: its supervisor starts it again.
    const auto code = record.failure->code;
    const bool is_patient =
        retry_of(code) == protocol::retry::later || code == errc::unreachable;
    const auto pause = is_patient ? pause_before(task) : protocol::duration{};
    ready_.push_at(now + std::max(pause, record.failure->retry_after),
                   entry_of(task));
    emit_task(event_kind::attempt_failed, task, now);
    return;
  }
  give_up(task, now);
  end_if_done(now);
}

} // namespace troupe::actors
