#pragma once

#include "state_messages.hpp"
#include "state_rules.hpp"
#include "troupe/actors/state_store.hpp"

#include <caf/all.hpp>

#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// The actors behind the subscriptions of a state store. Whoever has one is
/// monitored by the store's actor, `self`, which tells when it has gone. Not
/// thread-safe.
class state_audience {
public:
  /// The subscription begins; nothing is sent before the rules are asked.
  /// Errors: as `state_rules::subscribe`.
  template <class Self>
  protocol::result<void> add(Self* self, state_rules& rules,
                             const protocol::subscribe_state& what,
                             protocol::id name, const state_follower_actor& who,
                             protocol::instant now) {
    const auto [owner, is_new] = owners_.try_emplace(who.address(), made_ + 1);
    const auto slot = rules.subscribe(what, name, owner->second, now);
    if (!slot) {
      if (is_new)
        owners_.erase(owner);
      return slot.error();
    }
    if (is_new) {
      ++made_;
      self->monitor(who);
    }
    if (*slot >= followers_.size())
      followers_.resize(*slot + 1);
    followers_[*slot] = caf::actor_cast<caf::actor>(who);
    return {};
  }

  template <class Self>
  void remove(Self* self, state_rules& rules, protocol::id name) {
    const auto slot = rules.followers().remove(name);
    if (!slot)
      return;
    const auto who = std::exchange(followers_[*slot], {}).address();
    const auto owner = owners_.find(who);
    if (rules.followers().is_gone(owner->second)) {
      self->demonitor(who);
      owners_.erase(owner);
    }
  }

  /// One of them has ended.
  void forget(state_rules& rules, const caf::actor_addr& who) {
    const auto found = owners_.find(who);
    if (found == owners_.end())
      return;
    for (const auto slot : rules.followers().remove_owner(found->second))
      followers_[slot] = nullptr;
    owners_.erase(found);
  }

  void clear() { followers_.clear(); }

  [[nodiscard]] const std::vector<caf::actor>& followers() const noexcept {
    return followers_;
  }

  /// What is sent to them for a delivery; `head` where it has none yet.
  [[nodiscard]] static caf::message message_of(state_delivery& it,
                                               protocol::header head) {
    return std::visit(
        [&]<class What>(What& what) {
          if constexpr (std::is_same_v<What, shared_update>)
            return static_cast<const sealed_message&>(*what).message();
          else
            return caf::make_message(marked<protocol::notification<What>>(
                std::move(head), std::move(what)));
        },
        it.message);
  }

private:
  std::vector<caf::actor> followers_;                         ///< By slot.
  std::unordered_map<caf::actor_addr, std::uint64_t> owners_; ///< Numbered.
  std::uint64_t made_ = 0;
};

} // namespace troupe::actors
