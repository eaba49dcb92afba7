#include "ledger_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::money;
using protocol::result;

namespace {

constexpr std::size_t path_bytes_max = 512;
constexpr std::ptrdiff_t levels_max = 8;

bool is_good_path(std::string_view path) {
  const auto levels = std::count(path.begin(), path.end(), '/') + 1;
  return !path.empty() && path.size() <= path_bytes_max && path.front() != '/'
         && path.back() != '/' && levels <= levels_max
         && path.find("//") == std::string_view::npos;
}

} // namespace

result<std::uint32_t> ledger_rules::find_or_add(const std::string& path) {
  if (const auto known = by_path_.find(path); known != by_path_.end())
    return known->second;
  if (!is_good_path(path))
    return fail(errc::invalid_request,
                "an account's path is 1 to 8 names joined by '/'");
  if (accounts_.size() + levels_max > limits_.accounts_max)
    return fail(errc::limit_exceeded, "the ledger holds its most accounts");
  auto parent = none;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    auto prefix = path.substr(0, end);
    const auto known = by_path_.find(prefix);
    parent = known != by_path_.end() ? known->second
                                     : add(std::move(prefix), parent);
  }
  return parent;
}

std::uint32_t ledger_rules::add(std::string path, std::uint32_t parent) {
  const auto index = static_cast<std::uint32_t>(accounts_.size());
  by_path_.emplace(path, index);
  accounts_.emplace_back();
  accounts_.back().path = std::move(path);
  accounts_.back().parent = parent;
  return index;
}

result<protocol::account_state>
ledger_rules::open(const protocol::open_account& what) {
  if (what.limit < money{})
    return fail(errc::invalid_request, "a limit cannot be negative");
  const auto index = find_or_add(what.path);
  if (!index)
    return index.error();
  accounts_[*index].limit = what.limit;
  return state_of(accounts_[*index]);
}

result<void> ledger_rules::reserve(const protocol::reserve_budget& what,
                                   protocol::id reservation) {
  if (what.amount < money{})
    return fail(errc::invalid_request, "an amount cannot be negative");
  if (open_.size() >= limits_.open_reservations_max)
    return fail(errc::limit_exceeded, "too many open reservations");
  const auto index = find_or_add(what.account);
  if (!index)
    return index.error();
  const account* refusing = nullptr; // the topmost is found last
  for (auto i = *index; i != none; i = accounts_[i].parent)
    if (what.amount > state_of(accounts_[i]).left())
      refusing = &accounts_[i];
  if (refusing != nullptr)
    return fail(errc::budget_exhausted,
                "account '" + refusing->path + "' has "
                    + to_text(state_of(*refusing).left()) + " USD left of "
                    + to_text(refusing->limit) + "; the call may cost "
                    + to_text(what.amount));
  if (!open_.emplace(reservation, hold{*index, what.amount}).second)
    return fail(errc::invalid_request, "the reservation exists already");
  for (auto i = *index; i != none; i = accounts_[i].parent) {
    accounts_[i].reserved += what.amount;
    ++accounts_[i].open;
  }
  return {};
}

result<protocol::account_state>
ledger_rules::settle(const protocol::settle_budget& what) {
  const auto found = open_.find(what.reservation);
  if (found == open_.end()) {
    const auto old = settled_.find(what.reservation);
    if (old == settled_.end())
      return fail(errc::invalid_request, "no such reservation");
    return state_of(accounts_[old->second]);
  }
  if (what.actual < money{})
    return fail(errc::invalid_request, "a bill cannot be negative");
  const auto held = found->second;
  open_.erase(found);
  remember(what.reservation, held.account);
  const bool is_unknown = what.outcome == protocol::settlement::unknown;
  const auto spent = is_unknown ? held.amount
                     : what.outcome == protocol::settlement::billed
                         ? what.actual
                         : money{};
  for (auto i = held.account; i != none; i = accounts_[i].parent) {
    auto& it = accounts_[i];
    it.reserved -= held.amount;
    it.spent += spent;
    --it.open;
    if (is_unknown)
      it.unknown += spent;
    if (spent > held.amount)
      it.overrun += spent - held.amount;
  }
  return state_of(accounts_[held.account]);
}

void ledger_rules::remember(protocol::id reservation, std::uint32_t owner) {
  settled_.emplace(reservation, owner);
  settled_order_.push_back(reservation);
  if (settled_order_.size() > limits_.settled_remembered) {
    settled_.erase(settled_order_.front());
    settled_order_.pop_front();
  }
}

result<protocol::account_state>
ledger_rules::describe(std::string_view path) const {
  const auto found = by_path_.find(std::string(path));
  if (found == by_path_.end())
    return fail(errc::invalid_request,
                "no account '" + std::string(path.substr(0, 64)) + "'");
  return state_of(accounts_[found->second]);
}

protocol::account_state ledger_rules::state_of(const account& it) const {
  return {it.path,    it.limit,   it.spent, it.reserved,
          it.unknown, it.overrun, it.open};
}

} // namespace troupe::actors
