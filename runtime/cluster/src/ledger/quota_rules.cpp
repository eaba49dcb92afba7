#include "ledger/quota_rules.hpp"

#include <algorithm>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::settlement;

namespace {

protocol::error nobody_leads() {
  return fail(errc::unreachable, "the shared ledger has not answered in time; "
                                 "nothing was spent");
}

slice_sums billed_of(const protocol::settle_budget& how,
                     const slice_sums& held) noexcept {
  switch (how.outcome) {
  case settlement::unknown:
    return held;
  case settlement::released:
    return {};
  default:
    return {how.actual, how.tokens};
  }
}

} // namespace

void quota_rules::take(std::uint64_t call, const shared_accounts& by,
                       const call_need& need, instant now) {
  if (is_closing_)
    return steps_.paid.push_back(
        {call, fail(errc::unreachable, "this node takes no calls any more")});
  if (waiting_ >= limits_.waiting_max || slices_.size() >= limits_.slices_max
      || pools_.size() >= limits_.pools_max)
    return steps_.paid.push_back(
        {call, fail(errc::overloaded, "too many calls wait for money of the "
                                      "shared ledger")});
  const auto at = pools_.try_emplace(by).first;
  auto& it = at->second;
  if (it.calls == 0)
    it.calls = limits_.calls_first;
  it.need = need.most;
  it.used = now;
  auto until = now + limits_.patience;
  if (need.deadline != instant{})
    until = std::min(until, need.deadline);
  waiter next{call, need, until};
  if (!it.line.empty() || !pay(it, next, false, now)) {
    it.line.push_back(std::move(next));
    ++waiting_;
  }
  want(at, now);
}

slice_sums quota_rules::free_of(const slice& it) const noexcept {
  return it.most - (it.held + it.spent);
}

bool quota_rules::pays(const slice& it, instant now) const {
  return it.now == phase::open && !it.is_closed
         && now < it.until - limits_.margin
         && (!it.at->first.is_one_by_one || !it.was_called);
}

/// From the oldest slice that can, so that few are open.
bool quota_rules::pay(pool& by, const waiter& it, bool also_less, instant now) {
  for (const auto& id : by.slices) {
    auto& from = slices_.at(id);
    if (!pays(from, now))
      continue;
    const auto free = free_of(from);
    if (!free.covers(also_less ? it.need.least : it.need.most))
      continue;
    const auto what = least_of(free, it.need.most);
    from.held = from.held + what;
    from.calls.insert(it.call);
    from.was_called = true;
    from.used = now;
    const auto lease = it.need.lease > protocol::duration{}
                           ? it.need.lease
                           : limits_.call_lease;
    calls_[it.call] = {id, what, now + lease};
    leases_.emplace(now + lease, it.call);
    steps_.paid.push_back({it.call, what, from.time_until});
    return true;
  }
  return false;
}

/// Those who wait longest come first; nobody overtakes.
void quota_rules::serve(pool& it, bool also_less, instant now) {
  while (!it.line.empty() && pay(it, it.line.front(), also_less, now)) {
    it.line.pop_front();
    --waiting_;
  }
}

/// All that want as much, or more.
void quota_rules::refuse(pool& it, const slice_sums& least,
                         const protocol::error& why) {
  std::erase_if(it.line, [&](const waiter& one) {
    if (!one.need.least.covers(least))
      return false;
    steps_.paid.push_back({one.call, why});
    --waiting_;
    return true;
  });
}

void quota_rules::end_waits(pool& it, instant now) {
  std::erase_if(it.line, [&](const waiter& one) {
    if (one.until > now)
      return false;
    steps_.paid.push_back({one.call, it.why.value_or(nobody_leads())});
    --waiting_;
    return true;
  });
}

void quota_rules::settle(std::uint64_t call, const protocol::settle_budget& how,
                         instant now) {
  const auto found = calls_.find(call);
  if (found != calls_.end())
    end_call(call, billed_of(how, found->second.what), how.outcome, now);
}

void quota_rules::end_call(std::uint64_t call, const slice_sums& spent,
                           settlement how, instant now) {
  const auto found = calls_.find(call);
  const auto it = slices_.find(found->second.by);
  auto& from = it->second;
  leases_.erase({found->second.until, call});
  from.held = from.held - found->second.what;
  from.spent = from.spent + spent;
  from.calls.erase(call);
  from.outcome = how;
  from.used = now;
  calls_.erase(found);
  const auto at = from.at;
  serve(at->second, false, now);
  end_if_over(it, now);
}

void quota_rules::looked(const slice_look& what, bool may_be_freed,
                         instant now) {
  const auto at = pools_.find(what.at);
  if (at == pools_.end())
    return;
  auto& it = at->second;
  it.is_looking = false;
  it.ask_after = now + limits_.pause;
  // What is idle has come back by then; the rest is held by calls.
  const bool is_over = now - it.refused >= limits_.idle + limits_.pause * 4;
  if ((may_be_freed && !is_over) || !it.why)
    return;
  it.refused = {};
  refuse(it, what.least, *it.why);
}

void quota_rules::tick(instant now) {
  while (!leases_.empty() && leases_.begin()->first <= now) {
    const auto call = leases_.begin()->second;
    end_call(call, calls_.at(call).what, settlement::unknown, now);
  }
  for (auto it = slices_.begin(); it != slices_.end();)
    look_at(it++, now);
  for (auto at = pools_.begin(); at != pools_.end();) {
    end_waits(at->second, now);
    want(at, now);
    move_late(at, now);
    const auto here = at++;
    if (here->second.slices.empty() && here->second.line.empty()
        && here->second.last_ask + limits_.call_lease < now)
      pools_.erase(here);
  }
}

void quota_rules::close(instant now) {
  is_closing_ = true;
  for (auto& [accounts, it] : pools_)
    refuse(it, {}, fail(errc::unreachable, "this node ends"));
  for (auto it = slices_.begin(); it != slices_.end();) {
    const auto here = it++;
    here->second.is_closed = true;
    end_if_over(here, now);
  }
}

} // namespace troupe::cluster
