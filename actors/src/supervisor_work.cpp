#include "supervisor_rules.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

void supervisor_rules::advance(time_point now) {
  while (!is_over_) {
    if (work_) {
      if (!step(now))
        return;
      work_.reset();
    } else {
      if (waiting_.empty())
        return;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      handle(next, now);
    }
  }
}

/// True when the work is done.
bool supervisor_rules::step(time_point now) {
  if (!all_stopped(now))
    return false;
  if (!work_->is_planned)
    plan();
  if (!all_started())
    return false;
  finish();
  return true;
}

/// Each is gone before the next is told, but for dynamic ones at the end.
bool supervisor_rules::all_stopped(time_point now) {
  auto& left = work_->to_stop;
  if (work_->what == aim::end && with_.how.strategy == restart_strategy::dynamic
      && !std::exchange(work_->is_planned, true))
    for (const auto child : left)
      (void)is_gone(child, now);
  while (!left.empty() && is_gone(left.back(), now))
    left.pop_back();
  return left.empty();
}

/// Tells it to stop if it lives.
bool supervisor_rules::is_gone(std::uint64_t child, time_point now) {
  auto* const it = children_.find(child);
  if (it == nullptr || it->phase == child_phase::idle)
    return true;
  if (it->phase == child_phase::restarting) {
    leave_wait(child, *it, now);
    it->phase = child_phase::idle;
    return true;
  }
  if (it->has_ended) {
    children_.drop_alarm(child);
    it->has_ended = false;
    it->phase = child_phase::idle;
    return true;
  }
  if (it->phase == child_phase::running)
    order_stop(child, *it, now);
  return false;
}

void supervisor_rules::order_stop(std::uint64_t child, supervised_child& it,
                                  time_point now) {
  it.phase = child_phase::stopping;
  const child_life who{child, it.incarnation};
  if (it.rule.shutdown == brutal_kill || deadline_ <= now) {
    out_.emplace_back(kill_order{who});
    return;
  }
  out_.emplace_back(stop_order{who});
  auto due = deadline_;
  if (it.rule.shutdown
      < std::chrono::duration_cast<std::chrono::milliseconds>(never - now))
    due = std::min(due, now + it.rule.shutdown);
  if (due != never)
    children_.set_alarm(child, due);
}

/// All that is to be stopped is gone.
void supervisor_rules::plan() {
  work_->is_planned = true;
  if (work_->what != aim::restart && work_->what != aim::put_off)
    return;
  for (const auto child : work_->scope) {
    const auto* const it = children_.find(child);
    if (it == nullptr)
      continue;
    if (it->rule.restart == restart_type::temporary)
      children_.remove(child);
    else if (work_->what == aim::restart)
      work_->to_start.push_back(child);
  }
}

bool supervisor_rules::all_started() {
  if (work_->next >= work_->to_start.size())
    return true;
  const auto child = work_->to_start[work_->next];
  auto& it = *children_.find(child);
  if (it.phase == child_phase::idle)
    order_start(child, it);
  return false;
}

void supervisor_rules::order_start(std::uint64_t child, supervised_child& it) {
  it.phase = child_phase::starting;
  it.incarnation = ++incarnation_;
  it.is_replaced = false;
  if (work_->what == aim::restart)
    ++it.restarts;
  out_.emplace_back(start_order{{child, it.incarnation}});
}

void supervisor_rules::finish() {
  if (work_->what == aim::end) {
    is_over_ = true;
    out_.emplace_back(end_);
  } else if (work_->what == aim::open) {
    out_.emplace_back(opened_order{});
  } else if (work_->what == aim::terminate) {
    forget(work_->child);
    answer(work_->request, child_answer::done, {work_->child});
  } else if (work_->request != 0) {
    const auto* const it = children_.find(work_->child);
    answer(work_->request,
           work_->was_ignored ? child_answer::ignored : child_answer::done,
           {work_->child, it == nullptr ? 0 : it->incarnation});
  }
}

void supervisor_rules::wait(std::uint64_t child,
                            std::chrono::steady_clock::duration length,
                            time_point now) {
  auto& it = *children_.find(child);
  it.phase = child_phase::restarting;
  it.is_put_off = length > length.zero();
  if (it.is_put_off)
    window_.stand_still(now);
  children_.set_alarm(child, now + length);
}

void supervisor_rules::leave_wait(std::uint64_t child, supervised_child& it,
                                  time_point now) {
  children_.drop_alarm(child);
  if (std::exchange(it.is_put_off, false))
    window_.go_on(now);
}

} // namespace troupe::actors
