#include "router_impl.hpp"

#include <caf/all.hpp>

#include <algorithm>

/// A call that is slow gets a second `routed_call` beside it, with all that an
/// attempt has of its own: reservation, place, breaker's ticket, cancel scope.
/// The asker is in one of the two, at first in the first; who ends well takes
/// it over, and the other is lost: it is cancelled, settled, and says no more.
namespace troupe::actors {

using namespace protocol;

namespace {

bool is_among(const std::vector<candidate>& all, std::size_t model) {
  return std::any_of(all.begin(), all.end(), [model](const candidate& it) {
    return it.model == model;
  });
}

} // namespace

void router::watch(const call_ptr& call) {
  const auto provider = admission_.provider_of(call->tried.model);
  if (call->is_second) {
    if (const auto first = call->rival.lock()) {
      first->attempts += 1;
      first->hedges += 1;
    }
    return;
  }
  hedging_.earn(provider);
  const auto patience = hedging_.patience(*call, latencies_);
  if (!patience)
    return;
  call->patience = table_.add(config_.clock.steady_at(call->begun + *patience),
                              [this, call] { hedge(call); });
  table_.arm(this);
}

void router::hedge(const call_ptr& call) {
  const auto provider = admission_.provider_of(call->tried.model);
  if (by_attempt_.size() >= config_.calls_max
      || !hedging_.may_start(*call, provider, config_.attempts_max, now()))
    return;
  for (const auto& it : call->candidates)
    if (it.failures == 0 && hedge(call, it))
      return hedging_.spend(provider);
  if (hedge(call, {call->tried.model, 0, {}}))
    hedging_.spend(provider);
}

bool router::hedge(const call_ptr& call, const candidate& to) {
  const auto provider = admission_.provider_of(to.model);
  if (!health_.is_askable(to, now()) || admission_.has_line(provider)
      || !admission_.may_enter(provider, *call, now()))
    return false;
  const auto ticket = health_.admit(to, now());
  if (!ticket)
    return false;
  auto second = std::make_shared<routed_call>(*call);
  second->candidates.clear();
  second->promise = {};
  second->ticket = *ticket;
  second->tried = to;
  second->attempts += 1;
  second->hedges += 1;
  second->is_second = true;
  second->patience = {};
  second->attempt = {};
  second->reservation = {};
  second->rival = call;
  call->rival = second;
  std::erase_if(call->candidates, [&](const candidate& it) {
    return it.model == second->tried.model;
  });
  admission_.enter(*second, now());
  reserve(second);
  return true;
}

void router::heard_first_piece(const call_ptr& call) {
  table_.remove(call->patience);
  latencies_.add_first(call->tried.model, now() - call->begun);
  win(call);
}

void router::heard_whole(const routed_call& call) {
  const auto took = now() - call.begun;
  latencies_.add_whole(call.tried.model, took);
  // An answer without text, as a wish for a tool, comes all at once.
  if (is_streamed(call) && !call.has_told)
    latencies_.add_first(call.tried.model, took);
}

void router::win(const call_ptr& call) {
  const auto loser = call->rival.lock();
  if (!loser)
    return;
  if (call->is_second) {
    // It would have taken longer still: without it, slow ones are forgotten.
    const auto took = now() - loser->begun;
    if (is_streamed(*loser))
      latencies_.add_first(loser->tried.model, took);
    else
      latencies_.add_whole(loser->tried.model, took);
    hand_over(loser, call);
  }
  call->rival.reset();
  loser->rival = call;
  loser->is_lost = true;
  cancel_attempt(*loser, "another model has answered");
}

void router::bill_winner(const routed_call& lost, const model_reply& reply) {
  if (const auto winner = lost.rival.lock()) {
    winner->lost_used += reply.used;
    winner->lost_cost += reply.cost;
  }
}

bool router::leave_to_other(const call_ptr& call, const error& why) {
  if (call->is_lost)
    return true;
  const auto other = call->rival.lock();
  if (!other)
    return false;
  call->is_lost = true;
  call->rival.reset();
  other->rival.reset();
  if (!call->is_second)
    hand_over(call, other);
  const bool was_asked = call->attempt != protocol::id{};
  if (was_asked) // no chain leads there again
    other->failed_at.push_back(call->tried.model);
  auto& left = other->candidates;
  if (call->tried.model == other->tried.model
      || is_among(left, call->tried.model))
    return true;
  if (!was_asked)
    left.insert(left.begin(), call->tried);
  else if (may_try_again(why))
    left.push_back(health_.again(call->tried, now()));
  return true;
}

void router::hand_over(const call_ptr& from, const call_ptr& to) {
  to->is_second = false;
  to->promise = std::move(from->promise);
  to->candidates = std::move(from->candidates);
  calls_.insert_or_assign(to->asked.head.message, to);
}

void router::cancel_attempt(const routed_call& call,
                            const std::string& reason) {
  if (!call.asked.body.terms.hedge || by_attempt_.count(call.attempt) == 0)
    return; // it ends with its asker's scope, or has ended
  const auto provider =
      config_.providers.find(config_.models[call.tried.model].provider);
  if (provider != config_.providers.end())
    send(provider->second,
         coordination<cancel>{child_of(call.asked.head, ids_.next(now())),
                              {call.attempt, reason}});
}

} // namespace troupe::actors
