#include "router_impl.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

std::string names_of(const std::vector<model_spec>& models,
                     const std::vector<std::size_t>& which) {
  std::string text;
  for (const auto it : which)
    text += (text.empty() ? "" : ",") + models[it].id;
  return text;
}

bool is_untried(const candidate& it) {
  return it.failures == 0;
}

} // namespace

bool router::falls_back(routed_call& call, errc code) {
  const auto why = failure_class_of(code);
  if (!why)
    return false;
  if (call.attempts >= config_.attempts_max)
    return may_fall_back(code);
  call.failed_at.push_back(call.tried.model);
  const auto next =
      chains_.after(call.tried.model, *why, call.need, call.failed_at);
  if (next.empty())
    return *why != failure_class::content_policy
           || (call.is_for_refusals && !call.candidates.empty());
  // What has failed already may be tried again, behind the chain.
  std::erase_if(call.candidates, is_untried);
  std::vector<candidate> chain;
  for (const auto it : next)
    chain.push_back({it, 0, {}});
  call.candidates.insert(call.candidates.begin(), chain.begin(), chain.end());
  call.is_for_refusals = *why == failure_class::content_policy;
  call.is_in_chain = true;
  log(log_level::debug, "router", "fallback",
      "call=" + to_string(call.asked.head.message)
          + " failed=" + config_.models[call.tried.model].id
          + " code=" + std::string(to_string(code))
          + " next=" + names_of(config_.models, next));
  return true;
}

bool router::leave_decliner(const call_ptr& call, model_reply& reply) {
  if (reply.stop != stop_reason::refusal || call->so_far || call->has_told
      || call->is_cancelled || now() >= call->deadline
      || call->attempts >= config_.attempts_max
      || !falls_back(*call, errc::content_refused))
    return false;
  call->failure =
      fail(errc::content_refused, reply.model + " declined to answer");
  if (call->refusal) {
    call->refusal->used += reply.used;
    call->refusal->cost += reply.cost;
  } else {
    call->refusal = std::move(reply);
  }
  try_next(call);
  return true;
}

bool router::has_more_of_chain(const routed_call& call,
                               const error& why) const {
  return call.is_in_chain && !call.is_cancelled
         && why.code == errc::budget_exhausted
         && call.attempts < config_.attempts_max
         && std::any_of(call.candidates.begin(), call.candidates.end(),
                        is_untried);
}

} // namespace troupe::actors
