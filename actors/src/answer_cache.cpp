#include "answer_cache_impl.hpp"
#include "answer_rules.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

/// The router is expected to keep the deadline itself; this much later it is
/// taken for lost.
constexpr std::chrono::seconds router_grace{2};

error too_late() {
  return fail(errc::deadline_exceeded,
              "no answer came to the equal call that is being made");
}

} // namespace

answer_cache::answer_cache(caf::actor_config& cfg, answer_cache_config config)
    : actor_base(cfg, config.clock), config_(std::move(config)),
      ids_(config_.seed), answers_(config_.limits) {
  if (config_.store)
    keeper_ = spawn_answer_keeper(home_system(), config_.store);
  set_exit_handler([this](const caf::exit_msg& msg) { quit(msg.reason); });
}

answer_cache::behavior_type answer_cache::make_behavior() {
  return {
      [this](const call_request& msg) { return take(msg); },
      [this](const coordination<cancel>& msg) { end(msg); },
      // The router knows no call whose answer was given again.
      [this](const protocol::request<judge_answer>& msg) {
        return delegate(config_.router, msg);
      },
      [this](notification<model_delta>& msg) { pass_on(msg); },
      [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
  };
}

void answer_cache::on_exit() {
  const auto why = fail(errc::unreachable, "the answer cache has ended");
  table_.close();
  for (auto& [id, it] : calls_) {
    // Nobody waits for the answer any more, so that it need not be paid.
    if (const auto scope = it->leader.head.cancel_scope)
      send(config_.router,
           coordination<cancel>{child_of(it->leader.head, ids_.next(now())),
                                {scope, why.detail}});
    it->leader.promise.deliver(to_caf(why));
  }
  for (auto& [key, it] : flights_)
    for (auto& [arrival, who] : it->waiting)
      who.promise.deliver(to_caf(why));
  flights_.clear();
  calls_.clear();
  if (keeper_)
    caf::anon_send(keeper_, end_of_answers{});
  keeper_ = nullptr;
  config_.router = nullptr;
  config_.store = nullptr;
}

caf::result<answer_cache::reply_response>
answer_cache::take(const call_request& msg) {
  if (!may_share(msg.body, config_.limits))
    return delegate(config_.router, msg);
  const auto key =
      std::make_shared<const answer_key>(key_of(msg.body, config_.setting));
  if (const auto kept = answers_.find(key, now()))
    return repeat(msg, kept->reply);
  if (open_ >= config_.calls_max)
    return to_caf(fail(errc::overloaded, "too many calls in flight"));
  return join(msg, key);
}

caf::result<answer_cache::reply_response>
answer_cache::repeat(const call_request& msg, const model_reply& reply) {
  if (msg.body.stream)
    tell(caf::actor_cast<delta_sink_actor>(current_sender()), msg.head, reply);
  return reply_response{answer_to(msg.head, ids_.next(now())),
                        without_cost(reply)};
}

caf::result<answer_cache::reply_response>
answer_cache::join(const call_request& msg, const answer_key_ptr& key) {
  asker who;
  who.head = msg.head;
  who.account = msg.body.account;
  who.stream = msg.body.stream;
  who.deadline = earlier_deadline(msg.head.deadline, now() + config_.patience);
  // Making the promise takes the sender away, so it is read first.
  who.sink = caf::actor_cast<delta_sink_actor>(current_sender());
  who.promise = make_response_promise<reply_response>();
  auto promise = who.promise;
  auto& place = flights_[key];
  const bool is_first = place == nullptr;
  if (is_first) {
    place = std::make_shared<flight>();
    place->key = key;
    place->body = msg.body;
  }
  const auto it = place;
  ++open_;
  add(it, ++arrivals_, std::move(who));
  if (is_first)
    look(it);
  return promise;
}

void answer_cache::add(const flight_ptr& to, std::uint64_t arrival, asker who) {
  who.alarm =
      table_.add(config_.clock.steady_at(who.deadline), [this, to, arrival] {
        if (auto late = to->waiting.extract(arrival))
          give_up(late.mapped(), too_late());
      });
  table_.arm(this);
  to->waiting.emplace(arrival, std::move(who));
}

void answer_cache::lead(const flight_ptr& it) {
  if (it->waiting.empty())
    return close(it);
  const auto first = it->waiting.begin();
  table_.remove(first->second.alarm);
  it->leader = std::move(first->second);
  it->waiting.erase(first);
  ask_router(it);
}

void answer_cache::ask_router(const flight_ptr& it) {
  auto& leader = it->leader;
  // It keeps its id, by which the asker may judge the answer.
  call_request ask{child_of(leader.head, leader.head.message, leader.deadline),
                   it->body};
  ask.head.from = leader.head.from; // the calls are its own
  ask.body.account = leader.account;
  ask.body.stream = leader.stream;
  it->call = ask.head.message;
  calls_.emplace(it->call, it);
  request_until<reply_response>(
      this, table_, config_.clock.steady_at(leader.deadline) + router_grace,
      config_.router,
      [this, it](const result<reply_response>& answer) {
        calls_.erase(std::exchange(it->call, {}));
        if (answer)
          answered(it, *answer);
        else
          failed(it, answer.error());
      },
      std::move(ask));
}

void answer_cache::answered(const flight_ptr& it,
                            const reply_response& answer) {
  const auto& reply = answer.body;
  deliver(it->leader, reply);
  if (!it->is_shared)
    return;
  if (!may_keep(reply, config_.limits))
    return part(it);
  keep(it->key, reply);
  land(it, reply);
}

void answer_cache::failed(const flight_ptr& it, const error& why) {
  give_up(it->leader, why);
  if (is_of_the_call(why.code))
    fail_all(it, why);
  else
    lead(it);
}

void answer_cache::land(const flight_ptr& it, const model_reply& reply) {
  close(it);
  for (auto& who : take_waiting(it)) {
    if (who.stream)
      tell(who.sink, who.head, reply);
    deliver(who, without_cost(reply));
  }
}

void answer_cache::part(const flight_ptr& it) {
  close(it);
  for (auto& who : take_waiting(it)) {
    const auto own = std::make_shared<flight>();
    own->body = it->body;
    own->is_shared = false;
    own->leader = std::move(who);
    ask_router(own);
  }
}

void answer_cache::fail_all(const flight_ptr& it, const error& why) {
  close(it);
  for (auto& who : take_waiting(it))
    give_up(who, why);
}

std::vector<answer_cache::asker>
answer_cache::take_waiting(const flight_ptr& it) {
  std::vector<asker> all;
  all.reserve(it->waiting.size());
  for (auto& [arrival, who] : std::exchange(it->waiting, {})) {
    table_.remove(who.alarm);
    all.push_back(std::move(who));
  }
  return all;
}

void answer_cache::close(const flight_ptr& it) {
  if (it->is_shared)
    flights_.erase(it->key);
}

void answer_cache::deliver(asker& to, model_reply reply) {
  --open_;
  to.promise.deliver(
      reply_response{answer_to(to.head, ids_.next(now())), std::move(reply)});
}

void answer_cache::tell(const delta_sink_actor& sink, const header& head,
                        const model_reply& reply) {
  auto text = text_of(reply.content);
  if (sink && !text.empty())
    send(sink, notification<model_delta>{answer_to(head, ids_.next(now())),
                                         {std::move(text)}});
}

void answer_cache::give_up(asker& who, const error& why) {
  --open_;
  who.promise.deliver(to_caf(why));
}

void answer_cache::pass_on(notification<model_delta>& msg) {
  const auto found = calls_.find(msg.head.correlation);
  if (found == calls_.end() || !found->second->leader.sink)
    return;
  auto& leader = found->second->leader;
  msg.head.correlation = leader.head.message;
  send(leader.sink, std::move(msg));
}

void answer_cache::end(const coordination<cancel>& msg) {
  if (!msg.body.scope)
    return;
  // Those who lead end with the router's answer, so that they are settled.
  send(config_.router, msg);
  for (auto& [key, it] : flights_)
    for (auto at = it->waiting.begin(); at != it->waiting.end();) {
      auto& who = at->second;
      const bool is_meant = who.head.cancel_scope == msg.body.scope;
      if (is_meant) {
        table_.remove(who.alarm);
        give_up(who, fail(errc::cancelled, msg.body.reason));
      }
      at = is_meant ? it->waiting.erase(at) : std::next(at);
    }
}

router_actor spawn_answer_cache(caf::actor_system& system,
                                answer_cache_config config) {
  return caf::actor_cast<router_actor>(
      system.spawn<answer_cache>(std::move(config)));
}

} // namespace troupe::actors
