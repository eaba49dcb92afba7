#include "troupe/actors/state_view.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

using protocol::state_change;
using protocol::state_change_kind;

view_step state_view::break_down() {
  is_current_ = false;
  next_part_.reset();
  incoming_.clear();
  return view_step::broken;
}

/// A key that exists goes on by one; one that does not is created.
bool state_view::follows(const state_change& change) const {
  const auto* known = find(change.key);
  if (known == nullptr)
    return change.kind == state_change_kind::created;
  return change.kind != state_change_kind::created
         && change.version == known->version + 1;
}

view_step state_view::apply(const protocol::state_commit& commit) {
  const auto fits = [this](const auto& change) {
    return follows(change);
  };
  if (!is_current_ || commit.revision <= revision_
      || !std::all_of(commit.changes.begin(), commit.changes.end(), fits))
    return break_down();
  for (const auto& it : commit.changes) {
    if (it.kind == state_change_kind::deleted
        || it.kind == state_change_kind::expired)
      entries_.erase(it.key);
    else
      entries_.insert_or_assign(
          it.key, protocol::state_entry{it.key, it.version, commit.revision,
                                        it.value, it.content, it.expires});
  }
  revision_ = commit.revision;
  return view_step::applied;
}

view_step state_view::apply(const protocol::state_resync& part) {
  if (part.part == 0) {
    incoming_.clear();
    incoming_revision_ = part.revision;
  } else if (next_part_ != part.part || part.revision != incoming_revision_) {
    return break_down();
  }
  if (part.revision < revision_)
    return break_down();
  next_part_ = part.part + 1;
  for (const auto& it : part.entries)
    incoming_.insert_or_assign(it.key, it);
  if (!part.is_last)
    return view_step::waiting;
  entries_ = std::exchange(incoming_, {});
  next_part_.reset();
  revision_ = part.revision;
  is_current_ = true;
  return view_step::applied;
}

view_step state_view::apply(const protocol::subscription_gap&) {
  is_current_ = false;
  next_part_.reset();
  return view_step::waiting;
}

const protocol::state_entry* state_view::find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

} // namespace troupe::actors
