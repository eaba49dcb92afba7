#include "ledger_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::account_state;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::money;
using protocol::result;
using protocol::settlement;

namespace {

constexpr std::size_t alarms_max = 8;
constexpr std::size_t tags_max = 8;

/// Null: it may be opened so.
std::optional<protocol::error> why_bad(const protocol::open_account& what) {
  const auto bad = [](const char* why) {
    return fail(errc::invalid_request, why);
  };
  if (what.limit < money{})
    return bad("a limit cannot be negative");
  if (what.time_max < protocol::duration{})
    return bad("a limit of time cannot be negative");
  if (what.is_rolling && what.window == protocol::budget_window::life)
    return bad("a window that rolls has a length: hour, day, week or month");
  if (what.is_rolling && what.time_max != protocol::duration{})
    return bad("a limit of time needs a window that does not roll");
  if (what.alarms.size() > alarms_max
      || !std::is_sorted(what.alarms.begin(), what.alarms.end())
      || std::any_of(what.alarms.begin(), what.alarms.end(),
                     [](auto it) { return it == 0 || it > 100; }))
    return bad("alarms are at most 8 rising percentages from 1 to 100");
  return std::nullopt;
}

/// What is at least of use to who asks.
held_amounts least_of(const protocol::reserve_budget& what) {
  if (!what.amount_min)
    return {what.amount, what.tokens};
  return {std::min(*what.amount_min, what.amount),
          std::min(what.tokens_min, what.tokens)};
}

} // namespace

template <class Each>
void ledger_rules::each_level(const hold& held, Each each) {
  if (held.tags.empty())
    for (auto i = held.account; i != none; i = accounts_[i].parent)
      each(accounts_[i]);
  else
    for (const auto i : levels_of(held))
      each(accounts_[i]);
}

result<account_state> ledger_rules::open(const protocol::open_account& what,
                                         instant now) {
  if (auto why = why_bad(what))
    return std::move(*why);
  const auto which = find_or_add(what.path);
  if (!which)
    return which.error();
  pass_to(now);
  auto& it = accounts_[*which].account;
  it.roll(now_);
  if (it.state().is_closed)
    std::erase(closed_, what.path);
  it.open(what, now_);
  return it.state();
}

result<protocol::budget_reserved>
ledger_rules::reserve(const protocol::reserve_budget& what,
                      protocol::id reservation, instant now) {
  if (what.amount < money{} || what.amount_min.value_or(money{}) < money{}
      || what.lease < protocol::duration{})
    return fail(errc::invalid_request, "an amount cannot be negative");
  if (open_.size() >= limits_.open_reservations_max)
    return fail(errc::limit_exceeded, "too many open reservations");
  if (open_.count(reservation) != 0 || settled_.count(reservation) != 0)
    return fail(errc::invalid_request, "the reservation exists already");
  auto held = hold_for(what);
  if (!held)
    return held.error();
  pass_to(now);
  const auto least = least_of(what);
  std::string refusal; // the topmost is found last
  auto left = money::max();
  each_level(*held, [&](node& it) {
    it.account.roll(now_);
    if (auto why = it.account.why_not(least, now_); !why.empty()) {
      refusal = std::move(why);
      if (!it.account.why_not({}, now_).empty())
        left = {};
    }
    left = std::min(left, it.account.state().left());
    held->what.tokens = std::min(held->what.tokens, it.account.tokens_left());
  });
  if (!refusal.empty()) {
    auto why = fail(errc::budget_exhausted, std::move(refusal));
    why.affordable = left.nano_usd;
    return why;
  }
  held->what.amount = std::min(held->what.amount, left);
  if (what.lease > protocol::duration{})
    held->until = now_ + what.lease;
  return grant(reservation, std::move(*held), now_);
}

protocol::budget_reserved ledger_rules::grant(protocol::id reservation,
                                              hold what, instant first) {
  if (what.until != instant{})
    leases_.emplace(what.until, reservation);
  const auto& it = open_.emplace(reservation, std::move(what)).first->second;
  auto until = instant::max();
  each_level(it, [&](node& level) {
    level.account.hold(it.what, first);
    until = std::min(until, level.account.until());
  });
  return {reservation, it.what.amount, it.what.tokens,
          until == instant::max() ? instant{} : until};
}

