#include "health_window.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::duration;
using protocol::errc;
using protocol::health_figures;
using protocol::instant;
using protocol::sickness;

namespace {

constexpr std::size_t earlier_max = 64;

duration median(std::vector<duration> times) {
  if (times.empty())
    return {};
  const auto middle =
      times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

template <class T>
void add_bounded(std::vector<T>& to, T it, std::size_t most) {
  if (to.size() >= most)
    to.erase(to.begin());
  to.push_back(std::move(it));
}

/// Failures over one work are one: it is tried again and again.
template <class Entries>
void count(const Entries& entries, instant since,
           const health_window::blame& is_bad_work, std::uint32_t& all,
           std::uint32_t& bad) {
  std::vector<protocol::id> seen;
  for (const auto& it : entries) {
    if (it.at < since)
      continue;
    if (!it.is_good && it.work) {
      if (is_bad_work(it.work)
          || std::find(seen.begin(), seen.end(), it.work) != seen.end())
        continue;
      seen.push_back(it.work);
    }
    ++all;
    bad += it.is_good ? 0 : 1;
  }
}

bool is_beyond(std::uint32_t bad, std::uint32_t all, std::uint32_t permille,
               std::uint32_t count_min) {
  return all >= count_min
         && std::uint64_t{bad} * 1'000 >= std::uint64_t{permille} * all;
}

} // namespace

bool is_fault_of_agent(errc code) noexcept {
  switch (code) {
  case errc::agent_failed: // its code or its answer
  case errc::unreachable:  // it is gone
    return true;
  default: // the input's, the money's, the provider's, the asker's, a tool's
    return false;
  }
}

duration health_window::slow_bound(const health_limits& limits) const {
  if (earlier_.size() < limits.count_min)
    return limits.slow_floor;
  // Divided first: no time of a task comes near the limit of the product.
  const auto bound = median(earlier_) / 1'000 * limits.slow_permille;
  return std::max<duration>(bound, limits.slow_floor);
}

health_window::verdict health_window::add(const agent_outcome& how, instant now,
                                          bool is_calm,
                                          const health_limits& limits) {
  if (how.begun < life_)
    return verdict::nothing; // an earlier life's
  calls_models_ = calls_models_ || how.called_models;
  const auto took = now - how.begun;
  const bool is_slow = took > slow_bound(limits);
  if (!how.failure) {
    const bool knows_usual = earlier_.size() >= limits.count_min;
    if (!how.called_models)
      add_time(took, is_calm, limits);
    add_bounded(outcomes_, {now, true, {}}, limits.window);
    return !how.called_models && knows_usual && is_slow ? verdict::bad
                                                        : verdict::good;
  }
  // Who calls models waits for them, and its time was up before theirs.
  const bool is_fault = *how.failure == errc::deadline_exceeded
                            ? is_slow && !calls_models_
                            : is_fault_of_agent(*how.failure);
  if (!is_fault)
    return verdict::nothing;
  add_bounded(outcomes_, {now, false, how.work}, limits.window);
  return verdict::bad;
}

void health_window::add_time(duration took, bool is_calm,
                             const health_limits& limits) {
  const auto bound = slow_bound(limits);
  const bool knows_usual = earlier_.size() >= limits.count_min;
  if (latest_.size() >= limits.count_min) {
    const auto oldest = latest_.front();
    latest_.erase(latest_.begin());
    if (!is_calm || !knows_usual || oldest <= bound)
      add_bounded(earlier_, oldest, earlier_max);
  }
  latest_.push_back(took);
}

void health_window::add_judged(bool passed, protocol::id work, instant now,
                               const health_limits& limits) {
  add_bounded(judged_, {now, passed, work}, limits.window);
}

health_figures health_window::figures_at(instant now,
                                         const health_limits& limits,
                                         const blame& is_bad_work) const {
  health_figures it;
  const auto since = now - limits.age_max;
  count(outcomes_, since, is_bad_work, it.outcomes, it.failed);
  count(judged_, since, is_bad_work, it.judged, it.refused);
  it.latency = median(latest_);
  if (earlier_.size() >= limits.count_min)
    it.usual = median(earlier_);
  return it;
}

sickness health_window::sickness_at(instant now, const health_limits& limits,
                                    const blame& is_bad_work) const {
  const auto it = figures_at(now, limits, is_bad_work);
  if (is_beyond(it.failed, it.outcomes, limits.failures_permille,
                limits.count_min))
    return sickness::errors;
  if (is_beyond(it.refused, it.judged, limits.gates_permille, limits.count_min))
    return sickness::gates;
  if (it.usual > duration{} && latest_.size() >= limits.count_min
      && it.latency > slow_bound(limits))
    return sickness::latency;
  return sickness::none;
}

void health_window::begin_life(instant now) {
  life_ = now;
  outcomes_.clear();
  judged_.clear();
  latest_.clear();
}

} // namespace troupe::actors
