#include "ledger_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// What is open follows in entries of its own.
kept_account without_open(const ledger_account& it) {
  auto kept = it.kept();
  kept.state.reserved = {};
  kept.state.tokens_reserved = 0;
  kept.state.open_reservations = 0;
  return kept;
}

} // namespace

std::vector<ledger_entry> ledger_rules::snapshot() const {
  std::vector<ledger_entry> all;
  const auto add = [&](auto what) {
    all.push_back({now_, std::move(what)});
  };
  const auto& account = [this](index i) -> const protocol::account_state& {
    return accounts_[i].account.state();
  };
  const auto asked_for = [&](const hold& held) {
    protocol::reserve_budget what;
    what.account = account(held.account).path;
    what.amount = held.what.amount;
    what.tokens = held.what.tokens;
    for (const auto tag : held.tags)
      what.tags.push_back(account(tag).path);
    return what;
  };
  for (const auto path : paths_) // those above come first
    if (const auto* it = find(path); !it->state().is_closed)
      add(without_open(*it));
  // Closed ones last, in the order in which they will be forgotten.
  for (const auto& path : closed_)
    if (const auto* it = find(path); it != nullptr)
      add(without_open(*it));
  for (const auto reservation : settled_order_) {
    const auto& at = settled_.at(reservation);
    if (accounts_[at.account].times != at.times)
      continue;
    protocol::reserve_budget what;
    what.account = account(at.account).path;
    add(kept_reservation{reservation, kept_kind::settled, what, {}});
  }
  for (const auto reservation : unknown_order_) {
    const auto found = unknown_.find(reservation);
    if (found == unknown_.end())
      continue;
    const auto& held = found->second;
    add(kept_reservation{reservation, kept_kind::unknown, asked_for(held),
                         held.until});
  }
  for (const auto& [reservation, held] : open_) { // not unknown yet: no time
    auto what = asked_for(held);
    if (held.until != protocol::instant{})
      what.lease = std::max(held.until - now_, protocol::duration{1});
    add(kept_reservation{reservation, kept_kind::unknown, std::move(what), {}});
  }
  return all;
}

result<void> ledger_rules::put_back(const kept_account& it) {
  const auto which = find_or_add(it.state.path);
  if (!which)
    return which.error();
  if (it.state.reserved != protocol::money{} || it.state.open_reservations != 0)
    return fail(errc::invalid_request, "an account is kept with reservations");
  accounts_[*which].account = ledger_account{it};
  if (it.state.is_closed)
    closed_.push_back(it.state.path);
  return {};
}

result<void> ledger_rules::put_back(const kept_reservation& it) {
  auto held = hold_for(it.what);
  if (!held)
    return held.error();
  if (it.kind == kept_kind::settled) {
    remember(it.reservation, held->account);
    return {};
  }
  if (it.at == protocol::instant{}) { // it is open: whatever the limits are
    if (it.what.lease > protocol::duration{})
      held->until = now_ + it.what.lease;
    grant(it.reservation, std::move(*held), {});
    return {};
  }
  keep_unknown(it.reservation, std::move(*held));
  unknown_.at(it.reservation).until = it.at;
  return {};
}

} // namespace troupe::actors
