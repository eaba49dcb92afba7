#pragma once

#include "troupe/actors/caf_types.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <vector>

namespace troupe::actors {

/// Asks the registry to go on with its broadcasts.
struct broadcast_tick {};

/// The broadcasts of the registry that are under way, one after the other: each
/// is one message that all receivers share, sent in stretches. Whoever has
/// ended, or whose mailbox is full, is counted as refused. Use inside one actor
/// only.
class broadcast_queue {
public:
  using answer = protocol::response<protocol::broadcast_sent>;
  using promise = caf::typed_response_promise<answer>;

  static constexpr std::size_t waiting_max = 16;
  static constexpr std::size_t content_bytes_max = 262'144;
  static constexpr std::size_t stretch = 1'000;

  /// Errors: `limit_exceeded`, `overloaded`.
  [[nodiscard]] protocol::result<void>
  check(const protocol::broadcast& what) const;

  /// `announced` becomes the id of the message that everybody gets.
  template <class Self>
  void add(Self* self, const protocol::request<protocol::broadcast>& what,
           protocol::id announced, std::vector<caf::strong_actor_ptr> receivers,
           promise asked) {
    push(what, announced, std::move(receivers), std::move(asked));
    if (waiting_.size() == 1)
      wake(self);
  }

  /// Sends the next stretch, or answers when all is sent. `fresh` is the id of
  /// the answer.
  template <class Self>
  void go_on(Self* self, protocol::id fresh) {
    if (waiting_.empty())
      return;
    if (!send_stretch(self->ctrl(), self->context()))
      finish(fresh);
    if (!waiting_.empty())
      wake(self);
  }

  /// A receiver's mailbox did not take the message `announced`.
  void refuse(protocol::id announced);

  /// Whoever waits is told that nobody goes on.
  void clear();

private:
  struct outgoing {
    protocol::header asked;
    promise to_answer;
    protocol::id announced;
    caf::message shared;
    std::vector<caf::strong_actor_ptr> receivers;
    std::size_t next = 0;
    std::uint32_t refused = 0;
  };

  /// In the lane in which refusals come back: the tick after the last stretch
  /// stands behind all of them.
  template <class Self>
  void wake(Self* self) {
    self->template send<caf::message_priority::high>(self, broadcast_tick{});
  }

  void push(const protocol::request<protocol::broadcast>& what,
            protocol::id announced,
            std::vector<caf::strong_actor_ptr> receivers, promise asked);
  /// False when there was nothing left to send.
  bool send_stretch(const caf::strong_actor_ptr& from,
                    caf::execution_unit* host);
  void finish(protocol::id fresh);

  std::deque<outgoing> waiting_; // bounded by waiting_max
};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::broadcast_tick)
