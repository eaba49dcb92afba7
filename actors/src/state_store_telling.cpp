// The part of a state store that tells others what they wait for.
#include "state_store_impl.hpp"
#include "troupe/actors/log.hpp"

namespace troupe::actors {

using namespace protocol;

void state_store::deliver() {
  for (auto& it : rules_.followers().take_deliveries())
    tell(it);
  for (auto& it : rules_.reads().take_answers())
    close(it);
  keep();
  if (rules_.needs_turn() && !std::exchange(turn_is_coming_, true))
    send(this, state_turn{});
  wait_for_expiry();
}

void state_store::keep() {
  outbox_.write(
      [self = caf::actor_cast<state_store_impl>(this)](result<void> outcome) {
        caf::anon_send(self, commits_kept{std::move(outcome)});
      });
}

void state_store::end_batch(const result<void>& outcome) {
  if (!outcome) {
    log(log_level::error, "state", "not-kept", outcome.error().detail);
    outbox_.end(fail(errc::unreachable, "nobody knows whether it is kept: "
                                            + outcome.error().detail));
    return quit(caf::exit_reason::user_shutdown);
  }
  const bool may_serve = outbox_.may_serve();
  outbox_.kept();
  if (!may_serve) // what was not told is to be read anew
    return quit(caf::exit_reason::user_shutdown);
  keep();
}

void state_store::close(state_read_answer& it) {
  auto open = open_reads_.extract(it.ticket);
  auto& [head, promise] = open.mapped();
  if (!it.outcome) {
    if (it.outcome.error().code == errc::deadline_exceeded)
      statistics().add(message_count::expired);
    promise.deliver(to_caf(it.outcome.error()));
    return;
  }
  head.message = next_id();
  std::visit(
      [this, &head = head, &promise = promise]<class Body>(Body& body) {
        auto told =
            marked<protocol::response<Body>>(std::move(head), std::move(body));
        this->when_kept([promise, told = std::move(told)](
                            const result<void>& kept) mutable {
          if (kept)
            promise.deliver(std::move(told));
          else
            promise.deliver(to_caf(kept.error()));
        });
      },
      *it.outcome);
}

void state_store::take_turn() {
  turn_is_coming_ = false;
  rules_.take_turn(now());
  deliver();
}

void state_store::wait_for_expiry() {
  const auto due = rules_.next_expiry();
  if (due == waits_for_)
    return;
  if (waits_for_ != instant{})
    table_.remove(wait_);
  waits_for_ = due;
  if (due == instant{})
    return;
  wait_ = table_.add(clock_.steady_at(due), [this] {
    waits_for_ = {};
    rules_.expire(now());
    deliver();
  });
  table_.arm(this);
}

/// To those who follow now, whoever has their places when it goes out.
void state_store::tell(state_delivery& it) {
  header head;
  if (!std::holds_alternative<shared_update>(it.message)) {
    head.message = next_id();
    head.from = name();
  }
  const auto message = state_audience::message_of(it, std::move(head));
  const auto& followers = audience_.followers();
  if (outbox_.is_open()) {
    for (const auto slot : it.slots)
      caf::anon_send(followers[slot], message);
    return;
  }
  std::vector<caf::actor> to;
  to.reserve(it.slots.size());
  for (const auto slot : it.slots)
    to.push_back(followers[slot]);
  outbox_.say([to = std::move(to), message](const result<void>& kept) {
    if (kept)
      for (const auto& who : to)
        caf::anon_send(who, message);
  });
}

} // namespace troupe::actors
