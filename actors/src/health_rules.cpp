#include "health_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::sickness;

namespace {

constexpr std::size_t works_max = 1'000;

} // namespace

const health_rules::watch* health_rules::find(const std::string& agent) const {
  const auto it = watched_.find(agent);
  return it == watched_.end() ? nullptr : &it->second;
}

health_rules::watch& health_rules::watch_of(const std::string& agent,
                                            instant now) {
  if (const auto it = watched_.find(agent); it != watched_.end()) {
    it->second.heard = now;
    return it->second;
  }
  // Those that are not well, or have tasks, go to the end of the line.
  for (int i = 0; i < 8 && order_.size() >= limits_.agents_max; ++i) {
    auto oldest = std::move(order_.front());
    order_.pop_front();
    const auto& it = watched_.at(oldest);
    if (it.state == condition::well && it.open == 0) {
      suspects_.erase(oldest);
      watched_.erase(oldest);
    } else {
      order_.push_back(std::move(oldest));
    }
  }
  order_.push_back(agent);
  auto& fresh = watched_[agent];
  fresh.heard = now;
  fresh.since = now;
  return fresh;
}

void health_rules::begun(const std::string& agent, instant now) {
  auto& it = watch_of(agent, now);
  ++it.open;
  it.promised -= it.promised > 0 ? 1 : 0;
}

void health_rules::ended(const std::string& agent, const agent_outcome& how,
                         instant now) {
  auto& it = watch_of(agent, now);
  it.open -= it.open > 0 ? 1 : 0;
  if (it.state == condition::drained && it.open == 0)
    suspects_.insert(agent); // nothing keeps it any more
  const auto said =
      it.window.add(how, now, it.state == condition::well, limits_);
  if (said == health_window::verdict::nothing)
    return;
  if (how.failure && how.work)
    note_failed(agent, how.work);
  const bool is_good = said == health_window::verdict::good;
  // Who was refused by gates is not well for having answered.
  if (it.state == condition::probation
      && (!is_good || it.cause != sickness::gates))
    try_out(agent, it, is_good, now);
  suspect(agent, it, now);
}

void health_rules::judged(const std::string& agent, bool passed,
                          protocol::id work, instant now) {
  auto& it = watch_of(agent, now);
  it.window.add_judged(passed, work, now, limits_);
  if (!passed && work)
    note_failed(agent, work);
  if (it.state == condition::probation
      && (!passed || it.cause == sickness::gates))
    try_out(agent, it, passed, now);
  suspect(agent, it, now);
}

/// A work over which two agents have failed is to blame, and neither of them.
void health_rules::note_failed(const std::string& agent, protocol::id work) {
  if (const auto it = works_.find(work); it != works_.end()) {
    it->second.is_bad = it->second.is_bad || it->second.agent != agent;
    return;
  }
  if (works_order_.size() >= works_max) {
    works_.erase(works_order_.front());
    works_order_.pop_front();
  }
  works_order_.push_back(work);
  works_.emplace(work, failed_work{agent, false});
}

health_window::blame health_rules::bad_works() const {
  return [this](protocol::id work) {
    const auto it = works_.find(work);
    return it != works_.end() && it->second.is_bad;
  };
}

void health_rules::suspect(const std::string& agent, const watch& it,
                           instant now) {
  if (it.state == condition::well
      && it.window.sickness_at(now, limits_, bad_works()) != sickness::none)
    suspects_.insert(agent);
}

void health_rules::try_out(const std::string& agent, watch& it, bool is_good,
                           instant now) {
  ++(is_good ? it.good : it.bad);
  if (it.bad >= limits_.trials_bad)
    return replace(agent, it, now,
                   std::to_string(it.bad) + " of its "
                       + std::to_string(it.bad + it.good)
                       + " trials went wrong");
  if (it.good < limits_.trials_good)
    return;
  change(agent, it, condition::well, now,
         std::to_string(it.good) + " trials went well");
  it.window.begin_life(now);
}

bool health_rules::has_free_trial(const watch& it, instant now) const {
  return it.open + it.promised < limits_.trials
         || now - it.heard > limits_.trial_max;
}

std::uint32_t health_rules::rank_of(const watch& it, instant now) const {
  switch (it.state) {
  case condition::well:
    break;
  case condition::probation:
    return has_free_trial(it, now) ? 0 : 1;
  case condition::replaced:
    return 2;
  case condition::drained:
  case condition::restarted:
    return 3;
  }
  return 0;
}

std::size_t health_rules::choose(std::span<const std::string> agents,
                                 instant now) {
  std::size_t best = 0;
  std::uint32_t least = 4;
  for (std::size_t i = 0; i < agents.size() && least > 0; ++i) {
    const auto* it = find(agents[i]);
    const auto rank = it == nullptr ? 0 : rank_of(*it, now);
    if (rank < least) {
      least = rank;
      best = i;
    }
  }
  if (least > 0 || agents.empty())
    return best;
  const auto chosen = watched_.find(agents[best]);
  if (chosen == watched_.end() || chosen->second.state != condition::probation)
    return best;
  auto& it = chosen->second;
  if (it.open + it.promised >= limits_.trials) // nobody has heard of them
    it.open = it.promised = 0;
  ++it.promised;
  it.heard = now;
  return best;
}

bool health_rules::may_be_given(const std::string& agent) const {
  return rank_of(agent) < 3;
}

std::uint32_t health_rules::rank_of(const std::string& agent) const {
  const auto* it = find(agent);
  if (it == nullptr || it->state == condition::probation)
    return 0;
  return rank_of(*it, {});
}

std::uint32_t health_rules::restarts_of(const std::string& agent) const {
  const auto* it = find(agent);
  return it == nullptr ? 0 : it->restarts;
}

std::vector<protocol::agent_health> health_rules::unwell(instant now) const {
  std::vector<protocol::agent_health> all;
  for (const auto& name : unwell_) {
    const auto& it = watched_.at(name);
    all.push_back({name, it.state, it.since, it.cause, it.restarts,
                   it.window.figures_at(now, limits_, bad_works())});
  }
  return all;
}

} // namespace troupe::actors
