#include "forecast_rules.hpp"
#include "ledger_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::account_state;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr std::size_t path_bytes_max = 512;
constexpr std::ptrdiff_t levels_max = 8;
constexpr std::uint32_t listed_max = 1'000;

bool is_good_path(std::string_view path) {
  const auto levels = std::count(path.begin(), path.end(), '/') + 1;
  return !path.empty() && path.size() <= path_bytes_max && path.front() != '/'
         && path.back() != '/' && levels <= levels_max
         && path.find("//") == std::string_view::npos;
}

protocol::error no_account(std::string_view path) {
  return fail(errc::invalid_request,
              "no account '" + std::string(path.substr(0, 64)) + "'");
}

/// As it will be at `now`.
ledger_account seen_at(const ledger_account& account, instant now) {
  auto it = account;
  it.roll(now);
  return it;
}

} // namespace

result<ledger_rules::index> ledger_rules::find_or_add(const std::string& path) {
  if (const auto known = by_path_.find(path); known != by_path_.end())
    return known->second;
  if (!is_good_path(path))
    return fail(errc::invalid_request,
                "an account's path is 1 to 8 names joined by '/'");
  if (by_path_.size() + levels_max > limits_.accounts_max)
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

ledger_rules::index ledger_rules::add(std::string path, index parent) {
  const auto which =
      free_.empty() ? static_cast<index>(accounts_.size()) : free_.back();
  if (free_.empty()) {
    accounts_.push_back({ledger_account{path}, parent});
  } else {
    free_.pop_back();
    accounts_[which].account = ledger_account{path};
    accounts_[which].parent = parent;
  }
  if (parent != none)
    ++accounts_[parent].children;
  const auto added = by_path_.emplace(std::move(path), which).first;
  paths_.insert(added->first);
  return which;
}

const ledger_account* ledger_rules::find(std::string_view path) const {
  const auto found = by_path_.find(std::string(path));
  return found == by_path_.end() ? nullptr : &accounts_[found->second].account;
}

bool ledger_rules::forget(index which) {
  auto& it = accounts_[which];
  if (it.children != 0 || it.unknown != 0
      || it.account.state().open_reservations != 0)
    return false;
  const auto found = by_path_.find(it.account.state().path);
  paths_.erase(found->first);
  by_path_.erase(found);
  if (it.parent != none)
    --accounts_[it.parent].children;
  ++it.times;
  it.account = ledger_account{std::string{}};
  free_.push_back(which);
  return true;
}

bool ledger_rules::forget_below(const std::string& path) {
  const auto root = by_path_.find(path);
  if (root == by_path_.end())
    return true; // with one above it
  std::vector<index> all{root->second};
  const auto below = path + "/";
  for (auto it = paths_.lower_bound(below);
       it != paths_.end() && it->starts_with(below); ++it)
    all.push_back(by_path_.at(std::string(*it)));
  bool are_gone = true;
  std::reverse(all.begin(), all.end()); // those below come first
  for (const auto it : all)
    are_gone = forget(it) && are_gone;
  return are_gone;
}

result<account_state> ledger_rules::close(const protocol::close_account& what,
                                          instant now) {
  const auto found = by_path_.find(what.path);
  if (found == by_path_.end())
    return no_account(what.path);
  pass_to(now);
  auto& it = accounts_[found->second].account;
  it.roll(now_);
  if (it.state().is_closed)
    return it.state();
  it.close();
  auto told = it.state();
  closed_.push_back(what.path);
  // Two for one, so that those that had to wait do not pile up.
  for (int i = 0; i < 2 && closed_.size() > limits_.closed_remembered; ++i) {
    auto oldest = std::move(closed_.front());
    closed_.pop_front();
    if (!forget_below(oldest))
      closed_.push_back(std::move(oldest));
  }
  return told;
}

result<account_state> ledger_rules::describe(std::string_view path,
                                             instant now) const {
  const auto* it = find(path);
  if (it == nullptr)
    return no_account(path);
  return seen_at(*it, std::max(now_, now)).state();
}

result<protocol::budget_forecast> ledger_rules::forecast(std::string_view path,
                                                         instant now) const {
  const auto* it = find(path);
  if (it == nullptr)
    return no_account(path);
  const auto at = std::max(now_, now);
  return forecast_of(seen_at(*it, at), at);
}

result<protocol::accounts_listed>
ledger_rules::list(const protocol::list_accounts& what, instant now) const {
  if (what.count_max == 0 || what.count_max > listed_max)
    return fail(errc::invalid_request, "1 to 1000 accounts are listed at once");
  const auto at = std::max(now_, now);
  protocol::accounts_listed told;
  if (what.after.empty() && !what.path.empty()) {
    const auto* it = find(what.path);
    if (it == nullptr)
      return no_account(what.path);
    told.accounts.push_back(seen_at(*it, at).state());
  }
  const auto below = what.path.empty() ? what.path : what.path + "/";
  for (auto it = what.after > below ? paths_.upper_bound(what.after)
                                    : paths_.lower_bound(below);
       it != paths_.end() && it->starts_with(below); ++it) {
    if (told.accounts.size() == what.count_max) {
      told.next = told.accounts.back().path;
      break;
    }
    told.accounts.push_back(seen_at(*find(*it), at).state());
  }
  return told;
}

std::vector<protocol::id>
ledger_rules::open_reservations(bool also_leased) const {
  std::vector<protocol::id> all;
  for (const auto& [reservation, held] : open_)
    if (also_leased || held.until == instant{})
      all.push_back(reservation);
  return all;
}

std::optional<protocol::budget_reserved>
ledger_rules::granted(protocol::id reservation) const {
  const auto found = open_.find(reservation);
  if (found == open_.end())
    return std::nullopt;
  const auto& it = found->second;
  auto until = instant::max();
  for (const auto level : levels_of(it))
    until = std::min(until, accounts_[level].account.until());
  return protocol::budget_reserved{reservation, it.what.amount, it.what.tokens,
                                   until == instant::max() ? instant{} : until};
}

std::vector<protocol::id> ledger_rules::expired(instant now,
                                                std::size_t most) const {
  std::vector<protocol::id> all;
  for (const auto& [until, reservation] : leases_) {
    if (until > now || all.size() == most)
      break;
    all.push_back(reservation);
  }
  return all;
}

instant ledger_rules::next_expiry() const {
  return leases_.empty() ? instant::max() : leases_.begin()->first;
}

} // namespace troupe::actors
