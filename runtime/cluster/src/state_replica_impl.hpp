#pragma once

#include "deadline_table.hpp"
#include "state_audience.hpp"
#include "state_replica.hpp"

#include <troupe/actors/actor_base.hpp>
#include <troupe/actors/status.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>

/// The inside of a state replica. Private to its sources.
namespace troupe::cluster {

/// Behind whatever waits in its mailbox: its next turn.
struct replica_turn {};

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::replica_turn)

namespace troupe::cluster {

using replica_base =
    state_replica_actor::extend<caf::reacts_to<replica_turn>,
                                caf::reacts_to<actors::deadline_tick>>;

class state_replica final : public actors::actor_base<replica_base>,
                            public actors::tells_status {
public:
  state_replica(caf::actor_config& cfg, state_replica_config config);

  const char* name() const override { return "state-replica"; }
  void tell_status(protocol::part_status& to) const override;
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  template <class Body>
  using ask = protocol::request<Body>;
  template <class Body>
  using answered = caf::result<protocol::response<Body>>;

  struct follower_wish {
    ask<protocol::subscribe_state> what;
    actors::state_follower_actor who;
    caf::typed_response_promise<protocol::response<protocol::state_subscribed>>
        promise;
    std::uint64_t number = 0;
  };
  using unseen_map = std::multimap<std::uint64_t, std::function<void()>>;

  protocol::instant now() { return clock_.at(clock().now()); }

  // state_replica.cpp: what this node asks
  template <class Answer, class Body, class Done>
  void ask_leader(const ask<Body>& it, Done end);
  template <class Answer, class Body>
  answered<Answer> pass(const ask<Body>& it);
  answered<protocol::state_written> write(const ask<protocol::write_state>& it);
  void when_seen(std::uint64_t revision, std::function<void()> tell);
  void see_up_to(std::uint64_t revision, std::uint64_t number);
  answered<protocol::state_subscribed>
  add(const ask<protocol::subscribe_state>& it,
      const actors::state_follower_actor& who);
  void begin(follower_wish it);
  answered<protocol::unsubscribed> remove(const ask<protocol::unsubscribe>& it);

  // state_replica_feed.cpp: what the leader tells
  void turn_to(const leader_is& it);
  void follow(std::uint64_t from);
  void follow_later();
  void end_feed();
  void take(fed& it);
  void take(const protocol::any_message& it);
  void take_part(const protocol::state_resync& it);
  void grant();
  void is_up_to_date();
  void let_on(const protocol::grant_credit& more);
  void take_turn();
  void deliver();

  actors::wall_clock clock_;
  protocol::id_source ids_;
  leader_front_actor front_;
  actors::state_rules rules_;
  actors::state_audience audience_;
  actors::deadline_table table_;
  bool turn_is_coming_ = false;
  leader_is leader_;
  std::uint64_t feed_ = 0; ///< Number of the present one.
  caf::actor pipe_;        ///< Of the present one, when this node leads.
  protocol::id subscription_;
  std::uint32_t taken_ = 0; ///< Since credit was granted.
  /// Of a resync that is not complete. Bounded by the leader's limits.
  std::vector<protocol::state_entry> incoming_;
  std::uint64_t incoming_revision_ = 0;
  std::uint32_t next_part_ = 0;
  bool is_fed_ = false;
  std::uint64_t numbers_ = 0;
  std::deque<follower_wish> waiting_; // bounded by waiting_max
  unseen_map unseen_;                 // bounded by waiting_max
  std::map<std::uint64_t, unseen_map::iterator> unseen_numbers_; // the same
};

} // namespace troupe::cluster
