#pragma once

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <utility>

namespace troupe::actors {

/// How a system is driven that runs on one thread: nothing happens in it but
/// inside `drive`, and its time passes from one timer to the next. One seed
/// gives one history.
struct driving {
  std::uint64_t turns = 0; ///< State of what chooses who runs next.
  /// Called before each turn; false: the system stands still from then on.
  std::function<bool()> before_turn;
  bool is_halted = false;
};

/// Null: the system runs by itself, on threads of its own.
[[nodiscard]] driving* driving_of(caf::actor_system& system);

[[nodiscard]] inline bool is_driven(caf::actor_system& system) {
  return driving_of(system) != nullptr;
}

/// Lets the actors of a driven system run, one message at a time and in a
/// random order, and its time pass when none has any, until `is_done` or until
/// `patience` has passed. Returns what `is_done` says. May be called inside an
/// actor's turn, where a thread would block: that actor stands still.
bool drive(caf::actor_system& system, caf::timespan patience,
           const std::function<bool()>& is_done);

/// Spawns an actor on a thread of its own; in a driven system among the others.
template <class Code>
auto spawn_apart(caf::actor_system& system, Code code) {
  if (is_driven(system))
    return system.spawn(std::move(code));
  return system.spawn<caf::detached>(std::move(code));
}

template <class Actor, class... Ts>
auto spawn_apart_as(caf::actor_system& system, Ts&&... xs) {
  if (is_driven(system))
    return system.spawn<Actor>(std::forward<Ts>(xs)...);
  return system.spawn<Actor, caf::detached>(std::forward<Ts>(xs)...);
}

} // namespace troupe::actors
