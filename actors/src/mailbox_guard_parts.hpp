#pragma once

#include "idempotency_table.hpp"
#include "troupe/actors/mailbox_guard.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/message.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace troupe::actors {

/// A message that waits before the mailbox, and what it weighs.
struct kept_message {
  caf::mailbox_element_ptr what;
  std::uint64_t bytes = 0;
};

/// Messages outside the mailbox. Filled by senders, emptied by the actor.
struct mailbox_guard::outside {
  std::mutex order; ///< As `lock_order` says; taken before `mutex`.
  std::mutex mutex; ///< Guards what follows.
  /// Bounded by mailbox_limits: messages_max, or waiting_max, and bytes_max.
  std::deque<kept_message> kept;
  std::uint64_t bytes = 0;
  bool is_waking = false; ///< A wake-up is in the mailbox.
  bool is_closed = false;
};

/// Who asked, to be answered later.
struct requester {
  caf::strong_actor_ptr who;
  caf::message_id mid;
};

/// Requests with an idempotency key, which is its sender's: others may use the
/// same and get nothing of each other's answers. While one is worked on, this
/// actor stands in the way of its answer (as a stage of CAF's forwarding
/// chain), so that the handler sees the true sender and the answer can be kept.
struct mailbox_guard::keyed_requests {
  using number = std::pair<const void*, std::uint64_t>; // sender, its request

  idempotency_table<caf::message, requester> known;
  std::map<number, std::string> open; ///< The keys of what is worked on.

  /// False when the request is answered, or will be, without its handler.
  bool begin(mailbox_guard& guard, caf::mailbox_element& what,
             const message_type& type, const protocol::header& head);
  /// True when the message is the answer to a request with a key.
  bool take_answer(mailbox_guard& guard, caf::mailbox_element& what);
  void close(mailbox_guard& guard);
};

/// The latest scopes that were cancelled: a cancel overtakes the requests
/// before it in the mailbox, and must end them all the same.
struct mailbox_guard::cancelled_scopes {
  static constexpr std::size_t size_max = 4'096;
  std::unordered_map<protocol::id, std::string> reasons;
  std::deque<protocol::id> order; // bounded by size_max

  void add(const protocol::cancel& it) {
    if (!it.scope || !reasons.emplace(it.scope, it.reason).second)
      return;
    order.push_back(it.scope);
    if (order.size() > size_max) {
      reasons.erase(order.front());
      order.pop_front();
    }
  }
};

} // namespace troupe::actors