result<ledger_rules::settled>
ledger_rules::settle(const protocol::settle_budget& what, instant now) {
  if (what.actual < money{})
    return fail(errc::invalid_request, "a bill cannot be negative");
  const auto found = open_.find(what.reservation);
  if (found == open_.end()) {
    const auto lost = unknown_.find(what.reservation);
    if (lost != unknown_.end() && what.outcome != settlement::unknown) {
      pass_to(now);
      auto held = std::move(lost->second);
      unknown_.erase(lost);
      return put_right(what, std::move(held));
    }
    const auto old = settled_.find(what.reservation);
    if (old == settled_.end()
        || accounts_[old->second.account].times != old->second.times)
      return fail(errc::invalid_request, "no such reservation");
    return settled{accounts_[old->second.account].account.state()};
  }
  pass_to(now);
  auto held = std::move(found->second);
  open_.erase(found);
  if (held.until != instant{})
    leases_.erase({held.until, what.reservation});
  remember(what.reservation, held.account);
  const auto bill = bill_of(what, held.what);
  settled told;
  each_level(held, [&](node& level) {
    auto& it = level.account;
    it.roll(now_);
    it.settle(held.what, bill, now_);
    while (const auto percent = it.take_alarm())
      told.alarms.push_back({it.state(), percent});
  });
  auto& owner = accounts_[held.account].account;
  told.froze = bill.amount > held.what.amount && !owner.state().is_frozen;
  if (told.froze)
    owner.freeze();
  told.account = owner.state();
  told.is_new = true;
  if (bill.outcome == settlement::unknown)
    keep_unknown(what.reservation, std::move(held));
  return told;
}

ledger_rules::settled
ledger_rules::put_right(const protocol::settle_budget& what, hold held) {
  change_unknown(held, false);
  const auto bill = bill_of(what, held.what);
  each_level(held, [&](node& level) {
    level.account.roll(now_);
    level.account.put_right(held.what, bill, held.until);
  });
  auto& owner = accounts_[held.account].account;
  settled told;
  told.froze = bill.amount > held.what.amount && !owner.state().is_frozen;
  if (told.froze)
    owner.freeze();
  told.account = owner.state();
  told.is_new = true;
  return told;
}

void ledger_rules::keep_unknown(protocol::id reservation, hold held) {
  held.until = now_;
  change_unknown(held, true);
  unknown_.emplace(reservation, std::move(held));
  unknown_order_.push_back(reservation);
  while (unknown_order_.size() > limits_.unknown_remembered) {
    const auto oldest = unknown_.find(unknown_order_.front());
    unknown_order_.pop_front();
    if (oldest == unknown_.end())
      continue;
    change_unknown(oldest->second, false);
    unknown_.erase(oldest);
  }
}

void ledger_rules::change_unknown(const hold& it, bool is_more) {
  each_level(it,
             [&](node& level) { is_more ? ++level.unknown : --level.unknown; });
}

result<ledger_rules::hold>
ledger_rules::hold_for(const protocol::reserve_budget& what) {
  if (what.tags.size() > tags_max)
    return fail(errc::invalid_request, "a call has at most 8 tags");
  const auto owner = find_or_add(what.account);
  if (!owner)
    return owner.error();
  hold it{*owner, {what.amount, what.tokens}, {}, {}};
  for (const auto& tag : what.tags) {
    const auto also = find_or_add(tag);
    if (!also)
      return also.error();
    it.tags.push_back(*also);
  }
  return it;
}

std::vector<ledger_rules::index>
ledger_rules::levels_of(const hold& held) const {
  std::vector<index> all;
  const auto add_from = [&](index leaf) {
    for (auto i = leaf; i != none; i = accounts_[i].parent)
      if (std::find(all.begin(), all.end(), i) == all.end())
        all.push_back(i);
  };
  add_from(held.account);
  for (const auto tag : held.tags)
    add_from(tag);
  return all;
}

void ledger_rules::remember(protocol::id reservation, index owner) {
  settled_.emplace(reservation, place{owner, accounts_[owner].times});
  settled_order_.push_back(reservation);
  if (settled_order_.size() > limits_.settled_remembered) {
    settled_.erase(settled_order_.front());
    settled_order_.pop_front();
  }
}

result<void> ledger_rules::apply(const ledger_entry& it) {
  const auto outcome = [](const auto& done) {
    return done ? result<void>{} : result<void>{done.error()};
  };
  if (const auto* opened = std::get_if<protocol::open_account>(&it.what))
    return outcome(open(*opened, it.at));
  if (const auto* held = std::get_if<held_budget>(&it.what))
    return outcome(reserve(held->what, held->reservation, it.at));
  if (const auto* closed = std::get_if<protocol::close_account>(&it.what))
    return outcome(close(*closed, it.at));
  pass_to(it.at);
  if (const auto* account = std::get_if<kept_account>(&it.what))
    return put_back(*account);
  if (const auto* ended = std::get_if<kept_reservation>(&it.what))
    return put_back(*ended);
  return outcome(settle(std::get<protocol::settle_budget>(it.what), it.at));
}

} // namespace troupe::actors
