#include "router_impl.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

error all_rest(instant first) {
  return fail(errc::provider_unavailable,
              "all models that fit rest after failures, until "
                  + to_text(first));
}

error no_place() {
  return fail(errc::provider_throttled,
              "the provider's limits leave no place for the call before its "
              "deadline");
}

} // namespace

void router::try_next(const call_ptr& call) {
  auto& left = call->candidates;
  health_.drop_hopeless(left);
  auto full = no_line;
  for (auto it = left.begin(); it != left.end(); ++it) {
    if (!health_.is_askable(*it, now()))
      continue;
    const auto provider = admission_.provider_of(it->model);
    if (!admission_.may_enter(provider, *call, now())) {
      full = full == no_line ? provider : full;
    } else if (const auto ticket = health_.admit(*it, now())) {
      return start(call, it, *ticket);
    }
  }
  if (full == no_line)
    rest(call);
  else
    wait_for_place(call, full);
}

void router::start(const call_ptr& call, std::vector<candidate>::iterator to,
                   const breaker::ticket& ticket) {
  call->ticket = ticket;
  call->tried = *to;
  call->attempts += 1;
  call->candidates.erase(to);
  admission_.enter(*call, now());
  reserve(call);
}

bool router::try_least_bad(const call_ptr& call) {
  const auto it = health_.least_bad(call->candidates, now());
  if (it == call->candidates.end())
    return false;
  const auto provider = admission_.provider_of(it->model);
  if (admission_.may_enter(provider, *call, now()))
    start(call, it, health_.force(*it));
  else
    wait_for_place(call, provider);
  return true;
}

void router::wait_for_place(const call_ptr& call, std::size_t provider) {
  if (admission_.is_hopeless(provider, *call, now())) {
    const auto ready = admission_.expected_at(provider, *call);
    return finish(call, why_given_up(*call, no_place(), ready, now()));
  }
  admission_.wait(provider, call);
  call->alarm = table_.add(
      config_.clock.steady_at(call->deadline), [this, call, provider] {
        admission_.remove(*call);
        finish(call, why_given_up(*call, no_place(), instant::max(), now()));
        serve(provider); // it may have held up smaller ones
      });
  table_.arm(this);
  serve(provider);
}

void router::serve(std::size_t provider) {
  while (const auto call = admission_.next(provider, now())) {
    table_.remove(call->alarm);
    try_next(call);
  }
  const auto at = admission_.next_at(provider);
  if (at == instant::max() || at == line_alarms_[provider])
    return;
  line_alarms_[provider] = at;
  table_.add(config_.clock.steady_at(at), [this, provider, at] {
    if (line_alarms_[provider] != at)
      return; // another was set since
    line_alarms_[provider] = {};
    serve(provider);
  });
  table_.arm(this);
}

void router::rest(const call_ptr& call) {
  const auto [first, is_probed, is_open] =
      health_.next_chance(call->candidates, now());
  const auto policy = is_open ? config_.when_all_open : all_open_policy::wait;
  const bool is_over = now() >= call->deadline;
  if (!is_over && policy == all_open_policy::least_bad && try_least_bad(call))
    return;
  const bool is_late = is_over || (first >= call->deadline && !is_probed);
  if (is_late || policy == all_open_policy::fail)
    return finish(call, why_given_up(*call, all_rest(first), first, now()));
  resting_.add(call);
  call->alarm =
      table_.add(config_.clock.steady_at(std::min(first, call->deadline)),
                 [this, call] { go_on(call); });
  table_.arm(this);
}

void router::go_on(const call_ptr& call) {
  table_.remove(call->alarm);
  resting_.remove(*call);
  try_next(call);
}

void router::report(const call_ptr& call, call_verdict verdict,
                    admission::ending how, const call_cost& used) {
  const auto provider = admission_.provider_of(call->tried.model);
  admission_.leave(*call, how, used, now());
  if (config_.told)
    for (const auto& it :
         config_.told->take(config_.models[call->tried.model].provider))
      admission_.tell(provider, it, now());
  if (health_.report(call->tried.model, call->ticket, verdict, now()))
    for (const auto& it : resting_.take_all()) {
      table_.remove(it->alarm);
      try_next(it); // may rest again
    }
  serve(provider);
}

void router::withdraw(const call_ptr& call) {
  report(call, call_verdict::neutral, admission::ending::other, {});
}

void router::end(const coordination<cancel>& msg) {
  if (!msg.body.scope)
    return;
  for (auto& [key, call] : calls_) {
    if (call->asked.head.cancel_scope != msg.body.scope)
      continue;
    end(*call, msg.body.reason);
    if (const auto rival = call->rival.lock())
      end(*rival, msg.body.reason);
  }
  for (const auto& gone :
       {resting_.take_cancelled(), admission_.take_cancelled()})
    for (const auto& it : gone) {
      table_.remove(it->alarm);
      finish(it, it->failure);
    }
  for (auto& [name, provider] : config_.providers)
    send(provider, msg);
}

void router::end(routed_call& call, const std::string& reason) {
  call.is_cancelled = true;
  call.failure = fail(errc::cancelled, reason);
  cancel_attempt(call, reason);
}

void router::tell_status(protocol::part_status& to) const {
  add_figure(to, "calls", calls_.size());
  add_figure(to, "attempts", by_attempt_.size());
}

} // namespace troupe::actors
