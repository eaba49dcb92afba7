#pragma once

#include "supervisor_commands.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <optional>
#include <unordered_map>
#include <utility>

namespace troupe::actors {

/// The handles of a supervisor's living children. Not thread-safe.
class living_children {
public:
  void add(const child_life& who, const caf::actor& handle) {
    by_incarnation_.insert_or_assign(who.incarnation, life{who, handle});
    by_address_.insert_or_assign(handle.address(), who.incarnation);
  }

  /// Forgets the child at that address; none when there is none.
  std::optional<child_life> take(const caf::actor_addr& address) {
    const auto found = by_address_.find(address);
    if (found == by_address_.end())
      return std::nullopt;
    const auto it = by_incarnation_.find(found->second);
    const auto who = it->second.who;
    by_incarnation_.erase(it);
    by_address_.erase(found);
    return who;
  }

  /// Null when it does not live.
  [[nodiscard]] caf::actor find(std::uint64_t incarnation) const {
    const auto found = by_incarnation_.find(incarnation);
    return found == by_incarnation_.end() ? caf::actor{} : found->second.handle;
  }
  [[nodiscard]] std::optional<child_life>
  life_of(std::uint64_t incarnation) const {
    const auto found = by_incarnation_.find(incarnation);
    if (found == by_incarnation_.end())
      return std::nullopt;
    return found->second.who;
  }

  /// Forgets all, after `see` has seen each handle.
  template <class F>
  void clear(F see) {
    for (const auto& [incarnation, it] : by_incarnation_)
      see(it.handle);
    by_incarnation_.clear();
    by_address_.clear();
  }

private:
  struct life {
    child_life who;
    caf::actor handle;
  };

  std::unordered_map<std::uint64_t, life> by_incarnation_;
  std::unordered_map<caf::actor_addr, std::uint64_t> by_address_;
};

} // namespace troupe::actors
