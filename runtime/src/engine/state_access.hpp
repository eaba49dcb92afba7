#pragma once

#include "engine/state_channel.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <mutex>
#include <shared_mutex>

namespace troupe {

/// The way to the state store, for as long as there is an engine.
class shared_state::access {
public:
  /// `store` and `head` are called by any thread, until `close`.
  access(caf::actor_system& system, actors::wall_clock clock,
         std::function<actors::state_store_actor()> store,
         std::function<protocol::header()> head)
      : system_(&system), clock_(clock), store_(std::move(store)),
        head_(std::move(head)) {}

  /// Waits for calls under way, then refuses all and ends all streams.
  void close();

  template <class Answer, class Body>
  protocol::result<Answer> ask(Body body, std::string idempotency_key = {});
  protocol::result<state_stream> follow(protocol::subscribe_state ask);

private:
  std::shared_mutex open_;    ///< Shared by calls, whole for `close`.
  caf::actor_system* system_; ///< Null when closed.
  actors::wall_clock clock_;
  std::function<actors::state_store_actor()> store_;
  std::function<protocol::header()> head_;
  std::mutex mutex_; ///< Guards what follows.
  /// At most as many as the store allows subscriptions.
  std::vector<std::weak_ptr<state_stream::channel>> streams_;
};

} // namespace troupe
