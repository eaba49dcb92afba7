#include "router_impl.hpp"
#include "troupe/actors/billing.hpp"
#include "troupe/actors/router_rules.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

/// A provider is expected to keep the deadline itself; this much later it is
/// taken for lost.
constexpr std::chrono::milliseconds provider_grace{500};

} // namespace

router::router(caf::actor_config& cfg, router_config config)
    : actor_base(cfg, config.clock), config_(std::move(config)),
      ids_(config_.seed), index_(config_.models), affinity_(config_.models),
      chains_(config_.models, config_.fallbacks), health_(config_),
      admission_(config_), latencies_(config_.models.size()),
      hedging_(config_.hedging, admission_.providers()),
      line_alarms_(admission_.providers()) {
  set_exit_handler([this](const caf::exit_msg& msg) { quit(msg.reason); });
}

router::behavior_type router::make_behavior() {
  return {
      [this](const protocol::request<model_call>& msg) { return take(msg); },
      [this](const coordination<cancel>& msg) { end(msg); },
      [this](const protocol::request<judge_answer>& msg) { return judge(msg); },
      [this](notification<model_delta>& msg) { pass_on(msg); },
      [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
  };
}

void router::on_exit() {
  for (auto& [attempt, call] : by_attempt_) {
    // What its provider may still bill stays spent.
    settle(call, settlement::unknown, {});
    cancel_attempt(*call, "the router has ended");
  }
  for (auto& [key, call] : calls_) {
    if (const auto scope = call->asked.head.cancel_scope)
      for (auto& [name, provider] : config_.providers)
        send(provider,
             coordination<cancel>{child_of(call->asked.head, ids_.next(now())),
                                  {scope, "the router has ended"}});
    call->promise.deliver(
        to_caf(fail(errc::unreachable, "the router has ended")));
  }
  table_.close();
  (void)resting_.take_all();
  admission_.clear();
  calls_.clear();
  by_attempt_.clear();
  config_.providers.clear();
  config_.budget = nullptr;
}

caf::result<protocol::response<model_reply>>
router::take(const protocol::request<model_call>& msg) {
  const auto started = now();
  if (calls_.size() >= config_.calls_max)
    return to_caf(fail(errc::overloaded, "too many calls in flight"));
  const auto need = need_of(msg.body, *config_.counter);
  auto candidates = index_.choose(need);
  if (!candidates)
    return to_caf(candidates.error());
  put_in_order(*candidates, msg, need);
  auto call = std::make_shared<routed_call>();
  call->asked = msg;
  // Making the promise takes the sender away, so it is read first.
  call->sink = caf::actor_cast<delta_sink_actor>(current_sender());
  call->promise = make_response_promise<protocol::response<model_reply>>();
  call->need = need;
  call->arrival = ++arrivals_;
  call->deadline =
      earlier_deadline(msg.head.deadline, started + config_.patience);
  for (const auto it : *candidates)
    call->candidates.push_back({it, 0, {}});
  calls_.emplace(msg.head.message, call);
  try_next(call);
  return call->promise;
}

void router::put_in_order(std::vector<std::size_t>& chosen,
                          const protocol::request<model_call>& msg,
                          const model_need& need) {
  if (config_.policy)
    return config_.policy->order(chosen, msg.head, msg.body, need);
  prefer_fast(chosen, config_.models, need, latencies_,
              config_.latency_weight_permille);
  affinity_.prefer(chosen, msg.body, need, now());
}

const token_counter& router::counter_of(const model_spec& model) const {
  const auto exact = config_.exact.find(model.id);
  return exact == config_.exact.end() ? *config_.counter : *exact->second;
}

void router::ask_provider(const call_ptr& call) {
  const auto& model = config_.models[call->tried.model];
  const auto provider = config_.providers.find(model.provider);
  if (provider == config_.providers.end())
    return provider_failed(
        call, fail(errc::provider_unavailable,
                   "no provider '" + model.provider + "' is configured"));
  protocol::request<model_call> ask{
      child_of(call->asked.head, ids_.next(now()), call->deadline),
      body_for(*call)};
  call->attempt = ask.head.message;
  if (call->asked.body.terms.hedge)
    ask.head.cancel_scope = call->attempt;
  by_attempt_.emplace(call->attempt, call);
  watch(call);
  request_until<protocol::response<model_reply>>(
      this, table_, config_.clock.steady_at(call->deadline) + provider_grace,
      provider->second,
      [this, call](result<protocol::response<model_reply>> answer) {
        by_attempt_.erase(call->attempt);
        table_.remove(call->patience);
        if (answer)
          provider_answered(call, std::move(answer->body));
        else
          provider_failed(call, answer.error());
      },
      std::move(ask));
}

void router::provider_answered(const call_ptr& call, model_reply reply) {
  const auto& model = config_.models[call->tried.model];
  complete_usage(reply, call->asked.body, counter_of(model));
  reply.model = model.id;
  reply.provider = model.provider;
  reply.cost = cost_of(model, reply.used);
  settle(call, settlement::billed, reply.cost,
         reply.used.prompt() + reply.used.output);
  report(call, call_verdict::success, admission::ending::success,
         {reply.used.prompt(), reply.used.output});
  if (call->is_lost)
    return bill_winner(*call, reply);
  win(call);
  heard_whole(*call);
  if (config_.policy)
    config_.policy->answered(call->asked.head.message, call->tried.model,
                             reply.cost);
  else
    affinity_.note(call->asked.body, call->tried.model, reply.used, now());
  if (leave_decliner(call, reply))
    return;
  const bool goes_on = is_to_go_on(*call, reply);
  call->so_far = joined(std::exchange(call->so_far, {}), std::move(reply));
  if (goes_on && !call->is_cancelled) {
    ++call->so_far->continuations;
    call->candidates = {call->tried};
    return try_next(call);
  }
  if (!call->so_far->simulated)
    lengths_.add(call->kind, call->so_far->used.output);
  deliver(call);
}

void router::deliver(const call_ptr& call) {
  calls_.erase(call->asked.head.message);
  auto reply = std::move(*call->so_far);
  reply.attempts = call->attempts;
  reply.degraded = std::move(call->degraded);
  if (call->refusal) {
    reply.used += call->refusal->used;
    reply.cost += call->refusal->cost;
  }
  reply.hedges = call->hedges;
  reply.used += call->lost_used;
  reply.cost += call->lost_cost;
  call->promise.deliver(protocol::response<model_reply>{
      answer_to(call->asked.head, ids_.next(now())), std::move(reply)});
}

void router::provider_failed(const call_ptr& call, const error& why) {
  settle(call,
         may_have_been_billed(why.code) ? settlement::unknown
                                        : settlement::released,
         {});
  health_.note_failure(call->tried.model, why, now());
  report(call, verdict_of(why.code),
         why.code == errc::provider_throttled ? admission::ending::refused
                                              : admission::ending::other,
         cost_of(*call));
  if (call->is_cancelled)
    return finish(call, call->failure);
  if (leave_to_other(call, why))
    return;
  call->failure = why;
  // What has been told cannot be taken back: nothing starts again behind it.
  if (call->has_told || now() >= call->deadline || !falls_back(*call, why.code))
    return finish(call, call->failure);
  if (call->attempts >= config_.attempts_max) {
    call->failure.retries_spent = true;
    return finish(call, call->failure);
  }
  if (may_try_again(why))
    call->candidates.push_back(health_.again(call->tried, now()));
  try_next(call);
}

void router::settle(const call_ptr& call, settlement outcome, money actual,
                    std::uint64_t tokens) {
  auto head = child_of(call->asked.head, ids_.next(now()));
  head.deadline = {}; // else one that comes after the call's is not started
  // Nothing waits for the answer: a settlement cannot be refused.
  caf::anon_send(config_.budget, protocol::request<settle_budget>{
                                     std::move(head),
                                     {std::exchange(call->reservation, {}),
                                      outcome, actual, tokens}});
}

void router::finish(const call_ptr& call, const error& why) {
  if (leave_to_other(call, why))
    return;
  if (!call->so_far)
    call->so_far = std::exchange(call->refusal, std::nullopt);
  if (call->so_far && !call->is_cancelled)
    return deliver(call); // cut or declined, and told to be
  calls_.erase(call->asked.head.message);
  call->promise.deliver(to_caf(why));
}

void router::pass_on(notification<model_delta>& msg) {
  const auto found = by_attempt_.find(msg.head.correlation);
  if (found == by_attempt_.end() || !found->second->sink)
    return;
  const auto call = found->second;
  if (call->is_lost)
    return;
  if (!call->has_told)
    heard_first_piece(call);
  call->has_told = true;
  msg.head.correlation = call->asked.head.message;
  send(call->sink, std::move(msg));
}

router_actor spawn_router(caf::actor_system& system, router_config config) {
  return system.spawn<router>(std::move(config));
}

} // namespace troupe::actors
