#include "state_followers.hpp"

#include <algorithm>
#include <map>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::uint32_t window_max = 10'000;

/// What it costs to look at a commit and to send it, if nothing is copied.
constexpr std::size_t commit_cost = 128;

std::size_t cost_of(const protocol::state_commit& copied) {
  std::size_t bytes = 0;
  for (const auto& it : copied.changes)
    bytes += state_cost(it.key, it.value);
  return bytes;
}

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
  wait_for_turn(it);
  return it.slot;
}

void state_followers::grant(const protocol::grant_credit& more) {
  const auto found = subscriptions_.find(more.subscription);
  if (found == subscriptions_.end())
    return;
  auto& it = found->second;
  it.credit += std::min(more.count, it.window - it.credit);
  if (it.is_live || it.waits)
    return;
  work_allowance allowance{limits_.turn_bytes};
  if (!it.resync)
    catch_up(it, allowance);
  wait_for_turn(it);
}

/// If there is something that it could be sent.
void state_followers::wait_for_turn(state_subscription& it) {
  it.waits = it.credit > 0 && !it.is_live;
  if (it.waits)
    behind_.push_back(it.name);
}

void state_followers::step(work_allowance& allowance) {
  auto& it = subscriptions_.at(behind_.front());
  behind_.pop_front();
  if (it.resync)
    send_part(it, allowance);
  else
    catch_up(it, allowance);
  wait_for_turn(it);
}

std::optional<std::size_t> state_followers::remove(protocol::id name) {
  const auto found = subscriptions_.find(name);
  if (found == subscriptions_.end())
    return std::nullopt;
  auto& it = found->second;
  if (it.is_live)
    live_.remove(it);
  if (it.waits)
    std::erase(behind_, name);
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

void state_followers::catch_up(state_subscription& to,
                               work_allowance& allowance) {
  while (to.credit > 0) {
    if (to.cursor + 1 < log_.first())
      return send_gap(to);
    if (to.cursor == log_.last())
      return live_.add(to);
    if (allowance.is_spent())
      return;
    const auto& update = log_.at(++to.cursor);
    allowance.spend(commit_cost);
    auto part = part_of(update, to.filter);
    if (part == nullptr)
      continue;
    if (part != update)
      allowance.spend(cost_of(part->get().body));
    send(to, std::move(part));
  }
}

void state_followers::send(state_subscription& to, shared_update update) {
  advance(to, update->get().body.revision);
  outbox_.push_back({{to.slot}, std::move(update)});
}

void state_followers::advance(state_subscription& to, std::uint64_t revision) {
  to.cursor = revision;
  if (--to.credit == 0 && to.is_live)
    live_.remove(to);
}

void state_followers::send_part(state_subscription& to,
                                work_allowance& allowance) {
  if (!table_.can_show(to.resync->revision))
    to.resync = state_subscription::snapshot{log_.last()}; // from the start
  auto& at = *to.resync;
  constexpr std::size_t entries_max = 256;
  state_page page{to.filter.key, to.filter.is_prefix, std::move(at.after),
                  at.revision,   entries_max,         limits_.page_bytes};
  const bool is_last = table_.read(page, allowance) && !page.has_more;
  at.after = std::move(page.after);
  if (page.entries.empty() && !is_last)
    return; // only keys that it does not see
  outbox_.push_back({{to.slot},
                     protocol::state_resync{to.name, at.revision, at.part++,
                                            is_last, std::move(page.entries)}});
  --to.credit;
  if (!is_last)
    return;
  to.cursor = at.revision;
  to.resync.reset();
}

void state_followers::send_gap(state_subscription& to) {
  ++gaps_;
  outbox_.push_back(
      {{to.slot},
       protocol::subscription_gap{to.name, to.cursor + 1, log_.last()}});
  --to.credit;
  to.resync = state_subscription::snapshot{log_.last()};
}

void state_followers::on_commit() {
  const auto& update = log_.at(log_.last());
  if (update->get().body.changes.size() > 1)
    return fan_out(update);
  matched_.clear();
  live_.match(update->get().body.changes.front().key, matched_);
  if (matched_.empty())
    return;
  state_delivery all{{}, update};
  all.slots.reserve(matched_.size());
  for (auto* it : matched_) {
    all.slots.push_back(it->slot);
    advance(*it, update->get().body.revision);
  }
  outbox_.push_back(std::move(all));
}

void state_followers::fall_behind() {
  for (auto& [name, it] : subscriptions_) {
    if (it.is_live)
      live_.remove(it);
    if (!it.waits)
      wait_for_turn(it);
  }
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
  figures.behind = behind_.size();
  figures.gaps = gaps_;
}

} // namespace troupe::actors
