#include "supervisor_rules.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

bool is_started_again(restart_type type, child_end how) {
  switch (type) {
  case restart_type::permanent:
    return true;
  case restart_type::transient:
    return how == child_end::abnormal || how == child_end::killed;
  case restart_type::temporary:
    break;
  }
  return false;
}

/// The next of a sequence that looks random (splitmix64).
std::uint64_t next_pause_seed(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  auto it = state;
  it = (it ^ (it >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  it = (it ^ (it >> 27U)) * 0x94d049bb133111ebULL;
  return it ^ (it >> 31U);
}

} // namespace

void supervisor_rules::handle(event& what, time_point now) {
  switch (what.what) {
  case wish::decide: {
    const auto* const it = children_.find(what.who);
    if (it != nullptr && it->has_ended && it->phase == child_phase::running)
      decide(what.who.child, now);
    return;
  }
  case wish::retry:
    return retry(what.who, now);
  case wish::replace:
    return replace(what.who);
  default:
    return handle_request(what);
  }
}

void supervisor_rules::decide(std::uint64_t child, time_point now) {
  auto& it = *children_.find(child);
  it.has_ended = false;
  it.phase = child_phase::idle;
  if (!is_started_again(it.rule.restart, it.end)) {
    const auto ends = it.rule.is_significant ? it.rule.id : std::string{};
    forget(child);
    if (!ends.empty())
      end_with_significant(ends);
    return;
  }
  out_.emplace_back(report_order{supervisor_event::child_ended, it.rule.id});
  if (!window_.add(now, child))
    return give_up(it);
  const auto pause = next_pause(it, now);
  if (pause <= pause.zero())
    return begin_restart(child);
  it.is_counted = true;
  wait(child, pause, now);
  work_ = work{aim::put_off, child};
  work_->scope = scope_of(child);
  work_->to_stop = work_->scope;
  work_->to_stop.erase(
      std::remove(work_->to_stop.begin(), work_->to_stop.end(), child),
      work_->to_stop.end());
}

void supervisor_rules::retry(const child_life& who, time_point now) {
  auto* const it = children_.find(who);
  if (it == nullptr || it->phase != child_phase::restarting || it->alarm)
    return; // it was stopped or started meanwhile
  leave_wait(who.child, *it, now);
  it->phase = child_phase::idle;
  if (!it->is_counted && !window_.add(now, who.child))
    return give_up(*it);
  begin_restart(who.child);
}

void supervisor_rules::replace(const child_life& who) {
  const auto* const it = children_.find(who.child);
  if (it == nullptr || !it->is_replaced)
    return;
  work_ = work{aim::replace, who.child};
  work_->to_stop = {who.child};
  work_->to_start = {who.child};
  work_->is_planned = true;
}

void supervisor_rules::handle_request(event& what) {
  if (what.what == wish::add)
    return add(what);
  if (with_.how.strategy == restart_strategy::dynamic
      && what.what != wish::terminate)
    return answer(what.request, child_answer::dynamic);
  const auto child = children_.number_of(what.rule.id);
  if (!child)
    return answer(what.request, child_answer::not_found);
  what.who.child = *child;
  auto& it = *children_.find(*child);
  if (what.what == wish::terminate) {
    work_ = work{aim::terminate, *child, what.request};
    work_->to_stop = {*child};
    return;
  }
  if (it.phase == child_phase::restarting)
    return answer(what.request, child_answer::restarting);
  if (it.phase != child_phase::idle)
    return answer(what.request, child_answer::running);
  if (what.what == wish::restart) {
    work_ = work{aim::again, *child, what.request};
    work_->to_start = {*child};
    work_->is_planned = true;
    return;
  }
  children_.remove(*child);
  answer(what.request, child_answer::done, what.who);
}

void supervisor_rules::add(event& what) {
  if (const auto known = children_.number_of(what.rule.id)) {
    const auto& it = *children_.find(*known);
    return answer(what.request,
                  it.phase == child_phase::running
                      ? child_answer::already_started
                      : child_answer::already_present,
                  {*known, it.incarnation});
  }
  const auto child = children_.add(std::move(what.rule));
  work_ = work{aim::add, child, what.request};
  work_->to_start = {child};
  work_->is_planned = true;
}

void supervisor_rules::begin_restart(std::uint64_t child) {
  work_ = work{aim::restart, child};
  work_->scope = scope_of(child);
  work_->to_stop = work_->scope;
}

void supervisor_rules::begin_end(end_order why) {
  is_ending_ = true;
  end_ = std::move(why);
  for (const auto& it : waiting_)
    if (it.request != 0)
      answer(it.request, child_answer::ending);
  waiting_.clear();
  work_ = work{aim::end};
  work_->to_stop = children_.from(0);
}

void supervisor_rules::give_up(const supervised_child& it) {
  out_.emplace_back(report_order{supervisor_event::gave_up, it.rule.id});
  begin_end({supervisor_end::restart_limit, it.rule.id});
}

void supervisor_rules::forget(std::uint64_t child) {
  auto& it = *children_.find(child);
  if (it.rule.restart == restart_type::temporary
      || with_.how.strategy == restart_strategy::dynamic)
    children_.remove(child);
  else
    it.phase = child_phase::idle;
}

void supervisor_rules::end_with_significant(const std::string& id) {
  if (with_.how.ends == auto_shutdown::never)
    return;
  const auto& all = children_.all();
  if (with_.how.ends == auto_shutdown::any_significant
      || std::none_of(all.begin(), all.end(), [](const auto& it) {
           return it.second.rule.is_significant
                  && it.second.phase != child_phase::idle;
         })) {
    out_.emplace_back(report_order{supervisor_event::significant_ended, id});
    begin_end({supervisor_end::significant, id});
  }
}

std::chrono::steady_clock::duration
supervisor_rules::next_pause(supervised_child& it, time_point now) {
  if (it.since != time_point{} && now - it.since >= with_.how.period)
    it.failures = 0;
  it.since = {};
  return pause_before_restart(with_.how.backoff, it.failures++,
                              next_pause_seed(random_));
}

supervised_children::numbers
supervisor_rules::scope_of(std::uint64_t child) const {
  switch (with_.how.strategy) {
  case restart_strategy::one_for_all:
    return children_.from(0);
  case restart_strategy::rest_for_one:
    return children_.from(child);
  case restart_strategy::one_for_one:
  case restart_strategy::dynamic:
    break;
  }
  return {child};
}

} // namespace troupe::actors
