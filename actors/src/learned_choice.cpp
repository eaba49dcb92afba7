#include "learned_choice.hpp"

#include "random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace troupe::actors {

namespace {

constexpr double step = 0.005;
constexpr double dual_max = 10;
constexpr double cost_step_max = 20; ///< One call moves it by no more.
constexpr double spread_min = 1e-6;
constexpr int grid = 24;           ///< Points of an integral over a quality.
constexpr double grid_reach = 3.5; ///< Standard deviations to either side.

/// In (0, 1).
double uniform(std::uint64_t& random) {
  constexpr double unit = 0x1.0p-53;
  return (static_cast<double>(next_random(random) >> 11U) + 0.5) * unit;
}

/// Of mean 0 and variance 1 (Box and Muller).
double normal(std::uint64_t& random) {
  const auto length = std::sqrt(-2 * std::log(uniform(random)));
  return length * std::cos(2 * std::numbers::pi * uniform(random));
}

/// How probable it is that a standard normal number is less.
double below(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

struct belief {
  double mean = 0;
  double spread = 0;
};

/// How probable it is that `all[which]` is drawn greatest: the integral over
/// what it may be of the chance that each other one is less.
double chance_first(const std::vector<belief>& all, std::size_t which) {
  const auto& own = all[which];
  double sum = 0;
  double whole = 0;
  for (int i = 0; i < grid; ++i) {
    const auto z = grid_reach * (2.0 * i / (grid - 1) - 1);
    auto weight = std::exp(-z * z / 2);
    whole += weight;
    for (std::size_t j = 0; j < all.size(); ++j)
      if (j != which && weight > 0)
        weight *=
            below((own.mean + z * own.spread - all[j].mean) / all[j].spread);
    sum += weight;
  }
  return sum / whole;
}

void add_propensities(std::vector<scored_model>& to, double per_cost) {
  std::vector<belief> beliefs;
  beliefs.reserve(to.size());
  for (const auto& it : to)
    beliefs.push_back({it.expects.quality - per_cost * it.expects.cost,
                       std::max(it.expects.spread, spread_min)});
  double whole = 0;
  for (std::size_t i = 0; i < to.size(); ++i)
    whole += to[i].propensity = chance_first(beliefs, i);
  for (auto& it : to)
    it.propensity /= std::max(whole, spread_min);
}

} // namespace

std::vector<scored_model>
rank_learned(const model_learning& known, const prompt_features& prompt,
             const std::vector<offered_model>& offered,
             const choice_weights& weights, std::uint64_t& random) {
  const auto ease = known.ease_of(prompt);
  std::vector<scored_model> all;
  all.reserve(offered.size());
  for (const auto& it : offered) {
    scored_model scored;
    scored.model = it.model;
    scored.expects = known.estimate(prompt.type, it.model, ease, it.listed);
    scored.sampled = scored.expects.quality;
    if (weights.explores)
      scored.sampled += scored.expects.spread * normal(random);
    scored.score = scored.sampled - weights.per_cost * scored.expects.cost;
    all.push_back(scored);
  }
  if (weights.explores)
    add_propensities(all, weights.per_cost);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.score > b.score;
  });
  if (!weights.explores && !all.empty())
    all.front().propensity = 1;
  return all;
}

void spend_pace::paid(double cost) {
  if (target_ <= 0)
    return;
  const auto over = std::min(cost / target_, cost_step_max) - 1;
  dual_ = std::clamp(dual_ + step * over, 0.0, dual_max);
}

} // namespace troupe::actors
