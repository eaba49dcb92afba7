// The part of a state replica that follows the leader.
#include "state_replica_impl.hpp"

#include <troupe/actors/log.hpp>

namespace troupe::cluster {

using namespace protocol;
using actors::log_level;

namespace {

constexpr std::chrono::milliseconds pause{200};
constexpr std::uint32_t window = 1'000;
constexpr std::uint32_t grant_every = 100;

} // namespace

void state_replica::turn_to(const leader_is& it) {
  if (it.token == leader_.token && it.link == leader_.link)
    return;
  end_feed();
  leader_ = it;
  if (leader_.token != 0)
    follow(rules_.revision());
}

void state_replica::follow(std::uint64_t from) {
  ++feed_;
  taken_ = 0;
  next_part_ = 0;
  incoming_.clear();
  ask<subscribe_state> what;
  what.head.message = ids_.next(now());
  what.head.to = to_shared_state;
  what.body.is_prefix = true;
  what.body.from = from;
  what.body.window = window;
  if (leader_.link)
    send(leader_.link, feed_wish{feed_, std::move(what), this});
  else if (leader_.own)
    pipe_ = spawn_feed(home_system(), clock_, leader_.own->state,
                       {feed_, std::move(what), this});
}

void state_replica::follow_later() {
  end_feed();
  const auto seen = feed_;
  table_.add(clock().now() + pause, [this, seen] {
    if (feed_ == seen && leader_.token != 0)
      follow(rules_.revision());
  });
  table_.arm(this);
}

/// What still comes of it is of no account.
void state_replica::end_feed() {
  ++feed_;
  subscription_ = {};
  if (pipe_)
    send_exit(pipe_, caf::exit_reason::user_shutdown);
  pipe_ = nullptr;
}

void state_replica::take(fed& it) {
  if (it.feed != feed_)
    return;
  if (it.what)
    return take(**it.what);
  const auto& why = it.what.error();
  actors::log(log_level::info, "cluster", "state.feed_ended",
              "why=" + why.detail);
  // A leader that never had what was kept before: the state is another one.
  if (why.code == errc::invalid_request && rules_.revision() != 0)
    return quit(caf::exit_reason::user_shutdown);
  follow_later();
}

void state_replica::take(const any_message& it) {
  if (const auto* begun =
          std::get_if<protocol::response<state_subscribed>>(&it)) {
    subscription_ = begun->body.subscription;
    // With nothing behind it, what is had is all there is.
    if (begun->body.revision == rules_.revision() && rules_.revision() != 0)
      is_up_to_date();
    return;
  }
  grant();
  if (const auto* part = std::get_if<notification<state_resync>>(&it))
    return take_part(part->body);
  const auto* update = std::get_if<state_update>(&it);
  if (update == nullptr || update->body.revision <= rules_.revision())
    return; // a gap: the state comes next
  if (!rules_.take(*update, now())) {
    actors::log(log_level::warn, "cluster", "state.feed_broken",
                "revision=" + std::to_string(update->body.revision));
    return follow_later();
  }
  is_up_to_date();
}

void state_replica::take_part(const state_resync& it) {
  if (it.part == 0) {
    incoming_.clear();
    incoming_revision_ = it.revision;
  } else if (it.part != next_part_ || it.revision != incoming_revision_) {
    return follow_later();
  }
  next_part_ = it.part + 1;
  incoming_.insert(incoming_.end(), it.entries.begin(), it.entries.end());
  if (!it.is_last)
    return;
  next_part_ = 0;
  if (it.revision > rules_.revision() || !is_fed_)
    rules_.take(it.revision, std::exchange(incoming_, {}), now());
  is_up_to_date();
}

void state_replica::grant() {
  if (++taken_ < grant_every)
    return;
  const grant_credit more{subscription_, std::exchange(taken_, 0)};
  if (leader_.link)
    send(leader_.link, feed_wish{feed_, more, this});
  else if (leader_.own)
    send(leader_.own->state, coordination<grant_credit>{{}, more});
}

void state_replica::is_up_to_date() {
  is_fed_ = true;
  for (auto& it : std::exchange(waiting_, {}))
    if (it.what.body.from <= rules_.revision())
      begin(std::move(it));
    else
      waiting_.push_back(std::move(it));
  see_up_to(rules_.revision(), 0);
  deliver();
}

void state_replica::let_on(const grant_credit& more) {
  rules_.grant(more, now());
  deliver();
}

void state_replica::take_turn() {
  turn_is_coming_ = false;
  rules_.take_turn(now());
  deliver();
}

void state_replica::deliver() {
  for (auto& it : rules_.followers().take_deliveries()) {
    header head;
    head.message = ids_.next(now());
    head.from = "state-store";
    const auto message =
        actors::state_audience::message_of(it, std::move(head));
    for (const auto slot : it.slots)
      caf::anon_send(audience_.followers()[slot], message);
  }
  if (rules_.needs_turn() && !std::exchange(turn_is_coming_, true))
    send(this, replica_turn{});
}

state_replica_actor spawn_state_replica(caf::actor_system& system,
                                        state_replica_config config) {
  return caf::actor_cast<state_replica_actor>(
      system.spawn<state_replica>(std::move(config)));
}

} // namespace troupe::cluster
