#include "latency_order.hpp"

#include "model_index.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

constexpr std::uint32_t median = 500;

} // namespace

std::size_t near_in_price(const std::vector<std::size_t>& chosen,
                          const std::vector<protocol::model_spec>& models,
                          const model_need& need,
                          std::uint32_t weight_permille) {
  if (chosen.empty())
    return 0;
  const auto most = price_score(models[chosen.front()], need)
                    * (1'000.0 + weight_permille) / 1'000.0;
  const auto is_near = [&](std::size_t it) {
    return price_score(models[it], need) <= most;
  };
  return static_cast<std::size_t>(
      std::find_if_not(chosen.begin(), chosen.end(), is_near) - chosen.begin());
}

void prefer_fast(std::vector<std::size_t>& chosen,
                 const std::vector<protocol::model_spec>& models,
                 const model_need& need, const model_latencies& times,
                 std::uint32_t weight_permille) {
  if (weight_permille == 0)
    return;
  const auto near = near_in_price(chosen, models, need, weight_permille);
  const auto time_of = [&](std::size_t it) {
    return times.whole(it, median).value_or(protocol::duration{-1});
  };
  std::stable_sort(chosen.begin(),
                   chosen.begin() + static_cast<std::ptrdiff_t>(near),
                   [&](auto a, auto b) { return time_of(a) < time_of(b); });
}

} // namespace troupe::actors
