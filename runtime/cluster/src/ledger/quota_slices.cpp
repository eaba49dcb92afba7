// The part of quota_rules that asks for slices and gives them back.
#include "ledger/quota_rules.hpp"

#include <algorithm>

namespace troupe::cluster {

using protocol::errc;
using protocol::instant;
using protocol::money;
using protocol::settlement;

namespace {

constexpr std::size_t asks_max = 64; ///< On their way for one pool.

} // namespace

/// Asks for a slice where calls wait, or will soon.
void quota_rules::want(pools::iterator at, instant now) {
  auto& it = at->second;
  const bool is_single = at->first.is_one_by_one;
  const auto most = is_single ? std::min(it.line.size(), asks_max) : 1;
  if (it.asks >= most || it.is_looking || is_closing_ || now < it.ask_after)
    return;
  if (is_single) {
    while (it.asks < most) {
      const auto& need = it.line[it.asks].need;
      ++it.asks;
      ask(at, need, {}, now);
    }
    return;
  }
  slice_sums free;
  for (const auto& id : it.slices)
    if (const auto& one = slices_.at(id); pays(one, now))
      free = free + free_of(one);
  const bool is_ahead = it.line.empty();
  if (is_ahead
      && (now < it.ahead_after || now > it.used + limits_.pause
          || it.need == slice_sums{}
          || free.covers(times(it.need, std::max(it.calls / 4, 1U)))))
    return;
  // For half a lease, as fast as the last one was used up.
  const auto use = limits_.lease / 2;
  if (it.last_ask != instant{} && now - it.last_ask < use / 4)
    it.calls = std::min(it.calls * 2, limits_.calls_max);
  else if (it.last_ask != instant{} && now - it.last_ask > use)
    it.calls = std::max(it.calls / 2, 1U);
  it.last_ask = now;
  auto next = is_ahead ? call_need{it.need, it.need} : it.line.front().need;
  auto wanted = times(next.most, it.calls);
  slice_sums sum;
  for (const auto& one : it.line)
    sum = sum + one.need.most;
  wanted = most_of(wanted, sum);
  if (it.left != money::max())
    wanted.amount =
        std::min(wanted.amount, money{it.left.nano_usd / limits_.share});
  next.most = most_of(wanted, next.most);
  next.lease = {};
  ++it.asks;
  ask(at, next, {}, now);
}

void quota_rules::ask(pools::iterator at, const call_need& what,
                      std::vector<protocol::id> moves, instant now) {
  const auto id = ids_.next(now);
  auto& it = slices_[id];
  it.at = at;
  it.asked = what.most;
  it.least = what.least;
  it.lease = std::max(limits_.lease, what.lease);
  it.until = now + it.lease; // it is granted later than now
  it.used = now;
  it.moves = std::move(moves);
  at->second.slices.insert(id);
  ++asked_;
  say(id, it);
}

void quota_rules::say(const protocol::id& which, slice& it) {
  it.again = instant::max();
  ++it.tries;
  if (it.now == phase::asked)
    return steps_.asks.push_back(
        {which, it.at->first, it.asked, it.least, it.lease});
  protocol::settle_budget how{which, it.outcome, it.spent.amount,
                              it.spent.tokens};
  // Only what one call has ended as, and all of it, is said as it is.
  if (!it.at->first.is_one_by_one
      || (it.outcome == settlement::unknown && it.spent != it.most))
    how.outcome =
        it.spent == slice_sums{} ? settlement::released : settlement::billed;
  if (how.outcome != settlement::billed) {
    how.actual = {};
    how.tokens = 0;
  }
  steps_.ends.push_back(how);
}

void quota_rules::granted(protocol::id which, const slice_sums& what,
                          instant until, instant now) {
  const auto found = slices_.find(which);
  if (found == slices_.end() || found->second.now != phase::asked)
    return;
  auto& it = found->second;
  it.now = phase::open;
  it.tries = 0;
  it.most = what;
  it.time_until = until;
  it.used = now;
  auto& by = it.at->second;
  if (it.moves.empty()) {
    --by.asks;
    by.why.reset();
    by.refused = {};
  } else
    move_calls(found, now);
  it.is_closed = is_closing_;
  serve(by, false, now);
  if (what != it.asked) // that was all
    serve(by, true, now);
  const auto at = it.at;
  end_if_over(found, now);
  want(at, now);
}

/// What calls hold in older slices is held in a new one from now on.
void quota_rules::move_calls(slices_map::iterator to, instant now) {
  for (const auto& id : std::exchange(to->second.moves, {})) {
    const auto from = slices_.find(id);
    if (from == slices_.end())
      continue;
    auto& old = from->second;
    old.is_moving = false;
    old.is_closed = true;
    for (auto it = old.calls.begin(); it != old.calls.end();) {
      const auto call = *it++;
      auto& paid = calls_.at(call);
      if (!free_of(to->second).covers(paid.what))
        continue; // it stays; it counts there all the same
      paid.by = to->first;
      old.held = old.held - paid.what;
      to->second.held = to->second.held + paid.what;
      to->second.was_called = true;
      to->second.calls.insert(call);
      old.calls.erase(call);
    }
    end_if_over(from, now);
  }
}

void quota_rules::refused(protocol::id which, const protocol::error& why,
                          instant now) {
  const auto found = slices_.find(which);
  if (found == slices_.end() || found->second.now != phase::asked)
    return;
  auto& it = found->second;
  auto& by = it.at->second;
  const auto at = it.at;
  for (const auto& id : it.moves)
    if (const auto old = slices_.find(id); old != slices_.end()) {
      old->second.is_moving = false;
      old->second.move_after = now + limits_.lease / 8;
    }
  const bool is_for_calls = it.moves.empty();
  const auto least = it.least;
  // Granted unseen, and over: those who wait ask again under another id.
  const bool was_missed =
      it.tries > 1 && why.code == protocol::errc::invalid_request;
  if (it.tries > 1) { // an earlier one may have been granted, or will be yet
    it.now = phase::ending;
    it.outcome = settlement::released;
    it.again = now + limits_.stray;
  } else {
    by.slices.erase(which);
    slices_.erase(found);
  }
  if (!is_for_calls)
    return;
  --by.asks;
  by.why = why;
  by.ahead_after = now + limits_.pause * 2;
  if (was_missed)
    return;
  if (why.code != errc::budget_exhausted)
    return refuse(by, {}, why);
  serve(by, true, now);
  give_back_idle(now);
  if (by.line.empty()) {
    by.refused = {};
    return;
  }
  if (by.refused == instant{})
    by.refused = now;
  by.is_looking = true;
  steps_.looks.push_back({at->first, least});
}

void quota_rules::failed(protocol::id which, const protocol::error& why,
                         instant now) {
  const auto found = slices_.find(which);
  if (found == slices_.end() || found->second.now == phase::open)
    return;
  if (found->second.now == phase::asked && found->second.moves.empty())
    found->second.at->second.why = protocol::fail(
        errc::unreachable, "the shared ledger does not answer: " + why.detail);
  if (found->second.again == instant::max())
    found->second.again = now + limits_.pause;
}

void quota_rules::ended(protocol::id which, std::optional<money> left) {
  const auto found = slices_.find(which);
  if (found == slices_.end() || found->second.now != phase::ending)
    return;
  auto& by = found->second.at->second;
  if (left)
    by.left = *left;
  by.slices.erase(which);
  slices_.erase(found);
}

void quota_rules::end_if_over(slices_map::iterator it, instant now) {
  auto& one = it->second;
  if (one.now != phase::open || !one.calls.empty())
    return;
  const bool is_used_up = one.was_called && one.at->first.is_one_by_one;
  if (one.is_closed || is_used_up || now >= one.until - limits_.margin
      || now - one.used >= limits_.idle)
    end(it);
}

void quota_rules::end(slices_map::iterator it) {
  auto& one = it->second;
  auto& by = one.at->second;
  if (!times(one.spent, 4).covers(one.most) && !one.at->first.is_one_by_one)
    by.calls = std::max(by.calls / 2, 1U); // most of it was of no use
  one.now = phase::ending;
  one.tries = 0;
  say(it->first, one);
}

void quota_rules::give_back_idle(instant now) {
  for (auto it = slices_.begin(); it != slices_.end();) {
    const auto here = it++;
    if (here->second.now == phase::open && here->second.calls.empty()
        && here->second.used < now)
      end(here);
  }
}

void quota_rules::look_at(slices_map::iterator it, instant now) {
  if (it->second.now == phase::open)
    end_if_over(it, now);
  else if (it->second.again <= now)
    say(it->first, it->second);
}

/// Calls whose slice will end before them, or that keep much of one from
/// others, are moved to one of their size.
void quota_rules::move_late(pools::iterator at, instant now) {
  if (is_closing_ || at->first.is_one_by_one
      || slices_.size() >= limits_.slices_max)
    return;
  std::vector<protocol::id> all;
  slice_sums held;
  for (const auto& id : at->second.slices) {
    auto& it = slices_.at(id);
    if (it.now != phase::open || it.calls.empty() || it.is_moving
        || now < it.move_after)
      continue;
    const bool is_late = now >= it.until - limits_.lease / 2;
    const bool is_idle =
        now - it.used >= limits_.idle && free_of(it).covers(it.held);
    if (!is_late && !is_idle)
      continue;
    it.is_moving = true;
    held = held + it.held;
    all.push_back(id);
  }
  if (!all.empty())
    ask(at, {held, held}, std::move(all), now);
}

} // namespace troupe::cluster
