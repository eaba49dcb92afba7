// The part of health_rules that changes how agents stand.
#include "health_rules.hpp"

#include <troupe/protocol/header.hpp>

#include <algorithm>
#include <utility>

namespace troupe::actors {

using protocol::health_figures;
using protocol::instant;
using protocol::sickness;

namespace {

constexpr std::uint32_t rests_max = 16; // doublings

std::string of(std::uint32_t some, std::uint32_t all, const char* what) {
  return std::to_string(some) + " of its last " + std::to_string(all) + what;
}

std::string words_for(sickness what, const health_figures& it) {
  switch (what) {
  case sickness::errors:
    return of(it.failed, it.outcomes, " tasks failed");
  case sickness::gates:
    return of(it.refused, it.judged, " answers did not pass");
  case sickness::latency:
    return "it takes " + protocol::for_people(it.latency) + ", usually "
           + protocol::for_people(it.usual);
  case sickness::none:
    break;
  }
  return {};
}

} // namespace

void health_rules::change(const std::string& agent, watch& it, condition to,
                          instant now, std::string why) {
  steps_.push_back({now, agent, it.state, to, it.cause,
                    it.window.figures_at(now, limits_, bad_works()),
                    std::move(why)});
  it.state = to;
  it.since = now;
  it.due = {};
  it.good = 0;
  it.bad = 0;
  it.promised = 0;
  if (to == condition::well) {
    unwell_.erase(agent);
    it.cause = sickness::none;
  } else {
    unwell_.insert(agent);
  }
  if (to != condition::drained && to != condition::restarted)
    it.skills.clear();
}

void health_rules::replace(const std::string& agent, watch& it, instant now,
                           std::string why) {
  change(agent, it, condition::replaced, now, std::move(why));
  auto rest = limits_.rest;
  for (std::uint32_t i = 0; i < it.rests && rest < limits_.rest_max; ++i)
    rest *= 2;
  it.due = now + std::min(rest, limits_.rest_max);
  it.rests = std::min(it.rests + 1, rests_max);
}

std::vector<protocol::health_step>
health_rules::advance(instant now, const skill_counter& skills) {
  auto suspects = std::exchange(suspects_, {});
  suspects.merge(std::exchange(waiting_, {}));
  for (const auto& name : suspects)
    if (const auto it = watched_.find(name);
        it != watched_.end() && it->second.state == condition::well)
      look_at_suspect(name, it->second, now, skills);
  const auto unwell = unwell_; // it changes meanwhile
  for (const auto& name : unwell)
    go_on(name, watched_.at(name), now);
  return std::exchange(steps_, {});
}

void health_rules::look_at_suspect(const std::string& agent, watch& it,
                                   instant now, const skill_counter& skills) {
  const auto what = it.window.sickness_at(now, limits_, bad_works());
  if (what == sickness::none)
    return;
  if (now - it.since > limits_.rest_max)
    it.rests = 0; // it has been well for long
  const auto figures = it.window.figures_at(now, limits_, bad_works());
  if (it.restarts > 0 && now - it.restarted < limits_.restart_pause) {
    it.cause = what;
    return replace(agent, it, now,
                   words_for(what, figures) + ", soon after a restart");
  }
  auto of_skills = skills(agent);
  bool is_last = false;
  if (!may_drain(of_skills, agent, is_last)) {
    waiting_.insert(agent); // others first
    waiting_until_ = now + limits_.restart_spacing;
    return;
  }
  it.cause = what;
  for (auto& skill : of_skills)
    it.skills.push_back(std::move(skill.skill));
  drain(agent, it, is_last, now);
}

bool health_rules::may_drain(const std::vector<skill_count>& skills,
                             const std::string& agent, bool& is_last) const {
  is_last = skills.empty(); // who wants it by name has nobody else
  for (const auto& skill : skills) {
    std::size_t away = 0;
    std::size_t behind = 0;
    for (const auto& name : unwell_) {
      const auto& it = watched_.at(name);
      if (name == agent)
        continue;
      if (it.state == condition::replaced)
        ++behind; // perhaps of another skill: then this one is taken for last
      else if (std::find(it.skills.begin(), it.skills.end(), skill.skill)
               != it.skills.end())
        ++away;
    }
    const auto most = std::max<std::size_t>(
        skill.agents * limits_.drained_permille / 1'000, 1);
    if (away + 1 > most)
      return false;
    is_last = is_last || skill.agents <= away + behind + 1;
  }
  return true;
}

void health_rules::drain(const std::string& agent, watch& it, bool is_last,
                         instant now) {
  const auto figures = it.window.figures_at(now, limits_, bad_works());
  change(agent, it, condition::drained, now, words_for(it.cause, figures));
  it.due = now + (is_last ? limits_.drain_max_of_last : limits_.drain_max);
}

void health_rules::go_on(const std::string& agent, watch& it, instant now) {
  const bool is_due = protocol::has_passed(it.due, now);
  switch (it.state) {
  case condition::drained:
    if (it.open > 0 && !is_due)
      return;
    if (now - last_restart_ < limits_.restart_spacing) {
      it.due = last_restart_ + limits_.restart_spacing;
      return;
    }
    last_restart_ = now;
    change(agent, it, condition::restarted, now,
           it.open == 0
               ? "its tasks have ended"
               : "tasks that did not end in time: " + std::to_string(it.open));
    it.due = now + limits_.start_max;
    it.open = 0;
    ++it.restarts;
    it.restarted = now;
    return;
  case condition::restarted:
    if (is_due)
      replace(agent, it, now, "it was not started again in time");
    return;
  case condition::replaced:
    if (!is_due)
      return;
    change(agent, it, condition::probation, now, "it has rested");
    it.window.begin_life(now);
    it.open = 0;
    return;
  case condition::probation:
  case condition::well:
    return;
  }
}

void health_rules::started(const std::string& agent, instant now) {
  const auto known = watched_.find(agent);
  if (known == watched_.end())
    return;
  auto& it = known->second;
  // One that has ended by itself while it was drained has begun anew, too.
  if (it.state != condition::restarted && it.state != condition::drained)
    return;
  if (it.state == condition::drained) {
    ++it.restarts;
    it.restarted = now;
  }
  change(agent, it, condition::probation, now, "it has been started again");
  it.window.begin_life(now);
  it.open = 0;
}

instant health_rules::next_due() const {
  auto first = waiting_.empty() ? instant{} : waiting_until_;
  for (const auto& name : unwell_)
    first = protocol::earlier_deadline(first, watched_.at(name).due);
  return first;
}

} // namespace troupe::actors
