#include "hedge_rules.hpp"

namespace troupe::actors {

using protocol::duration;
using protocol::instant;

hedge_rules::hedge_rules(const hedge_limits& limits, std::size_t providers)
    : limits_(limits) {
  retry_limits share;
  share.share_permille = limits.share_permille;
  share.burst = limits.share_permille == 0 ? 0 : limits.burst;
  shares_.assign(providers, retry_allowance{share});
}

std::optional<duration>
hedge_rules::patience(const routed_call& call,
                      const model_latencies& known) const {
  // The rest of an answer must come from where it began.
  if (limits_.share_permille == 0 || !call.asked.body.terms.hedge
      || call.is_second || call.hedges != 0 || call.has_told || call.so_far)
    return std::nullopt;
  return is_streamed(call) ? known.first(call.tried.model, limits_.permille)
                           : known.whole(call.tried.model, limits_.permille);
}

bool hedge_rules::may_start(const routed_call& call, std::size_t provider,
                            std::uint32_t attempts_max, instant now) const {
  return !call.is_cancelled && !call.has_told && call.rival.expired()
         && call.attempts < attempts_max && shares_[provider].has_any()
         && call.deadline - now >= now - call.begun;
}

} // namespace troupe::actors
