#include "model_health.hpp"

#include "random.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::instant;

model_health::model_health(const router_config& config)
    : limits_(config.retries), random_(config.seed),
      rests_(config.models.size()) {
  for (const auto& it : config.models) {
    provider_of_.push_back(it.provider);
    breakers_.emplace_back(config.breakers, next_random(random_));
    allowances_.emplace(it.provider, retry_allowance{limits_});
  }
}

void model_health::drop_hopeless(std::vector<candidate>& from) const {
  std::erase_if(from, [this](const candidate& it) {
    return it.failures > 0 && !allowances_.at(provider_of_[it.model]).has_any();
  });
}

std::optional<breaker::ticket> model_health::admit(const candidate& to,
                                                   instant now) {
  if (to.ready > now || !rests_[to.model].is_over(now))
    return std::nullopt;
  auto ticket = breakers_[to.model].admit(now);
  if (!ticket)
    return ticket;
  auto& allowance = allowances_.at(provider_of_[to.model]);
  if (to.failures > 0)
    allowance.spend();
  else
    allowance.earn();
  return ticket;
}

model_health::chance model_health::next_chance(std::vector<candidate>& to,
                                               instant now) {
  chance out;
  for (auto& it : to) {
    const auto& asked = rests_[it.model];
    if (!asked.is_over(now))
      it.ready = std::max(it.ready, asked.turn(next_random(random_)));
    const auto& health = breakers_[it.model];
    out.first = std::min(out.first, std::max(it.ready, health.next_try(now)));
    out.is_probed |= health.state() == breaker_state::half_open;
  }
  return out;
}

candidate model_health::again(candidate it, instant now) {
  it.failures += 1;
  it.ready =
      now + pause_before_retry(limits_, it.failures, next_random(random_));
  return it;
}

} // namespace troupe::actors
