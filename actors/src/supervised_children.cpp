#include "supervised_children.hpp"

namespace troupe::actors {

std::uint64_t supervised_children::add(child_rule rule) {
  const auto number = ++last_;
  by_id_.emplace(rule.id, number);
  supervised_child fresh;
  fresh.rule = std::move(rule);
  children_.emplace(number, std::move(fresh));
  return number;
}

void supervised_children::remove(std::uint64_t child) {
  const auto found = children_.find(child);
  if (found == children_.end())
    return;
  drop_alarm(child);
  by_id_.erase(found->second.rule.id);
  children_.erase(found);
}

supervised_child* supervised_children::find(std::uint64_t child) {
  const auto found = children_.find(child);
  return found == children_.end() ? nullptr : &found->second;
}

supervised_child* supervised_children::find(const child_life& who) {
  auto* const found = find(who.child);
  return found != nullptr && found->incarnation == who.incarnation ? found
                                                                   : nullptr;
}

std::optional<std::uint64_t>
supervised_children::number_of(const std::string& id) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end())
    return std::nullopt;
  return found->second;
}

supervised_children::numbers
supervised_children::from(std::uint64_t first) const {
  numbers result;
  for (auto it = children_.lower_bound(first); it != children_.end(); ++it)
    result.push_back(it->first);
  return result;
}

void supervised_children::set_alarm(std::uint64_t child, time_point due) {
  drop_alarm(child);
  alarms_.emplace(due, child);
  children_.at(child).alarm = due;
}

void supervised_children::drop_alarm(std::uint64_t child) {
  auto& alarm = children_.at(child).alarm;
  if (!alarm)
    return;
  alarms_.erase({*alarm, child});
  alarm.reset();
}

std::optional<supervised_children::time_point>
supervised_children::first_alarm() const {
  if (alarms_.empty())
    return std::nullopt;
  return alarms_.begin()->first;
}

std::optional<std::uint64_t> supervised_children::take_alarm(time_point now) {
  if (alarms_.empty() || alarms_.begin()->first > now)
    return std::nullopt;
  const auto child = alarms_.begin()->second;
  drop_alarm(child);
  return child;
}

child_counts supervised_children::count() const {
  child_counts result;
  for (const auto& [number, it] : children_) {
    ++result.specs;
    if (it.phase == child_phase::running && !it.has_ended)
      ++result.active;
    ++(it.rule.kind == child_kind::supervisor ? result.supervisors
                                              : result.workers);
  }
  return result;
}

} // namespace troupe::actors
