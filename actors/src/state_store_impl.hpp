#pragma once

#include "deadline_table.hpp"
#include "kept_outbox.hpp"
#include "state_audience.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/state_store.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

#include <unordered_map>

/// The inside of a state store. Private to its sources.
namespace troupe::actors {

/// Behind whatever waits in the mailbox of a state store: its next turn.
struct state_turn {};
/// The keeper has kept a batch, or has not.
struct commits_kept {
  protocol::result<void> outcome;
};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::state_turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::commits_kept)

namespace troupe::actors {

using state_store_impl =
    state_store_actor::extend<caf::reacts_to<state_turn>,
                              caf::reacts_to<commits_kept>,
                              caf::reacts_to<deadline_tick>>;

class state_store final : public actor_base<state_store_impl>,
                          public tells_status {
public:
  state_store(caf::actor_config& cfg, state_store_config config);

  const char* name() const override { return "state-store"; }
  void tell_status(protocol::part_status& to) const override;
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  template <class Body>
  using ask = protocol::request<Body>;
  template <class Body>
  using answered = caf::result<protocol::response<Body>>;

  /// A listing or a history that is not answered yet.
  struct open_read {
    protocol::header head; ///< Of the answer.
    caf::response_promise promise;
  };

  protocol::instant now() { return clock_.at(clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  // state_store.cpp: what is asked of it
  shared_update seal(protocol::state_update& it);
  /// Why nothing is answered now.
  [[nodiscard]] std::optional<protocol::error> why_not() const;
  template <class Body>
  answered<Body> answer(const protocol::header& head,
                        protocol::result<Body> outcome);
  /// Stands for the sender for as long as one of its requests is open.
  std::uint64_t asker() {
    return reinterpret_cast<std::uintptr_t>(current_sender().get());
  }
  answered<protocol::state_written>
  write(const ask<protocol::write_state>& msg);
  answered<protocol::state_value> read(const ask<protocol::read_state>& msg);
  template <class Answer, class Body>
  answered<Answer> begin(const ask<Body>& msg);
  void end_reads(const protocol::cancel& what);
  answered<protocol::state_subscribed>
  add(const ask<protocol::subscribe_state>& msg,
      const state_follower_actor& who);
  answered<protocol::unsubscribed>
  remove(const ask<protocol::unsubscribe>& msg);

  // state_store_telling.cpp: what goes out, and when
  /// Sends what the rules have decided, and wakes for the next turn and the
  /// next expiry.
  void deliver();
  /// Does it when all is kept that it shows; at once, if it is.
  template <class F>
  void when_kept(F what);
  void keep();
  void end_batch(const protocol::result<void>& outcome);
  void close(state_read_answer& it);
  void take_turn();
  void wait_for_expiry();
  void tell(state_delivery& it);

  wall_clock clock_;
  protocol::id_source ids_;
  std::shared_ptr<state_mark> mark_;
  std::shared_ptr<incarnation_book> lives_;
  state_rules rules_;
  kept_outbox outbox_;
  deadline_table table_;
  protocol::instant waits_for_{}; ///< The expiry in the table; epoch: none.
  deadline_table::key wait_{};
  state_audience audience_;
  std::unordered_map<std::uint64_t, open_read> open_reads_; ///< By ticket.
  std::uint64_t tickets_ = 0;
  bool turn_is_coming_ = false;
};

template <class F>
void state_store::when_kept(F what) {
  if (outbox_.is_open())
    what(protocol::result<void>{});
  else
    outbox_.say(std::move(what));
}

} // namespace troupe::actors
