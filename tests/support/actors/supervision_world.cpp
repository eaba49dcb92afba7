#include "support/actors/supervision_node.hpp"

#include <algorithm>

namespace troupe::test {

using namespace actors;

supervision_world::supervision_world(planned_supervisor plan,
                                     std::uint64_t seed)
    : seed_(seed) {
  open("top", plan, nullptr, {});
  run();
}

supervision_world::~supervision_world() = default;

void supervision_world::open(const std::string& name,
                             const planned_supervisor& plan, node* parent,
                             child_life as) {
  supervisor_rules::settings with;
  with.how = plan.how;
  with.seed = seed_ + ++opened_;
  auto fresh = std::make_unique<node>(name, with);
  fresh->number = opened_;
  fresh->is_dynamic = plan.how.strategy == restart_strategy::dynamic;
  if (parent != nullptr)
    fresh->parent = parent->name;
  fresh->as = as;
  std::vector<child_rule> children;
  for (const auto& it : plan.children) {
    fresh->plans.insert_or_assign(it.rule.id, it);
    children.push_back(it.rule);
  }
  auto& at = *fresh;
  if (!nodes_.emplace(name, std::move(fresh)).second)
    wrong_.push_back(name + " lives twice");
  obey(name, at.rules.open(std::move(children), now_));
}

void supervision_world::run() {
  while (!steps_.empty()) {
    const auto next = std::move(steps_.front());
    steps_.pop_front();
    next();
    std::vector<std::string> due;
    for (const auto& [name, at] : nodes_)
      if (const auto wake = at->rules.next_wake(); wake && *wake <= now_)
        due.push_back(name);
    for (const auto& name : due)
      later([this, name] {
        if (const auto found = nodes_.find(name); found != nodes_.end())
          obey(name, found->second->rules.wake(now_));
      });
  }
}

std::optional<supervision_world::time_point>
supervision_world::next_alarm() const {
  std::optional<time_point> first;
  if (!timers_.empty())
    first = timers_.begin()->first;
  for (const auto& [name, at] : nodes_)
    if (const auto wake = at->rules.next_wake();
        wake && (!first || *wake < *first))
      first = wake;
  return first;
}

void supervision_world::advance(std::chrono::milliseconds by) {
  const auto until = now_ + by;
  for (;;) {
    run();
    const auto next = next_alarm();
    if (!next || *next > until)
      break;
    now_ = std::max(now_, *next);
    while (!timers_.empty() && timers_.begin()->first <= now_) {
      later(std::move(timers_.begin()->second));
      timers_.erase(timers_.begin());
    }
    later([] {});
  }
  now_ = until;
}

void supervision_world::settle() {
  for (;;) {
    run();
    const auto next = next_alarm();
    if (!next)
      return;
    advance(std::chrono::ceil<std::chrono::milliseconds>(*next - now_));
  }
}

void supervision_world::obey(const std::string& name,
                             supervisor_commands commands) {
  for (const auto& it : commands) {
    const auto found = nodes_.find(name);
    if (found == nodes_.end())
      return;
    std::visit([&](const auto& order) { obey(*found->second, order); }, it);
  }
}

void supervision_world::obey(node& at, const start_order& order) {
  const auto& plan = at.plan_of(order.who.child);
  const auto& id = plan.rule.id;
  const auto attempt = ++starts_[id];
  const auto tell = [this, name = at.name, number = at.number](auto what) {
    later([this, name, number, what] {
      const auto found = nodes_.find(name);
      if (found != nodes_.end() && found->second->number == number)
        obey(name, what(found->second->rules));
    });
  };
  if (plan.failing.count(attempt) != 0) {
    notes_.push_back("!" + id);
    return tell([this, who = order.who](supervisor_rules& rules) {
      return rules.start_failed(who, "no", now_);
    });
  }
  if (plan.ignoring.count(attempt) != 0) {
    notes_.push_back("~" + id);
    return tell([this, who = order.who](supervisor_rules& rules) {
      return rules.ignored(who, now_);
    });
  }
  if (plan.nested)
    return open(id, *plan.nested, &at, order.who);
  notes_.push_back("+" + id);
  if (!workers_.emplace(id, player{at.name, at.number, order.who}).second)
    wrong_.push_back(id + " lives twice");
  tell([this, who = order.who](supervisor_rules& rules) {
    return rules.started(who, now_);
  });
}

void supervision_world::tell_end(node& at, child_life who, child_end how) {
  later([this, name = at.name, number = at.number, who, how] {
    const auto found = nodes_.find(name);
    if (found != nodes_.end() && found->second->number == number)
      obey(name, found->second->rules.ended(who, how, now_));
  });
}

void supervision_world::gone(const std::string& id, child_end how) {
  const auto it = workers_.at(id);
  workers_.erase(id);
  if (const auto found = nodes_.find(it.supervisor); found != nodes_.end())
    if (found->second->number == it.node)
      tell_end(*found->second, it.as, how);
}

void supervision_world::obey(node& at, const stop_order& order) {
  const auto& plan = at.plan_of(order.who.child);
  const auto& id = plan.rule.id;
  if (plan.nested) {
    later([this, id] {
      if (const auto found = nodes_.find(id); found != nodes_.end())
        obey(id, found->second->rules.stop(now_));
    });
    return;
  }
  const auto found = workers_.find(id);
  if (found == workers_.end() || !(found->second.as == order.who) || plan.hangs)
    return; // its end is on the way, or it does not hear
  const auto stops = [this, id, who = order.who] {
    const auto it = workers_.find(id);
    if (it == workers_.end() || !(it->second.as == who))
      return;
    notes_.push_back("-" + id);
    gone(id, child_end::shutdown);
  };
  if (plan.takes > plan.takes.zero())
    timers_.emplace(now_ + plan.takes, stops);
  else
    stops();
}

void supervision_world::kill_tree(const std::string& supervisor) {
  std::vector<std::string> lost;
  for (const auto& [id, it] : workers_)
    if (it.supervisor == supervisor)
      lost.push_back(id);
  for (const auto& id : lost) {
    notes_.push_back("x" + id);
    workers_.erase(id);
  }
  lost.clear();
  for (const auto& [id, it] : nodes_)
    if (it->parent == supervisor)
      lost.push_back(id);
  for (const auto& id : lost)
    kill_tree(id);
  notes_.push_back("x" + supervisor);
  nodes_.erase(supervisor);
}

void supervision_world::obey(node& at, const kill_order& order) {
  const auto id = at.plan_of(order.who.child).rule.id;
  if (const auto nested = nodes_.find(id); nested != nodes_.end()) {
    kill_tree(id);
    tell_end(at, order.who, child_end::killed);
  } else if (const auto found = workers_.find(id);
             found != workers_.end() && found->second.as == order.who) {
    notes_.push_back("x" + id);
    gone(id, child_end::killed);
  }
}

void supervision_world::obey(node&, const answer_order& order) {
  if (!answers_.emplace(order.request, order).second)
    wrong_.push_back("a request is answered twice");
}

void supervision_world::obey(node& at, const opened_order&) {
  at.is_open = true;
  if (at.parent.empty())
    return;
  later([this, to = at.parent, who = at.as] {
    if (const auto found = nodes_.find(to); found != nodes_.end())
      obey(to, found->second->rules.started(who, now_));
  });
}

void supervision_world::obey(node& at, const end_order& order) {
  for (const auto& [id, it] : workers_)
    if (it.node == at.number)
      wrong_.push_back(id + " lives longer than its supervisor");
  const auto was_open = at.is_open;
  const auto as = at.as;
  const auto parent = nodes_.find(at.parent);
  notes_.push_back("#" + at.name);
  if (parent == nodes_.end()) {
    end_ = order;
  } else if (was_open) {
    tell_end(*parent->second, as, child_end::shutdown);
  } else {
    later([this, to = parent->first, as, why = order.cause] {
      if (const auto found = nodes_.find(to); found != nodes_.end())
        obey(to, found->second->rules.start_failed(as, why, now_));
    });
  }
  nodes_.erase(std::string{at.name});
}

void supervision_world::obey(node&, const report_order&) {}

} // namespace troupe::test
