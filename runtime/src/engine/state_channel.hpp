#pragma once

#include "engine/waiting.hpp"
#include "troupe/runtime/state.hpp"

#include <troupe/actors/state_store.hpp>
#include <troupe/actors/state_view.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace troupe {

/// Between a subscription and the threads of the host program. Bounded by the
/// credit that it has granted.
class state_stream::channel {
public:
  channel(std::uint32_t window, waiting reader)
      : window_(window), reader_(reader) {}
  ~channel();

  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  /// From the subscription's actor.
  void push(state_event event);
  /// Nothing more comes, for this reason. The first one counts.
  void end(protocol::error why);

  /// The other side: set before the first `next`.
  void bind(actors::state_store_actor store, caf::actor tap,
            protocol::id subscription);
  /// Ends the subscription and lets go of its actors, which must not outlive
  /// their system.
  void detach();

  protocol::result<std::optional<state_event>>
  next(std::chrono::milliseconds patience);
  /// Calls `f` with the copy of the state.
  template <class F>
  auto look(F f) const {
    const std::lock_guard lock{mutex_};
    return f(view_);
  }

private:
  void grant();

  const std::uint32_t window_;
  const waiting reader_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<state_event> events_; // bounded by window_
  std::optional<protocol::error> end_;
  actors::state_view view_;
  std::uint32_t taken_ = 0; ///< Since credit was granted.
  actors::state_store_actor store_;
  caf::actor tap_;
  protocol::id subscription_;
};

/// Starts the actor that receives for a channel. It ends with it.
[[nodiscard]] actors::state_follower_actor spawn_state_tap(
    caf::actor_system& system, std::weak_ptr<state_stream::channel> to,
    const actors::state_store_actor& store, const actors::wall_clock& clock);

} // namespace troupe
