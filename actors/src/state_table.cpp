#include "state_table.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::state_change;
using protocol::state_change_kind;
using protocol::state_commit;

std::size_t state_cost(std::string_view key, std::string_view value) noexcept {
  constexpr std::size_t book_keeping = 128;
  return key.size() + value.size() + book_keeping;
}

bool state_table::version::exists() const noexcept {
  return kind == state_change_kind::created
         || kind == state_change_kind::changed;
}

void state_table::past_queue::pop() {
  if (++first_ * 2 <= items_.size())
    return;
  items_.erase(items_.begin(),
               items_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

state_table::place state_table::find(std::string_view key) const {
  const auto it = slots_.find(key);
  if (it == slots_.end())
    return {nullptr, version_floor_ + 1};
  const auto& now = it->second.now;
  return {now.exists() ? &now : nullptr, now.number + 1};
}

protocol::result<void>
state_table::check_room(const state_commit& commit) const {
  auto keys = slots_.size() - deleted_.size();
  auto bytes = bytes_;
  auto most = bytes;
  for (const auto& change : commit.changes)
    most += state_cost(change.key, change.value);
  if (keys + commit.changes.size() <= limits_.keys && most <= limits_.bytes)
    return {}; // fits whatever it replaces
  for (const auto& change : commit.changes) {
    if (const auto* old = find(change.key).now) {
      bytes -= state_cost(change.key, old->value);
      --keys;
    }
    if (version{0, 0, {}, change.kind}.exists()) {
      bytes += state_cost(change.key, change.value);
      ++keys;
    }
  }
  if (keys > limits_.keys)
    return fail(errc::limit_exceeded, "the state store holds "
                                          + std::to_string(limits_.keys)
                                          + " keys at most");
  if (bytes > limits_.bytes)
    return fail(errc::limit_exceeded, "the state store holds "
                                          + std::to_string(limits_.bytes)
                                          + " bytes at most");
  return {};
}

void state_table::apply(const state_commit& commit) {
  for (const auto& change : commit.changes)
    apply(change, commit);
  keep_bounds();
}

void state_table::apply(const state_change& change,
                        const state_commit& commit) {
  const auto [at, is_new] = slots_.try_emplace(change.key);
  if (!is_new)
    retire(at, commit.revision);
  at->second.now = {change.version, commit.revision, commit.at,     change.kind,
                    change.value,   change.content,  change.expires};
  if (!at->second.now.exists()) {
    deleted_.emplace(commit.revision, at->first);
    return;
  }
  bytes_ += state_cost(at->first, change.value);
  if (change.expires != instant{})
    expiries_.emplace(change.expires, at->first);
}

/// Makes the present version of a key a past one.
void state_table::retire(slot_map::iterator at, std::uint64_t revision) {
  auto& [key, it] = *at;
  const auto cost = state_cost(key, it.now.value);
  if (it.now.exists()) {
    bytes_ -= cost;
    if (it.now.expires != instant{})
      expiries_.erase({it.now.expires, key});
  } else {
    deleted_.erase({it.now.revision, key});
  }
  history_bytes_ += cost;
  it.past.push(
      pasts_.insert(pasts_.end(), {&key, std::move(it.now), revision}));
}

void state_table::drop_oldest_past(slot& of) {
  const auto oldest = of.past.oldest();
  undo_floor_ = std::max(undo_floor_, oldest->superseded);
  history_bytes_ -= state_cost(*oldest->key, oldest->it.value);
  of.past.pop();
  pasts_.erase(oldest);
}

void state_table::drop_oldest_deleted() {
  const auto at = slots_.find(deleted_.begin()->second);
  deleted_.erase(deleted_.begin());
  while (at->second.past.size() > 0)
    drop_oldest_past(at->second);
  version_floor_ = std::max(version_floor_, at->second.now.number);
  slots_.erase(at);
}

void state_table::keep_bounds() {
  while (deleted_.size() > limits_.deleted_keys)
    drop_oldest_deleted();
  while (history_bytes_ > limits_.history_bytes)
    drop_oldest_past(slots_.find(*pasts_.front().key)->second);
}

void state_table::forget_before(const state_commit& commit) {
  for (const auto& change : commit.changes) {
    const auto at = slots_.find(change.key);
    if (at == slots_.end())
      continue;
    auto& past = at->second.past;
    while (past.size() > limits_.history
           && past.oldest()->superseded <= commit.revision)
      drop_oldest_past(at->second);
  }
}

std::vector<std::string> state_table::due(instant now,
                                          std::size_t count_max) const {
  std::vector<std::string> keys;
  for (const auto& [expires, key] : expiries_) {
    if (expires > now || keys.size() >= count_max)
      break;
    keys.emplace_back(key);
  }
  return keys;
}

instant state_table::next_expiry() const {
  return expiries_.empty() ? instant{} : expiries_.begin()->first;
}

void state_table::count(state_figures& figures) const {
  figures.keys = slots_.size() - deleted_.size();
  figures.bytes = bytes_;
  figures.history_bytes = history_bytes_;
  figures.deleted_keys = deleted_.size();
}

} // namespace troupe::actors
