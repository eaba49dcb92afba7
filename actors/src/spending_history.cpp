#include "spending_history.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::instant;
using protocol::money;

spent_sums& spent_sums::operator+=(const spent_sums& other) noexcept {
  spent += other.spent;
  unknown += other.unknown;
  tokens += other.tokens;
  calls += other.calls;
  return *this;
}

std::int64_t spending_history::step_of(instant at) const noexcept {
  return at.time_since_epoch() / step_;
}

void spending_history::make_room(std::int64_t newest) {
  constexpr auto most = static_cast<std::int64_t>(steps_max);
  if (policy_ == when_full::drop) {
    while (!entries_.empty() && entries_.front().step <= newest - most)
      entries_.pop_front();
    return;
  }
  while (!entries_.empty() && newest - entries_.front().step >= most) {
    std::deque<entry> coarser; // bounded by the entries before
    for (const auto& it : entries_) {
      if (coarser.empty() || coarser.back().step != it.step / 2)
        coarser.push_back({it.step / 2, {}});
      coarser.back().sums += it.sums;
    }
    entries_ = std::move(coarser);
    step_ *= 2;
    newest /= 2;
  }
}

void spending_history::add(const spent_sums& what, instant at) {
  first_ = std::min(first_, at);
  make_room(step_of(at));
  const auto step = step_of(at);
  if (entries_.empty() || entries_.back().step < step)
    entries_.push_back({step, {}});
  entries_.back().sums += what;
}

bool spending_history::correct(const spent_sums& what, instant at) {
  const auto step = step_of(at);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](auto& it) { return it.step == step; });
  if (found == entries_.end())
    return false;
  found->sums += what;
  return true;
}

spent_sums spending_history::drop_until(instant limit) {
  spent_sums dropped;
  while (!entries_.empty()
         && instant{(entries_.front().step + 1) * step_} <= limit) {
    dropped += entries_.front().sums;
    entries_.pop_front();
  }
  return dropped;
}

std::vector<kept_step> spending_history::kept() const {
  std::vector<kept_step> all;
  all.reserve(entries_.size());
  for (const auto& it : entries_)
    all.push_back({it.step, it.sums.spent, it.sums.unknown, it.sums.tokens,
                   it.sums.calls});
  return all;
}

void spending_history::put_back(const std::vector<kept_step>& steps,
                                instant first) {
  first_ = first;
  for (const auto& it : steps)
    entries_.push_back(
        {it.number, {it.spent, it.unknown, it.tokens, it.calls}});
}

std::vector<money> spending_history::whole_steps(instant now) const {
  if (entries_.empty())
    return {};
  const auto end = step_of(now); // has not ended
  const auto begun = step_of(first_);
  const auto first = std::max(
      {entries_.front().step, end - static_cast<std::int64_t>(steps_max),
       begun + (instant{begun * step_} == first_ ? 0 : 1)});
  if (end <= first)
    return {};
  std::vector<money> all(static_cast<std::size_t>(end - first));
  for (const auto& it : entries_)
    if (it.step >= first && it.step < end)
      all[static_cast<std::size_t>(it.step - first)] += it.sums.spent;
  return all;
}

} // namespace troupe::actors
