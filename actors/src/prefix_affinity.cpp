#include "prefix_affinity.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::chrono::minutes kept_for{5};
/// Providers that cache without being asked do so from here on.
constexpr std::uint64_t tokens_least = 1'024;

id conversation_of(const model_call& call) {
  fingerprint_builder key;
  key.add(std::string_view{call.account}.substr(0, call.account.find('/')));
  key.add(call.system);
  key.add_value(call.tools);
  if (!call.messages.empty())
    key.add_value(call.messages.front());
  return key.finish();
}

bool reads_cheaper(const model_spec& model) {
  if (model.prices.empty())
    return false;
  const auto& it = model.prices.front();
  return it.cache_read > money{} && it.cache_read < it.input;
}

/// Nothing more is asked for writing to the cache.
bool caches_by_itself(const model_spec& model) {
  return reads_cheaper(model)
         && model.prices.front().cache_write <= model.prices.front().input;
}

std::uint64_t kept_tokens(const model_spec& model, const usage& used) {
  if (!reads_cheaper(model))
    return 0;
  const auto told = used.cache_read + used.cache_write + used.cache_write_1h;
  if (told > 0)
    return told;
  return caches_by_itself(model) && used.prompt() >= tokens_least
             ? used.prompt()
             : 0;
}

money expected_cost(const model_spec& model, const model_need& need,
                    std::uint64_t cached) {
  usage used;
  used.cache_read = std::min(cached, need.prompt_tokens);
  used.input = need.prompt_tokens - used.cache_read;
  used.output = std::min(need.output_tokens, model.output_tokens);
  return cost_of(model, used);
}

} // namespace

void prefix_affinity::prefer(std::vector<std::size_t>& chosen,
                             const model_call& call, const model_need& need,
                             instant now) const {
  if (chosen.size() < 2 || held_.empty())
    return;
  const auto found = held_.find(conversation_of(call));
  if (found == held_.end() || found->second.until <= now)
    return;
  const auto& it = found->second;
  const auto place = std::find(chosen.begin(), chosen.end(), it.model);
  if (place == chosen.end() || place == chosen.begin())
    return;
  if (expected_cost((*models_)[it.model], need, it.tokens)
      < expected_cost((*models_)[chosen.front()], need, 0))
    std::rotate(chosen.begin(), place, place + 1);
}

void prefix_affinity::note(const model_call& call, std::size_t model,
                           const usage& used, instant now) {
  const auto tokens = kept_tokens((*models_)[model], used);
  if (tokens == 0 && held_.empty())
    return;
  const auto key = conversation_of(call);
  const auto found = held_.find(key);
  const holding made{model, tokens, now + kept_for};
  if (found != held_.end()) {
    found->second = made; // without tokens it prefers nothing
    return;
  }
  if (tokens == 0)
    return;
  held_.erase(order_[next_]);
  order_[next_] = key;
  next_ = (next_ + 1) % kept_max;
  held_.emplace(key, made);
}

} // namespace troupe::actors
