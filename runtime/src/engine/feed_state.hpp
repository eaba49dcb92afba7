#pragma once

#include "engine/waiting.hpp"
#include "troupe/runtime/topics.hpp"

#include <troupe/actors/topic_hub.hpp>

#include <caf/message.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace troupe {

/// Between the actor that follows a topic and the threads that read the feed.
struct topic_feed::shared_state {
  waiting reader; ///< How it waits.
  mutable std::mutex mutex;
  std::condition_variable changed;
  /// Messages stay shared with all other followers until they are read.
  /// Bounded by the window: the hub sends no more than was granted, and no two
  /// gaps without a message between them.
  std::deque<caf::message> items;
  std::optional<protocol::error> end;
  protocol::id subscription;
  std::uint32_t window = 0;
  std::uint32_t taken = 0; ///< Since credit was last granted.
  actors::topic_hub_actor hub;
  actors::topic_follower_actor follower; ///< Null when the engine is gone.

  void push(caf::message item);
  void finish(protocol::error why);
  std::optional<topic_item> next(std::chrono::milliseconds patience);

  /// Ends the subscription and lets go of all actors.
  void detach(protocol::error why);
};

/// Starts the actor behind a feed.
[[nodiscard]] actors::topic_follower_actor
spawn_feed_follower(caf::actor_system& system, const actors::wall_clock& clock,
                    const std::shared_ptr<topic_feed::shared_state>& state);

} // namespace troupe
