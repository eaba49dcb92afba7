#include "troupe/actors/router.hpp"

#include "random.hpp"
#include "requests.hpp"
#include "routed_call.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/billing.hpp"
#include "troupe/actors/router_rules.hpp"

#include <caf/all.hpp>

#include <unordered_map>

namespace troupe::actors {

using namespace protocol;

namespace {

using router_impl = router_actor::extend<caf::reacts_to<deadline_tick>>;

/// A provider is expected to keep the deadline itself; this much later it is
/// taken for lost.
constexpr std::chrono::milliseconds provider_grace{500};
constexpr std::chrono::seconds ledger_patience{10};

class router : public actor_base<router_impl> {
public:
  router(caf::actor_config& cfg, router_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        ids_(config_.seed) {
    auto seed = config_.seed;
    for (std::size_t i = 0; i < config_.models.size(); ++i)
      breakers_.emplace_back(config_.breakers, next_random(seed));
    set_exit_handler([this](const caf::exit_msg& msg) { quit(msg.reason); });
  }

  const char* name() const override { return "router"; }

  behavior_type make_behavior() override {
    return {
        [this](const protocol::request<model_call>& msg) { return take(msg); },
        [this](const coordination<cancel>& msg) { end(msg); },
        [this](notification<model_delta>& msg) { pass_on(msg); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    for (auto& [key, call] : calls_) {
      // What its provider may still bill stays spent.
      if (call->reservation)
        settle(call, settlement::unknown, {});
      if (const auto scope = call->asked.head.cancel_scope)
        for (auto& [name, provider] : config_.providers)
          send(provider, coordination<cancel>{
                             child_of(call->asked.head, ids_.next(now())),
                             {scope, "the router has ended"}});
      call->promise.deliver(
          to_caf(fail(errc::unreachable, "the router has ended")));
    }
    table_.close();
    (void)resting_.take_all();
    calls_.clear();
    by_attempt_.clear();
    config_.providers.clear();
    config_.budget = nullptr;
  }

private:
  instant now() { return config_.clock.at(clock().now()); }

  caf::result<protocol::response<model_reply>>
  take(const protocol::request<model_call>& msg) {
    const auto started = now();
    if (calls_.size() >= config_.calls_max)
      return to_caf(fail(errc::overloaded, "too many calls in flight"));
    auto candidates =
        choose_models(config_.models, need_of(msg.body, *config_.counter));
    if (!candidates)
      return to_caf(candidates.error());
    auto call = std::make_shared<routed_call>();
    call->asked = msg;
    // Making the promise takes the sender away, so it is read first.
    call->sink = caf::actor_cast<delta_sink_actor>(current_sender());
    call->promise = make_response_promise<protocol::response<model_reply>>();
    call->deadline =
        earlier_deadline(msg.head.deadline, started + config_.patience);
    call->candidates = std::move(*candidates);
    calls_.emplace(msg.head.message, call);
    try_next(call);
    return call->promise;
  }

  /// The best model that is not tried yet and does not rest.
  void try_next(const call_ptr& call) {
    auto& left = call->candidates;
    for (auto it = left.begin(); it != left.end(); ++it)
      if (const auto ticket = breakers_[*it].admit(now())) {
        call->ticket = *ticket;
        call->model = *it;
        call->attempts += 1;
        left.erase(it);
        return reserve(call);
      }
    if (call->attempts == 0)
      rest(call);
    else
      finish(call, call->failure);
  }

  /// All that fit rest: it waits for the first, if its deadline allows. A probe
  /// may come back at any time.
  void rest(const call_ptr& call) {
    auto first = instant::max();
    bool is_probed = false;
    for (const auto it : call->candidates) {
      first = std::min(first, breakers_[it].next_try(now()));
      is_probed |= breakers_[it].state() == breaker_state::half_open;
    }
    if (now() >= call->deadline || (first >= call->deadline && !is_probed))
      return finish(call, fail(errc::provider_unavailable,
                               "all models that fit rest after failures, until "
                                   + to_text(first)));
    resting_.add(call);
    call->alarm =
        table_.add(config_.clock.steady_at(std::min(first, call->deadline)),
                   [this, call] { go_on(call); });
    table_.arm(this);
  }

  void go_on(const call_ptr& call) {
    table_.remove(call->alarm);
    resting_.remove(*call);
    try_next(call);
  }

  /// What became of the attempt at the call's model.
  void report(const call_ptr& call, call_verdict verdict) {
    if (!breakers_[call->model].report(call->ticket, verdict, now()))
      return;
    for (const auto& it : resting_.take_all()) {
      table_.remove(it->alarm);
      try_next(it); // may rest again
    }
  }

  const token_counter& counter_of(const model_spec& model) const {
    const auto exact = config_.exact.find(model.id);
    return exact == config_.exact.end() ? *config_.counter : *exact->second;
  }

  /// First half of an attempt: the worst case is set aside.
  void reserve(const call_ptr& call) {
    const auto& model = config_.models[call->model];
    protocol::request<reserve_budget> ask{
        child_of(call->asked.head, ids_.next(now())),
        {call->asked.body.account,
         worst_case(model, call->asked.body, counter_of(model))}};
    request_until<protocol::response<budget_reserved>>(
        this, table_, clock().now() + ledger_patience, config_.budget,
        [this, call](result<protocol::response<budget_reserved>> held) {
          if (!held) {
            report(call, call_verdict::neutral);
            return finish(call, held.error());
          }
          call->reservation = held->body.reservation;
          if (call->is_cancelled) {
            report(call, call_verdict::neutral);
            settle(call, settlement::released, {});
            return finish(call, call->failure);
          }
          ask_provider(call);
        },
        std::move(ask));
  }

  /// Second half: the call is carried to the provider.
  void ask_provider(const call_ptr& call) {
    const auto& model = config_.models[call->model];
    const auto provider = config_.providers.find(model.provider);
    if (provider == config_.providers.end())
      return provider_failed(
          call, fail(errc::provider_unavailable,
                     "no provider '" + model.provider + "' is configured"));
    protocol::request<model_call> ask{
        child_of(call->asked.head, ids_.next(now()), call->deadline),
        call->asked.body};
    ask.body.output_tokens_max =
        output_cap(model, need_of(call->asked.body, *config_.counter));
    ask.body.model = model.wire_name;
    call->attempt = ask.head.message;
    by_attempt_.emplace(call->attempt, call);
    request_until<protocol::response<model_reply>>(
        this, table_, config_.clock.steady_at(call->deadline) + provider_grace,
        provider->second,
        [this, call](result<protocol::response<model_reply>> answer) {
          by_attempt_.erase(call->attempt);
          if (answer)
            provider_answered(call, std::move(answer->body));
          else
            provider_failed(call, answer.error());
        },
        std::move(ask));
  }

  void provider_answered(const call_ptr& call, model_reply reply) {
    const auto& model = config_.models[call->model];
    report(call, call_verdict::success);
    complete_usage(reply, call->asked.body, counter_of(model));
    reply.model = model.id;
    reply.provider = model.provider;
    reply.cost = cost_of(model, reply.used);
    reply.attempts = call->attempts;
    settle(call, settlement::billed, reply.cost);
    calls_.erase(call->asked.head.message);
    call->promise.deliver(protocol::response<model_reply>{
        answer_to(call->asked.head, ids_.next(now())), std::move(reply)});
  }

  void provider_failed(const call_ptr& call, const error& why) {
    settle(call,
           may_have_been_billed(why.code) ? settlement::unknown
                                          : settlement::released,
           {});
    report(call, verdict_of(why.code));
    if (!call->is_cancelled)
      call->failure = why;
    if (may_fall_back(why.code) && !call->is_cancelled
        && call->attempts < config_.attempts_max && now() < call->deadline)
      try_next(call);
    else
      finish(call, call->failure);
  }

  void settle(const call_ptr& call, settlement outcome, money actual) {
    auto head = child_of(call->asked.head, ids_.next(now()));
    head.deadline = {}; // else one that comes after the call's is not started
    // Nothing waits for the answer: a settlement cannot be refused.
    caf::anon_send(config_.budget, protocol::request<settle_budget>{
                                       std::move(head),
                                       {std::exchange(call->reservation, {}),
                                        outcome, actual}});
  }

  void finish(const call_ptr& call, const error& why) {
    calls_.erase(call->asked.head.message);
    call->promise.deliver(to_caf(why));
  }

  void end(const coordination<cancel>& msg) {
    if (!msg.body.scope)
      return;
    for (auto& [key, call] : calls_) {
      if (call->asked.head.cancel_scope != msg.body.scope)
        continue;
      call->is_cancelled = true;
      call->failure = fail(errc::cancelled, msg.body.reason);
    }
    for (const auto& it : resting_.take_cancelled()) {
      table_.remove(it->alarm);
      finish(it, it->failure);
    }
    for (auto& [name, provider] : config_.providers)
      send(provider, msg);
  }

  void pass_on(notification<model_delta>& msg) {
    const auto found = by_attempt_.find(msg.head.correlation);
    if (found == by_attempt_.end() || !found->second->sink)
      return;
    msg.head.correlation = found->second->asked.head.message;
    send(found->second->sink, std::move(msg));
  }

  router_config config_;
  id_source ids_;
  deadline_table table_;
  std::vector<breaker> breakers_; // of the models
  resting_calls resting_;
  std::unordered_map<protocol::id, call_ptr> calls_;      // by the request's id
  std::unordered_map<protocol::id, call_ptr> by_attempt_; // by the attempt's id
};

} // namespace

router_actor spawn_router(caf::actor_system& system, router_config config) {
  return system.spawn<router>(std::move(config));
}

} // namespace troupe::actors
