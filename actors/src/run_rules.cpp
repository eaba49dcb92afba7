#include "run_rules.hpp"

#include "random.hpp"
#include "retry_rules.hpp"
#include "troupe/actors/gate.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::run_state;
using protocol::task_state;
using std::chrono::milliseconds;

namespace {

/// Before a task is tried again.
constexpr retry_limits pauses{milliseconds{200}, milliseconds{10'000}};

bool is_terminal(task_state state) {
  return state != task_state::waiting && state != task_state::ready
         && state != task_state::running;
}

} // namespace

run_rules::run_rules(protocol::mission mission, std::vector<std::string> agents,
                     std::vector<protocol::task_estimate> estimates,
                     protocol::id run, std::uint64_t seed)
    : mission_(std::move(mission)), random_(seed) {
  report_.run = run;
  report_.mission = mission_.name;
  report_.concurrency = mission_.concurrency;
  report_.budget = mission_.budget;
  report_.tasks.resize(mission_.tasks.size());
  for (std::size_t i = 0; i < mission_.tasks.size(); ++i) {
    auto& record = report_.tasks[i];
    record.task = mission_.tasks[i].id;
    record.needs = mission_.tasks[i].needs;
    record.agent = std::move(agents[i]);
    record.estimate = std::move(estimates[i]);
  }
  link();
}

void run_rules::link() {
  const auto count = static_cast<std::uint32_t>(mission_.tasks.size());
  std::unordered_map<std::string_view, std::uint32_t> index;
  index.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i)
    index.emplace(mission_.tasks[i].id, i);
  nodes_.resize(count);
  std::unordered_map<std::string_view, std::uint32_t> input_index;
  for (std::uint32_t i = 0; i < mission_.inputs.size(); ++i)
    input_index.emplace(mission_.inputs[i].name, i);
  for (std::uint32_t i = 0; i < count; ++i)
    for (const auto& name : mission_.tasks[i].inputs)
      nodes_[i].inputs.push_back(input_index.at(name));
  for (std::uint32_t i = 0; i < count; ++i)
    for (const auto& need : mission_.tasks[i].needs) {
      const auto before = index.at(need);
      nodes_[i].needs.push_back(before);
      nodes_[before].dependants.push_back(i);
    }
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < count; ++i)
    if ((nodes_[i].unmet = static_cast<std::uint32_t>(nodes_[i].needs.size()))
        == 0)
      order.push_back(i);
  std::vector<std::uint32_t> unmet;
  unmet.reserve(count);
  for (const auto& it : nodes_)
    unmet.push_back(it.unmet);
  for (std::size_t at = 0; at < order.size(); ++at)
    for (const auto next : nodes_[order[at]].dependants) {
      nodes_[next].level =
          std::max(nodes_[next].level, nodes_[order[at]].level + 1);
      if (--unmet[next] == 0)
        order.push_back(next);
    }
  std::reverse(order.begin(), order.end());
  for (const auto i : order) {
    auto& it = nodes_[i];
    for (const auto next : it.dependants)
      it.path = std::max(it.path, nodes_[next].path);
    it.path += static_cast<std::uint64_t>(
        std::max<std::int64_t>(report_.tasks[i].estimate.time.count(), 1));
    unfinished_by_level_.resize(
        std::max<std::size_t>(unfinished_by_level_.size(), it.level + 1));
    ++unfinished_by_level_[it.level];
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
  return {mission_.order == protocol::schedule::waves ? nodes_[task].level : 0,
          static_cast<std::uint32_t>(mission_.tasks[task].urgency),
          nodes_[task].path, static_cast<std::uint32_t>(task)};
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
  while (!cancelling_ && running_ < mission_.concurrency) {
    const auto* best = ready_.top(now);
    if (best == nullptr || !is_level_open(best->level))
      break;
    const std::size_t task = best->task;
    ready_.pop();
    auto& it = nodes_[task];
    auto& record = report_.tasks[task];
    record.state = task_state::running;
    if (record.attempts == 0)
      record.started = now;
    it.running = ++record.attempts;
    it.deadline = std::min(now + mission_.tasks[task].timeout, deadline_);
    due_.push({it.deadline, static_cast<std::uint32_t>(task), it.running});
    ++running_;
    emit_task(event_kind::task_started, task, now);
    starting.push_back({task, it.running, it.deadline});
  }
  return starting;
}

void run_rules::succeeded(std::size_t task, std::uint32_t number,
                          protocol::task_result result, instant now) {
  if (nodes_[task].running != number)
    return;
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
    record.model = std::move(result.model);
  report_.used += result.used;
  report_.cost += result.cost;
  report_.cached_calls += result.cached_calls;
  report_.saved += result.saved;
  report_.hedges += result.hedges;
  report_.escalations += result.escalations;
  report_.simulated = report_.simulated || result.simulated;
  if (auto reason = check_gate(mission_.tasks[task].gate, result.output,
                               inputs_for_gate(task))) {
    nodes_[task].feedback = *reason;
    failed(task, number, fail(errc::gate_failed, std::move(*reason)), now);
    return;
  }
  record.output = std::move(result.output);
  nodes_[task].running = 0;
  --running_;
  ++done_;
  finish(task, task_state::done, now);
  emit_task(event_kind::task_done, task, now);
  for (const auto next : nodes_[task].dependants)
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
         && report_.tasks[task].attempts < mission_.tasks[task].attempts_max;
}

protocol::duration run_rules::pause_before(std::size_t task) {
  return pause_before_retry(pauses, report_.tasks[task].attempts,
                            next_random(random_));
}

void run_rules::failed(std::size_t task, std::uint32_t number,
                       protocol::error why, instant now) {
  if (nodes_[task].running != number)
    return;
  nodes_[task].running = 0;
  --running_;
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
    for (const auto next : nodes_[current].dependants) {
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
  --unfinished_by_level_[nodes_[task].level];
  ++ended_;
}

} // namespace troupe::actors
