#include "ledger_rules.hpp"

#include "budget_windows.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::account_state;
using protocol::errc;
using protocol::fail;
using protocol::instant;
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

std::uint64_t saturated(std::uint64_t a, std::uint64_t b) noexcept {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/// What is left of a count; its maximum without a limit.
std::uint64_t left_of(std::uint64_t max, std::uint64_t used) noexcept {
  if (max == 0)
    return UINT64_MAX;
  return used >= max ? 0 : max - used;
}

std::uint64_t tokens_left(const account_state& it) noexcept {
  return left_of(it.tokens_max, saturated(it.tokens_used, it.tokens_reserved));
}

std::uint64_t calls_left(const account_state& it) noexcept {
  return left_of(it.calls_max, saturated(it.calls_made, it.open_reservations));
}

/// A new window has begun: what was spent in the last no longer counts.
void roll(account_state& it, instant now) noexcept {
  const auto start = start_of(it.window, now);
  if (start <= it.since)
    return;
  it.since = start;
  it.spent = {};
  it.unknown = {};
  it.tokens_used = 0;
  it.calls_made = 0;
}

std::string until(const account_state& it, instant now) {
  if (it.window == protocol::budget_window::life)
    return {};
  return " until " + protocol::to_text(end_of(it.window, now));
}

/// Empty: the account can cover it.
std::string why_not(const account_state& it,
                    const protocol::reserve_budget& what, instant now) {
  const auto name = "account '" + it.path + "' ";
  if (it.is_frozen)
    return name + "is frozen: " + to_text(it.overrun)
           + " USD more were billed than was reserved; open it again to go on";
  if (what.amount > it.left())
    return name + "has " + to_text(it.left()) + " USD left of "
           + to_text(it.limit) + until(it, now) + "; the call may cost "
           + to_text(what.amount);
  if (what.tokens > tokens_left(it))
    return name + "has " + std::to_string(tokens_left(it)) + " tokens left of "
           + std::to_string(it.tokens_max) + until(it, now)
           + "; the call may use " + std::to_string(what.tokens);
  if (calls_left(it) == 0)
    return name + "has no call left of " + std::to_string(it.calls_max)
           + until(it, now);
  return {};
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
  accounts_.back().state.path = std::move(path);
  accounts_.back().parent = parent;
  return index;
}

void ledger_rules::pass_to(instant now) {
  now_ = std::max(now_, now);
}

result<account_state> ledger_rules::open(const protocol::open_account& what,
                                         instant now) {
  if (what.limit < money{})
    return fail(errc::invalid_request, "a limit cannot be negative");
  const auto index = find_or_add(what.path);
  if (!index)
    return index.error();
  pass_to(now);
  auto& it = accounts_[*index].state;
  roll(it, now_);
  it.limit = what.limit;
  it.tokens_max = what.tokens_max;
  it.calls_max = what.calls_max;
  it.is_frozen = false;
  if (it.window != what.window) {
    it.window = what.window;
    it.since = start_of(what.window, now_);
    if (what.window == protocol::budget_window::life)
      it.spent = it.spent_ever;
  }
  return it;
}

result<void> ledger_rules::reserve(const protocol::reserve_budget& what,
                                   protocol::id reservation, instant now) {
  if (what.amount < money{})
    return fail(errc::invalid_request, "an amount cannot be negative");
  if (open_.size() >= limits_.open_reservations_max)
    return fail(errc::limit_exceeded, "too many open reservations");
  const auto index = find_or_add(what.account);
  if (!index)
    return index.error();
  pass_to(now);
  std::string refusal; // the topmost is found last
  for (auto i = *index; i != none; i = accounts_[i].parent) {
    roll(accounts_[i].state, now_);
    if (auto why = why_not(accounts_[i].state, what, now_); !why.empty())
      refusal = std::move(why);
  }
  if (!refusal.empty())
    return fail(errc::budget_exhausted, std::move(refusal));
  if (!open_.emplace(reservation, hold{*index, what.amount, what.tokens})
           .second)
    return fail(errc::invalid_request, "the reservation exists already");
  for (auto i = *index; i != none; i = accounts_[i].parent) {
    auto& it = accounts_[i].state;
    it.reserved += what.amount;
    it.tokens_reserved = saturated(it.tokens_reserved, what.tokens);
    ++it.open_reservations;
  }
  return {};
}

result<ledger_rules::settled>
ledger_rules::settle(const protocol::settle_budget& what, instant now) {
  const auto found = open_.find(what.reservation);
  if (found == open_.end()) {
    const auto old = settled_.find(what.reservation);
    if (old == settled_.end())
      return fail(errc::invalid_request, "no such reservation");
    return settled{accounts_[old->second].state, false, false};
  }
  if (what.actual < money{})
    return fail(errc::invalid_request, "a bill cannot be negative");
  pass_to(now);
  const auto held = found->second;
  open_.erase(found);
  remember(what.reservation, held.account);
  const bool is_unknown = what.outcome == protocol::settlement::unknown;
  const bool is_released = what.outcome == protocol::settlement::released;
  const auto spent = is_unknown    ? held.amount
                     : is_released ? money{}
                                   : what.actual;
  const auto tokens = is_unknown ? held.tokens : is_released ? 0 : what.tokens;
  for (auto i = held.account; i != none; i = accounts_[i].parent) {
    auto& it = accounts_[i].state;
    roll(it, now_);
    it.reserved -= held.amount;
    it.tokens_reserved -= std::min(it.tokens_reserved, held.tokens);
    --it.open_reservations;
    it.spent += spent;
    it.spent_ever += spent;
    it.tokens_used = saturated(it.tokens_used, tokens);
    it.calls_made += is_released ? 0 : 1;
    if (is_unknown)
      it.unknown += spent;
    if (spent > held.amount)
      it.overrun += spent - held.amount;
  }
  auto& owner = accounts_[held.account].state;
  const bool froze = spent > held.amount && !owner.is_frozen;
  owner.is_frozen |= froze;
  return settled{owner, true, froze};
}

result<void> ledger_rules::apply(const ledger_entry& it) {
  if (const auto* opened = std::get_if<protocol::open_account>(&it.what)) {
    const auto done = open(*opened, it.at);
    return done ? result<void>{} : result<void>{done.error()};
  }
  if (const auto* held = std::get_if<held_budget>(&it.what))
    return reserve(held->what, held->reservation, it.at);
  const auto done = settle(std::get<protocol::settle_budget>(it.what), it.at);
  return done ? result<void>{} : result<void>{done.error()};
}

void ledger_rules::remember(protocol::id reservation, std::uint32_t owner) {
  settled_.emplace(reservation, owner);
  settled_order_.push_back(reservation);
  if (settled_order_.size() > limits_.settled_remembered) {
    settled_.erase(settled_order_.front());
    settled_order_.pop_front();
  }
}

result<account_state> ledger_rules::describe(std::string_view path,
                                             instant now) const {
  const auto found = by_path_.find(std::string(path));
  if (found == by_path_.end())
    return fail(errc::invalid_request,
                "no account '" + std::string(path.substr(0, 64)) + "'");
  auto state = accounts_[found->second].state;
  roll(state, std::max(now_, now));
  return state;
}

std::vector<protocol::id> ledger_rules::open_reservations() const {
  std::vector<protocol::id> all;
  all.reserve(open_.size());
  for (const auto& [reservation, held] : open_)
    all.push_back(reservation);
  return all;
}

} // namespace troupe::actors
