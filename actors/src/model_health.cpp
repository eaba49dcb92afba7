#include "model_health.hpp"

#include "random.hpp"
#include "troupe/actors/key_trouble.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::instant;

model_health::model_health(const router_config& config)
    : limits_(config.retries), random_(config.seed),
      rests_(config.models.size()) {
  for (const auto& it : config.models) {
    provider_of_.push_back(it.provider);
    const auto own = config.breakers_at.find(it.provider);
    const auto& limits =
        own == config.breakers_at.end() ? config.breakers : own->second;
    breakers_.emplace_back(limits, next_random(random_));
    allowances_.emplace(it.provider, retry_allowance{limits_});
    keys_.emplace(it.provider, key_rest{limits});
  }
}

void model_health::drop_hopeless(std::vector<candidate>& from) const {
  std::erase_if(from, [this](const candidate& it) {
    return it.failures > 0 && !allowances_.at(provider_of_[it.model]).has_any();
  });
}

std::optional<breaker::ticket> model_health::admit(const candidate& to,
                                                   instant now) {
  if (!is_rested(to, now))
    return std::nullopt;
  auto ticket = breakers_[to.model].admit(now);
  if (ticket)
    count_try(to);
  return ticket;
}

void model_health::count_try(const candidate& to) {
  auto& allowance = allowances_.at(provider_of_[to.model]);
  if (to.failures > 0)
    allowance.spend();
  else
    allowance.earn();
}

std::vector<candidate>::iterator
model_health::least_bad(std::vector<candidate>& from, instant now) const {
  auto best = from.end();
  for (auto it = from.begin(); it != from.end(); ++it)
    if (is_rested(*it, now)
        && (best == from.end()
            || breakers_[it->model].next_try(now)
                   < breakers_[best->model].next_try(now)))
      best = it;
  return best;
}

model_health::chance model_health::next_chance(std::vector<candidate>& to,
                                               instant now) {
  chance out;
  for (auto& it : to) {
    const auto& asked = rests_[it.model];
    if (!asked.is_over(now))
      it.ready = std::max(it.ready, asked.turn(next_random(random_)));
    const auto& health = breakers_[it.model];
    auto next = std::max(it.ready, health.next_try(now));
    const auto& key = key_of(it.model);
    if (!key.is_over(now)) // not in `ready`: an answer may end it early
      next = std::max(next, key.turn(next_random(random_)));
    out.first = std::min(out.first, next);
    out.is_probed |= health.state() == breaker_state::half_open;
    out.is_open &= !key.is_over(now)
                   || (health.state() != breaker_state::closed
                       && health.next_try(now) > now);
  }
  return out;
}

bool model_health::report(std::size_t model, const breaker::ticket& of,
                          call_verdict verdict, instant now) {
  const bool has_key_back = verdict == call_verdict::success
                            && keys_.at(provider_of_[model]).answered(now);
  return breakers_[model].report(of, verdict, now) || has_key_back;
}

void model_health::note_failure(std::size_t model, const protocol::error& why,
                                instant now) {
  if (is_of_key(why))
    keys_.at(provider_of_[model]).refused(why, now);
  else
    rests_[model].ask(why.retry_after, now);
}

candidate model_health::again(candidate it, instant now) {
  it.failures += 1;
  it.ready =
      now + pause_before_retry(limits_, it.failures, next_random(random_));
  return it;
}

} // namespace troupe::actors
