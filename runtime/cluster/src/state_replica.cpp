#include "state_replica.hpp"

#include "requests.hpp"
#include "state_replica_impl.hpp"

namespace troupe::cluster {

using namespace protocol;

namespace {

constexpr std::chrono::seconds answer_patience{9};
constexpr std::chrono::seconds seen_patience{1};
constexpr std::size_t waiting_max = 10'000;

} // namespace

state_replica::state_replica(caf::actor_config& cfg,
                             state_replica_config config)
    : actor_base(cfg, config.clock), clock_(config.clock), ids_(config.seed),
      front_(std::move(config.front)),
      rules_(config.limits, [](state_update it) {
        return std::make_shared<actors::sealed_message>(std::move(it));
      }) {
  rules_.become_replica();
  monitor(front_);
  set_down_handler([this](const caf::down_msg& it) {
    if (it.source == front_)
      return quit(caf::exit_reason::user_shutdown); // both are made anew
    audience_.forget(rules_, it.source);
  });
}

void state_replica::tell_status(part_status& to) const {
  actors::add_figure(to, "revision", rules_.revision());
  if (leader_.token == 0)
    actors::not_ready(to, "no node leads, or none that can be reached");
}

state_replica::behavior_type state_replica::make_behavior() {
  return {
      [this](const ask<write_state>& it) { return write(it); },
      [this](const ask<read_state>& it) { return pass<state_value>(it); },
      [this](const ask<list_state>& it) { return pass<state_listed>(it); },
      [this](const ask<read_state_history>& it) {
        return pass<state_history>(it);
      },
      [this](const ask<subscribe_state>& it,
             const actors::state_follower_actor& who) { return add(it, who); },
      [this](const ask<unsubscribe>& it) { return remove(it); },
      [this](const coordination<grant_credit>& it) { let_on(it.body); },
      [](const coordination<cancel>&) {}, // the leader's answers are awaited
      [this](const actors::count_state&) { return rules_.figures(); },
      [this](fed& it) { take(it); },
      [this](const leader_is& it) { turn_to(it); },
      [this](const replica_turn&) { take_turn(); },
      [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
  };
}

void state_replica::on_exit() {
  end_feed();
  for (auto& [revision, tell] : std::exchange(unseen_, {}))
    tell();
  for (auto& it : std::exchange(waiting_, {}))
    it.promise.deliver(
        actors::to_caf(fail(errc::unreachable, "the state replica has ended")));
  leader_ = {};
  send_exit(front_, caf::exit_reason::user_shutdown);
  front_ = nullptr;
  audience_.clear();
  table_.close();
}

template <class Answer, class Body, class Done>
void state_replica::ask_leader(const ask<Body>& it, Done end) {
  auto what = it;
  what.head.to = to_shared_state;
  if (!what.head.message)
    what.head.message = ids_.next(now());
  auto due = clock().now() + answer_patience;
  if (what.head.deadline != instant{})
    due = std::min(due, clock_.steady_at(what.head.deadline));
  actors::request_until<told_there>(
      this, table_, due, front_,
      [end = std::move(end)](result<told_there> told) mutable {
        using response = protocol::response<Answer>;
        if (!told)
          return end(result<response>{told.error()});
        if (const auto* body = std::get_if<response>(told->what.get()))
          return end(result<response>{*body});
        end(result<response>{fail(errc::malformed_message,
                                  "the leader answered another thing")});
      },
      ask_there{std::make_shared<const any_message>(std::move(what))});
}

template <class Answer, class Body>
state_replica::answered<Answer> state_replica::pass(const ask<Body>& it) {
  auto promise = make_response_promise<protocol::response<Answer>>();
  ask_leader<Answer>(
      it, [promise](result<protocol::response<Answer>> told) mutable {
        if (told)
          promise.deliver(std::move(*told));
        else
          promise.deliver(actors::to_caf(told.error()));
      });
  return promise;
}

state_replica::answered<state_written>
state_replica::write(const ask<write_state>& it) {
  auto promise = make_response_promise<protocol::response<state_written>>();
  ask_leader<state_written>(
      it,
      [this, promise](result<protocol::response<state_written>> told) mutable {
        if (!told)
          return (void)promise.deliver(actors::to_caf(told.error()));
        when_seen(told->body.revision, [promise, told = *told]() mutable {
          promise.deliver(std::move(told));
        });
      });
  return promise;
}

void state_replica::when_seen(std::uint64_t revision,
                              std::function<void()> tell) {
  if (revision <= rules_.revision() || unseen_.size() >= waiting_max)
    return tell();
  const auto at = unseen_.emplace(revision, std::move(tell));
  const auto number = ++numbers_;
  unseen_numbers_.emplace(number, at);
  table_.add(clock().now() + seen_patience,
             [this, number] { see_up_to(0, number); });
  table_.arm(this);
}

/// Answers those whose revision is seen here, or whose patience has ended.
void state_replica::see_up_to(std::uint64_t revision, std::uint64_t number) {
  std::vector<std::function<void()>> ready;
  std::erase_if(unseen_numbers_, [&](auto& it) {
    if (it.second->first > revision && it.first != number)
      return false;
    ready.push_back(std::move(it.second->second));
    unseen_.erase(it.second);
    return true;
  });
  for (auto& tell : ready)
    tell();
}

state_replica::answered<state_subscribed>
state_replica::add(const ask<subscribe_state>& it,
                   const actors::state_follower_actor& who) {
  auto promise = make_response_promise<protocol::response<state_subscribed>>();
  follower_wish wish{it, who, promise, ++numbers_};
  if (is_fed_ && it.body.from <= rules_.revision()) {
    begin(std::move(wish));
  } else if (waiting_.size() >= waiting_max) {
    promise.deliver(actors::to_caf(
        fail(errc::overloaded, "too many wait until a node leads")));
  } else {
    table_.add(clock().now() + answer_patience, [this, n = wish.number] {
      std::erase_if(waiting_, [&](auto& each) {
        if (each.number != n)
          return false;
        if (is_fed_) // whoever names a revision that is not there is told so
          begin(std::move(each));
        else
          each.promise.deliver(actors::to_caf(fail(
              errc::unreachable, "no node leads that this one can reach")));
        return true;
      });
    });
    table_.arm(this);
    waiting_.push_back(std::move(wish));
  }
  return promise;
}

void state_replica::begin(follower_wish it) {
  const auto name = ids_.next(now());
  if (auto good =
          audience_.add(this, rules_, it.what.body, name, it.who, now());
      !good)
    return (void)it.promise.deliver(actors::to_caf(good.error()));
  it.promise.deliver(protocol::response<state_subscribed>{
      answer_to(it.what.head, ids_.next(now())), {name, rules_.revision()}});
  deliver();
}

state_replica::answered<unsubscribed>
state_replica::remove(const ask<unsubscribe>& it) {
  audience_.remove(this, rules_, it.body.subscription);
  return protocol::response<unsubscribed>{answer_to(it.head, ids_.next(now())),
                                          {it.body.subscription}};
}

} // namespace troupe::cluster
