#include "state_store_impl.hpp"

namespace troupe::actors {

using namespace protocol;

state_store::state_store(caf::actor_config& cfg, state_store_config config)
    : actor_base(cfg, config.clock), clock_(config.clock), ids_(config.seed),
      mark_(std::move(config.mark)),
      lives_(config.lives ? std::move(config.lives)
                          : std::make_shared<incarnation_book>()),
      rules_(
          config.limits, [this](state_update it) { return seal(it); },
          mark_ ? mark_->load() : 0),
      outbox_(std::move(config.keeper)) {
  if (config.kept)
    rules_.restore(std::move(*config.kept));
  if (outbox_.has_keeper())
    rules_.on_commit([this](const shared_update& it) { outbox_.note(it); });
  set_down_handler([this](const caf::down_msg& down) {
    audience_.forget(rules_, down.source);
  });
}

void state_store::tell_status(part_status& to) const {
  add_figure(to, "revision", rules_.revision());
  if (outbox_.has_keeper())
    add_figure(to, "waiting", outbox_.size());
}

state_store::behavior_type state_store::make_behavior() {
  wait_for_expiry();
  return {
      [this](const ask<write_state>& msg) { return write(msg); },
      [this](const ask<read_state>& msg) { return read(msg); },
      [this](const ask<list_state>& msg) { return begin<state_listed>(msg); },
      [this](const ask<read_state_history>& msg) {
        return begin<state_history>(msg);
      },
      [this](const ask<subscribe_state>& msg, const state_follower_actor& who) {
        return add(msg, who);
      },
      [this](const ask<unsubscribe>& msg) { return remove(msg); },
      [this](const coordination<grant_credit>& msg) {
        rules_.grant(msg.body, now());
        deliver();
      },
      [this](const coordination<cancel>& msg) { end_reads(msg.body); },
      [this](const count_state&) { return rules_.figures(); },
      [this](const state_turn&) { take_turn(); },
      [this](const commits_kept& it) { end_batch(it.outcome); },
      [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
  };
}

void state_store::on_exit() {
  const auto ended = fail(errc::unreachable, "the state store has ended");
  outbox_.end(ended);
  audience_.clear();
  for (auto& [ticket, it] : open_reads_)
    it.promise.deliver(to_caf(ended));
  open_reads_.clear();
}

shared_update state_store::seal(state_update& it) {
  it.head.message = next_id();
  it.head.from = "state-store";
  // Before anybody sees the commit, so that no fault can hide it from the
  // mark. Parts for those who lag are of earlier commits.
  if (mark_ && mark_->load(std::memory_order_relaxed) < it.body.revision)
    mark_->store(it.body.revision, std::memory_order_relaxed);
  return std::make_shared<sealed_message>(std::move(it));
}

std::optional<error> state_store::why_not() const {
  if (!outbox_.may_serve())
    return fail(errc::unreachable, "another node speaks for the state now");
  if (outbox_.is_full())
    return fail(errc::overloaded, "too much waits until it is kept");
  return {};
}

template <class Body>
state_store::answered<Body> state_store::answer(const header& head,
                                                result<Body> outcome) {
  deliver();
  if (!outcome && outbox_.is_open())
    return to_caf(outcome.error());
  if (!outcome) { // it may be of what is not kept, too
    auto refused = make_response_promise<protocol::response<Body>>();
    outbox_.say(
        [refused, why = outcome.error()](const result<void>& kept) mutable {
          refused.deliver(to_caf(kept ? why : kept.error()));
        });
    return refused;
  }
  auto told = marked<protocol::response<Body>>(answer_to(head, next_id()),
                                               std::move(*outcome));
  if (outbox_.is_open())
    return told;
  auto promise = make_response_promise<protocol::response<Body>>();
  outbox_.say([promise, told](const result<void>& kept) mutable {
    if (kept)
      promise.deliver(std::move(told));
    else
      promise.deliver(to_caf(kept.error()));
  });
  return promise;
}

state_store::answered<state_written>
state_store::write(const ask<write_state>& msg) {
  if (const auto no = why_not())
    return to_caf(*no);
  if (!msg.body.writer.empty())
    if (const auto latest =
            lives_->begin(msg.body.writer, msg.body.incarnation);
        !latest)
      return to_caf(latest.error());
  return answer(msg.head, rules_.write(msg, now(), asker()));
}

state_store::answered<state_value>
state_store::read(const ask<read_state>& msg) {
  if (const auto no = why_not())
    return to_caf(*no);
  return answer(msg.head, rules_.read(msg.body, now()));
}

template <class Answer, class Body>
state_store::answered<Answer> state_store::begin(const ask<Body>& msg) {
  if (const auto no = why_not())
    return to_caf(*no);
  const state_reader who{++tickets_, asker(), msg.head.deadline,
                         msg.head.cancel_scope, byte_size(msg)};
  if (auto good = rules_.begin(who, msg.body, now()); !good) {
    deliver();
    return to_caf(good.error());
  }
  auto promise = make_response_promise<protocol::response<Answer>>();
  open_reads_.emplace(who.ticket, open_read{answer_to(msg.head, {}), promise});
  deliver();
  return promise;
}

void state_store::end_reads(const cancel& what) {
  rules_.reads().cancel(what.scope, what.reason);
  deliver();
}

state_store::answered<state_subscribed>
state_store::add(const ask<subscribe_state>& msg,
                 const state_follower_actor& who) {
  if (const auto no = why_not())
    return to_caf(*no);
  const auto name = next_id();
  if (auto good = audience_.add(this, rules_, msg.body, name, who, now());
      !good) {
    deliver();
    return to_caf(good.error());
  }
  // The answer goes out before the messages that it announces.
  auto promise = make_response_promise<protocol::response<state_subscribed>>();
  when_kept([promise,
             told = protocol::response<state_subscribed>{
                 answer_to(msg.head, next_id()),
                 {name, rules_.revision()}}](const result<void>& kept) mutable {
    if (kept)
      promise.deliver(std::move(told));
    else
      promise.deliver(to_caf(kept.error()));
  });
  deliver();
  return promise;
}

state_store::answered<unsubscribed>
state_store::remove(const ask<unsubscribe>& msg) {
  audience_.remove(this, rules_, msg.body.subscription);
  return answer(msg.head, result<unsubscribed>{{msg.body.subscription}});
}

state_store_actor spawn_state_store(caf::actor_system& system,
                                    state_store_config config) {
  return system.spawn<state_store>(std::move(config));
}

} // namespace troupe::actors
