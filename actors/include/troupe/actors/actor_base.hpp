#pragma once

#include "troupe/actors/mailbox_guard.hpp"
#include "troupe/actors/response_receiver.hpp"

#include <caf/all.hpp>
#include <caf/detail/sync_request_bouncer.hpp>

namespace troupe::actors {

/// The base of every actor of troupe; `Handle` is its `caf::typed_actor`.
/// Gives each the same guarantees: a mailbox with bounds and an answer when it
/// is full, control before data, work whose deadline has passed or whose scope
/// is cancelled is not started, one effect per idempotency key, confirmation
/// where asked for, and counts of all of it in `statistics_of(system)`.
/// Derive from it, not from `Handle::base`; call `actor_base::on_exit` from
/// nowhere: what it needs at the end happens in `cleanup`.
template <class Handle>
class actor_base : public Handle::base {
public:
  using super = typename Handle::base;

  /// `clock` is the node's; `limits` of its mailbox.
  explicit actor_base(caf::actor_config& cfg, const wall_clock& clock,
                      const mailbox_limits& limits = {})
      : super(cfg),
        guard_(*this, clock, limits,
               message_types_of<typename Handle::signatures>::list()) {
    this->set_default_handler(
        [this](caf::scheduled_actor*,
               caf::message_view& what) -> caf::result<caf::message> {
          guard_.count_unexpected(what);
          return caf::sec::unexpected_message;
        });
  }

  using super::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* host) override {
    const auto in_order = guard_.lock_order(what.get());
    if (guard_.admit(what, host))
      super::enqueue(std::move(what), host);
  }

  bool cleanup(caf::error&& why, caf::execution_unit* host) override {
    guard_.close();
    clear_mailbox(why);
    guard_.close_keys();
    return super::cleanup(std::move(why), host);
  }

  /// What is in the mailbox now.
  [[nodiscard]] mailbox_gate::depth depth() const noexcept {
    return guard_.depth();
  }

  /// The counts that requests of this actor add to.
  [[nodiscard]] message_statistics& statistics() noexcept {
    return guard_.statistics();
  }

  /// From now on answers go to `receiver` first, a member of the actor.
  void receive_responses(response_receiver& receiver) noexcept {
    responses_ = &receiver;
  }

protected:
  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    if (what.mid.is_response()) {
      this->current_mailbox_element(&what);
      guard_.see_answer(what);
      if (responses_ != nullptr && responses_->take_response(what))
        return caf::invoke_message_result::consumed;
      return super::consume(what);
    }
    if (guard_.is_drain(what))
      return drain(what);
    const auto result = guard_.begin(what)
                            ? super::consume(what)
                            : caf::invoke_message_result::consumed;
    if (guard_.lets_wait())
      take_waiting();
    return result;
  }

private:
  /// As CAF does, but every sender learns it, and all are dead letters.
  void clear_mailbox(const caf::error& why) {
    if (this->mailbox().closed())
      return;
    this->mailbox().close();
    this->get_normal_queue().flush_cache();
    this->get_urgent_queue().flush_cache();
    const leftover take{guard_, caf::detail::sync_request_bouncer{why}};
    while (this->mailbox().queue().new_round(1'000, take).consumed_items > 0) {
    }
  }

  struct leftover {
    mailbox_guard& guard;
    caf::detail::sync_request_bouncer bounce;

    void operator()(caf::mailbox_element& what) const {
      if (!guard.give_back(what))
        bounce(what);
    }
    /// CAF names the queue of each message first.
    template <class Key, class Queue, class... Ts>
    caf::intrusive::task_result operator()(const Key&, const Queue&,
                                           Ts&... xs) const {
      (*this)(xs...);
      return caf::intrusive::task_result::resume;
    }
  };

  void take_waiting() {
    for (;;) {
      const auto in_order = guard_.lock_order();
      auto waiting = guard_.next_waiting();
      if (!waiting)
        return;
      super::enqueue(std::move(waiting), this->context());
    }
  }

  /// Kept messages are handled in stretches, so that others get their turn.
  static constexpr int stretch = 32;

  caf::invoke_message_result drain(caf::mailbox_element& wake_up) {
    for (int i = 0; i < stretch && this->alive(); ++i) {
      auto kept = guard_.next_kept();
      if (!kept)
        break;
      if (guard_.begin(*kept))
        (void)super::consume(*kept);
    }
    this->current_mailbox_element(&wake_up); // the last one is gone
    if (auto again = guard_.drain_again())
      super::enqueue(std::move(again), this->context());
    return caf::invoke_message_result::consumed;
  }

  mailbox_guard guard_;
  response_receiver* responses_ = nullptr;
};

} // namespace troupe::actors
