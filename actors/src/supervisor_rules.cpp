#include "supervisor_rules.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

supervisor_rules::supervisor_rules(const settings& with)
    : with_(with), window_(with.how.intensity, with.how.period),
      incarnation_(with.incarnations_before), random_(with.seed) {}

supervisor_commands supervisor_rules::take() {
  return std::exchange(out_, {});
}

supervisor_commands supervisor_rules::open(std::vector<child_rule> children,
                                           time_point now) {
  work_ = work{aim::open};
  for (auto& it : children)
    work_->scope.push_back(children_.add(std::move(it)));
  work_->to_start = work_->scope;
  work_->is_planned = true;
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::started(child_life who, time_point now) {
  auto* const it = children_.find(who);
  if (it == nullptr || it->phase != child_phase::starting)
    return take();
  it->phase = child_phase::running;
  it->since = now;
  ++work_->next;
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::ignored(child_life who, time_point now) {
  auto* const it = children_.find(who);
  if (it == nullptr || it->phase != child_phase::starting)
    return take();
  forget(who.child);
  work_->was_ignored = true;
  ++work_->next;
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::start_failed(child_life who,
                                                   const std::string& why,
                                                   time_point now) {
  auto* const it = children_.find(who);
  if (it == nullptr || it->phase != child_phase::starting)
    return take();
  it->phase = child_phase::idle;
  it->last_end = why;
  const auto during = work_->what;
  if (during == aim::open) {
    begin_end({supervisor_end::start_failed, it->rule.id, why});
  } else if (during != aim::end) {
    if (during == aim::replace && it->rule.restart == restart_type::temporary) {
      forget(who.child);
    } else if (during == aim::restart || during == aim::replace) {
      out_.emplace_back(
          report_order{supervisor_event::start_failed, it->rule.id, why});
      it->is_counted = false;
      wait(who.child, next_pause(*it, now), now);
    } else {
      answer(work_->request, child_answer::start_failed, who, why);
      if (during == aim::add)
        children_.remove(who.child);
    }
    work_.reset();
  }
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::ended(child_life who, child_end how,
                                            time_point now, std::string why) {
  auto* const it = children_.find(who);
  if (it == nullptr || it->has_ended
      || (it->phase != child_phase::running
          && it->phase != child_phase::stopping))
    return take();
  it->has_ended = true;
  it->end = how;
  it->last_end = std::move(why);
  if (it->phase == child_phase::running && !is_ending_)
    waiting_.push_back({wish::decide, who});
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::stop(time_point now,
                                           time_point deadline) {
  if (is_over_)
    return take();
  deadline_ = std::min(deadline_, deadline);
  for (const auto child : children_.from(0)) {
    const auto& it = *children_.find(child);
    if (deadline_ != never && it.phase == child_phase::stopping && !it.has_ended
        && (!it.alarm || *it.alarm > deadline_))
      children_.set_alarm(child, deadline_);
  }
  if (!is_ending_) {
    if (work_ && work_->request != 0)
      answer(work_->request, child_answer::ending);
    begin_end({supervisor_end::asked});
  }
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::wake(time_point now) {
  while (const auto child = children_.take_alarm(now)) {
    const auto& it = *children_.find(*child);
    const child_life who{*child, it.incarnation};
    if (it.phase == child_phase::restarting) {
      waiting_.push_back({wish::retry, who});
    } else if (it.phase == child_phase::stopping && !it.has_ended) {
      out_.emplace_back(
          report_order{supervisor_event::killed_too_slow, it.rule.id});
      out_.emplace_back(kill_order{who});
    }
  }
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::ask(event what, time_point now) {
  if (is_ending_) {
    answer(what.request, child_answer::ending);
  } else if (waiting_.size() >= with_.waiting_max) {
    answer(what.request, child_answer::overloaded);
  } else {
    waiting_.push_back(std::move(what));
    advance(now);
  }
  return take();
}

supervisor_commands supervisor_rules::start_child(child_rule rule,
                                                  std::uint64_t request,
                                                  time_point now) {
  return ask({wish::add, {}, request, std::move(rule)}, now);
}

supervisor_commands supervisor_rules::replace_child(child_rule rule,
                                                    std::uint64_t request,
                                                    time_point now) {
  const auto child = children_.number_of(rule.id);
  if (!child || is_ending_)
    return start_child(std::move(rule), request, now);
  auto& it = *children_.find(*child);
  it.rule = std::move(rule);
  answer(request, child_answer::done, {*child, it.incarnation});
  if (!std::exchange(it.is_replaced, true))
    waiting_.push_back({wish::replace, {*child, it.incarnation}});
  advance(now);
  return take();
}

supervisor_commands supervisor_rules::terminate_child(const std::string& id,
                                                      std::uint64_t request,
                                                      time_point now) {
  return ask({wish::terminate, {}, request, {id}}, now);
}

supervisor_commands supervisor_rules::restart_child(const std::string& id,
                                                    std::uint64_t request,
                                                    time_point now) {
  return ask({wish::restart, {}, request, {id}}, now);
}

supervisor_commands supervisor_rules::delete_child(const std::string& id,
                                                   std::uint64_t request,
                                                   time_point now) {
  return ask({wish::remove, {}, request, {id}}, now);
}

void supervisor_rules::answer(std::uint64_t request, child_answer what,
                              child_life who, std::string why) {
  out_.emplace_back(answer_order{request, what, who, std::move(why)});
}

} // namespace troupe::actors
