#pragma once

#include "troupe/actors/clock.hpp"
#include "troupe/actors/mailbox.hpp"
#include "troupe/actors/message_statistics.hpp"
#include "troupe/actors/message_tap.hpp"
#include "troupe/actors/message_type.hpp"

#include <caf/fwd.hpp>
#include <caf/mailbox_element.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <span>

namespace troupe::actors {

/// Wakes an actor for messages that wait in its guard.
struct mailbox_drain {};

/// What stands before an actor's handlers, for all actors alike: bounds of the
/// mailbox, the control lane, deadlines, cancelled scopes, idempotency keys,
/// confirmations, counts. CAF's own mailboxes are unbounded. Part of
/// `actor_base`; who writes actors derives from that.
class mailbox_guard {
public:
  mailbox_guard(caf::local_actor& self, const wall_clock& clock,
                const mailbox_limits& limits,
                std::span<const message_type> types);
  ~mailbox_guard();
  mailbox_guard(const mailbox_guard&) = delete;
  mailbox_guard& operator=(const mailbox_guard&) = delete;

  /// On the sender's thread, before a message enters the mailbox. True when it
  /// may, or what is now in its place; else it has been taken.
  [[nodiscard]] bool admit(caf::mailbox_element_ptr& what,
                           caf::execution_unit* host);

  /// Held while a message is admitted and put into the mailbox, where others
  /// that wait may come between; empty for what is never refused.
  [[nodiscard]] std::unique_lock<std::mutex>
  lock_order(const caf::mailbox_element* what = nullptr) {
    return lets_wait() ? lock_outside(what) : std::unique_lock<std::mutex>{};
  }

  /// On the actor's thread, before a message is handled. False when it has
  /// been dealt with and no handler may see it.
  [[nodiscard]] bool begin(caf::mailbox_element& what);

  /// On the actor's thread, before an answer is taken.
  void see_answer(const caf::mailbox_element& what) {
    if (tap_->is_on())
      tap_->record(what.content(), now());
  }

  /// True for the message that asks for what waits here.
  [[nodiscard]] bool is_drain(const caf::mailbox_element& what) const noexcept {
    return lets_wait() && is_wake_up(what);
  }

  /// A message that waited here and is to be handled now; null: no more.
  [[nodiscard]] caf::mailbox_element_ptr next_kept();

  /// True while messages may wait here.
  [[nodiscard]] bool lets_wait() const noexcept { return outside_ != nullptr; }

  /// A message that waited here and now has room in the mailbox; null: none.
  [[nodiscard]] caf::mailbox_element_ptr next_waiting();

  /// The wake-up for messages that are still kept after a stretch of them;
  /// null: none is needed.
  [[nodiscard]] caf::mailbox_element_ptr drain_again();

  /// The actor ends: who waits outside and who comes later is told so.
  void close();

  /// A message that was left in the mailbox goes back, or on to those who wait
  /// for it; false: it is none such.
  bool give_back(caf::mailbox_element& what);

  /// After that: who still waits for the answer to a key is told.
  void close_keys();
  /// Counts a message that no handler takes.
  void count_unexpected(const caf::message_view& what);

  [[nodiscard]] mailbox_gate::depth depth() const noexcept {
    return gate_.now();
  }
  [[nodiscard]] message_statistics& statistics() noexcept {
    return *statistics_;
  }

private:
  struct outside;          // messages that wait before the mailbox
  struct keyed_requests;   // by idempotency key
  struct cancelled_scopes; // whose work is not started any more
  [[nodiscard]] std::unique_lock<std::mutex>
  lock_outside(const caf::mailbox_element* what);
  [[nodiscard]] static bool is_wake_up(const caf::mailbox_element& what);
  [[nodiscard]] caf::mailbox_element_ptr take_first_waiting();

  [[nodiscard]] const message_type*
  find(const caf::type_erased_tuple& content) const noexcept;
  [[nodiscard]] static bool is_counted(const caf::mailbox_element& what,
                                       const message_type* type) noexcept {
    return type != nullptr && !type->is_control && !type->is_credited
           && !what.mid.is_urgent_message()
           && (type->is_weighed || what.mid.is_request());
  }
  [[nodiscard]] protocol::instant now() const;
  [[nodiscard]] bool keep(caf::mailbox_element_ptr& what, std::uint64_t bytes,
                          const message_type& type, caf::execution_unit* host);
  void refuse(const caf::mailbox_element& what, const message_type& type,
              const protocol::error& why, caf::execution_unit* host);
  /// Lists a message as a dead letter and answers its sender; without a reason:
  /// the actor has ended.
  void turn_away(const caf::mailbox_element& what, const message_type& type,
                 const protocol::error& why, caf::execution_unit* host);
  void turn_away(const caf::mailbox_element& what, const message_type& type,
                 caf::execution_unit* host);
  void answer(const caf::mailbox_element& what, const protocol::error& why,
              caf::execution_unit* host);
  [[nodiscard]] bool may_start(caf::mailbox_element& what,
                               const message_type& type,
                               const protocol::header& head);
  void confirm(const caf::mailbox_element& what, const protocol::header& head);
  [[nodiscard]] caf::mailbox_element_ptr
  keep_newest(caf::mailbox_element_ptr what, std::uint64_t bytes,
              const message_type& type, caf::execution_unit* host);
  [[nodiscard]] caf::mailbox_element_ptr
  keep_waiting(caf::mailbox_element_ptr what, std::uint64_t bytes,
               const message_type& type, caf::execution_unit* host);

  caf::local_actor* self_;
  message_statistics* statistics_;
  message_tap* tap_;
  wall_clock clock_;
  mailbox_limits limits_;
  std::span<const message_type> types_;
  mailbox_gate gate_;
  std::atomic<bool> is_closed_{false};
  std::unique_ptr<outside> outside_;
  std::unique_ptr<keyed_requests> keyed_;
  std::unique_ptr<cancelled_scopes> scopes_;
};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::mailbox_drain)
