#include "state_followers.hpp"

#include <algorithm>
#include <map>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::uint32_t window_max = 10'000;

} // namespace

protocol::result<void>
state_followers::check(const protocol::subscribe_state& ask,
                       std::uint64_t owner) const {
  if (ask.window == 0 || ask.window > window_max)
    return fail(errc::invalid_request, "window is 1 to 10,000");
  if (ask.from > log_.last())
    return fail(errc::invalid_request,
                "the store is at revision " + std::to_string(log_.last())
                    + ", 'from' is " + std::to_string(ask.from));
  const state_filter filter{ask.key, ask.is_prefix};
  if (const auto mine = by_owner_.find(owner); mine != by_owner_.end())
    for (const auto& name : mine->second)
      if (subscriptions_.at(name).filter.overlaps(filter))
        return fail(errc::invalid_request,
                    "this follower has a subscription that overlaps '" + ask.key
                        + "'");
  if (subscriptions_.size() >= limits_.subscriptions)
    return fail(errc::overloaded, "the state store has "
                                      + std::to_string(limits_.subscriptions)
                                      + " subscriptions at most");
  return {};
}

protocol::result<std::size_t>
state_followers::add(const protocol::subscribe_state& ask, protocol::id name,
                     std::uint64_t owner) {
  if (auto good = check(ask, owner); !good)
    return good.error();
  auto& it = subscriptions_[name];
  it.name = name;
  it.filter = {ask.key, ask.is_prefix};
  it.owner = owner;
  it.window = it.credit = ask.window;
  it.cursor = ask.from;
  if (ask.from == 0)
    it.resync = state_subscription::snapshot{log_.last()};
  if (free_slots_.empty()) {
    it.slot = subscriptions_.size() - 1;
  } else {
    it.slot = free_slots_.back();
    free_slots_.pop_back();
  }
  by_owner_[owner].push_back(name);
  pump(it);
  return it.slot;
}

void state_followers::grant(const protocol::grant_credit& more) {
  const auto found = subscriptions_.find(more.subscription);
  if (found == subscriptions_.end())
    return;
  auto& it = found->second;
  it.credit += std::min(more.count, it.window - it.credit);
  if (!it.is_live)
    pump(it);
}

std::optional<std::size_t> state_followers::remove(protocol::id name) {
  const auto found = subscriptions_.find(name);
  if (found == subscriptions_.end())
    return std::nullopt;
  auto& it = found->second;
  if (it.is_live)
    live_.remove(it);
  const auto slot = it.slot;
  free_slots_.push_back(slot);
  const auto mine = by_owner_.find(it.owner);
  std::erase(mine->second, name);
  if (mine->second.empty())
    by_owner_.erase(mine);
  subscriptions_.erase(found);
  return slot;
}

std::vector<std::size_t> state_followers::remove_owner(std::uint64_t owner) {
  std::vector<std::size_t> slots;
  const auto mine = by_owner_.find(owner);
  if (mine == by_owner_.end())
    return slots;
  const auto names = mine->second;
  for (const auto& name : names)
    if (const auto slot = remove(name))
      slots.push_back(*slot);
  return slots;
}

void state_followers::pump(state_subscription& to) {
  while (to.credit > 0) {
    if (to.resync) {
      send_part(to);
    } else if (to.cursor + 1 < log_.first()) {
      send_gap(to);
    } else if (to.cursor == log_.last()) {
      live_.add(to);
      return;
    } else if (auto part = part_of(log_.at(++to.cursor), to.filter)) {
      send(to, std::move(part));
    }
  }
}

void state_followers::send(state_subscription& to, shared_update update) {
  to.cursor = update->get().body.revision;
  outbox_.push_back({to.slot, std::move(update)});
  if (--to.credit == 0 && to.is_live)
    live_.remove(to);
}

void state_followers::send_part(state_subscription& to) {
  if (!table_.can_show(to.resync->revision))
    to.resync = state_subscription::snapshot{log_.last()}; // from the start
  auto& at = *to.resync;
  constexpr std::size_t entries_max = 256;
  auto page = table_.read({to.filter.key, to.filter.is_prefix, at.after,
                           at.revision, entries_max, limits_.page_bytes});
  protocol::state_resync out{to.name, at.revision, at.part++, !page.has_more,
                             std::move(page.entries)};
  if (page.has_more) {
    at.after = out.entries.back().key;
  } else {
    to.cursor = at.revision;
    to.resync.reset();
  }
  outbox_.push_back({to.slot, std::move(out)});
  --to.credit;
}

void state_followers::send_gap(state_subscription& to) {
  ++gaps_;
  outbox_.push_back({to.slot, protocol::subscription_gap{to.name, to.cursor + 1,
                                                         log_.last()}});
  --to.credit;
  to.resync = state_subscription::snapshot{log_.last()};
}

void state_followers::on_commit() {
  const auto& update = log_.at(log_.last());
  if (update->get().body.changes.size() > 1)
    return fan_out(update);
  matched_.clear();
  live_.match(update->get().body.changes.front().key, matched_);
  for (auto* it : matched_)
    send(*it, update);
}

/// For a commit of many changes, of which a filter may match some.
void state_followers::fan_out(const shared_update& update) {
  const auto& changes = update->get().body.changes;
  std::map<std::size_t,
           std::pair<state_subscription*, std::vector<std::size_t>>>
      seen; // by slot
  for (std::size_t i = 0; i < changes.size(); ++i) {
    matched_.clear();
    live_.match(changes[i].key, matched_);
    for (auto* it : matched_) {
      auto& [to, which] = seen[it->slot];
      to = it;
      which.push_back(i);
    }
  }
  std::map<std::vector<std::size_t>, shared_update> parts;
  for (auto& [slot, match] : seen) {
    auto& [to, which] = match;
    if (which.size() == changes.size()) {
      send(*to, update);
      continue;
    }
    auto& part = parts[which];
    if (!part)
      part = part_of(update, which);
    send(*to, part);
  }
}

shared_update state_followers::part_of(const shared_update& update,
                                       const state_filter& filter) const {
  const auto& changes = update->get().body.changes;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (filter.matches(changes[i].key))
      which.push_back(i);
  if (which.empty())
    return nullptr;
  return which.size() == changes.size() ? update : part_of(update, which);
}

shared_update
state_followers::part_of(const shared_update& update,
                         const std::vector<std::size_t>& which) const {
  const auto& whole = update->get();
  protocol::state_update part{whole.head,
                              {whole.body.revision, whole.body.at, {}}};
  part.body.changes.reserve(which.size());
  for (const auto i : which)
    part.body.changes.push_back(whole.body.changes[i]);
  return seal_(std::move(part));
}

void state_followers::count(state_figures& figures) const {
  figures.subscriptions = subscriptions_.size();
  figures.live = live_.size();
  figures.gaps = gaps_;
}

} // namespace troupe::actors
