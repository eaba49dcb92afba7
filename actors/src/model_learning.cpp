#include "model_learning.hpp"

#include "random.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace troupe::actors {

namespace {

constexpr double discount = 0.999; ///< For each answer that is judged.
constexpr double tier_mass = 10;   ///< Answers that a tier's word is worth.
constexpr double cell_mass = 20;   ///< That what a model does elsewhere is.
constexpr double type_mass = 10;
constexpr double bill_mass = 3;
constexpr std::size_t lessons_each = 10; ///< Of one judgement.
constexpr double rate_first = 0.1;
constexpr double rate_last = 0.02;
constexpr double rate_half = 2'500; ///< Lessons after which it is half.
constexpr double slope_step = 0.1;
constexpr double slope_max = 3;
constexpr double certain = 0.01; ///< No nearer to 0 or to 1.
/// Quality that is expected of a model of each tier.
constexpr std::array<double, 3> of_tier{0.55, 0.70, 0.85};

double logit(double p) {
  const auto it = std::clamp(p, certain, 1 - certain);
  return std::log(it / (1 - it));
}

double unlogit(double x) {
  return 1 / (1 + std::exp(-x));
}

} // namespace

void model_learning::tally::add(double quality) {
  good = good * discount + quality;
  all = all * discount + 1;
}

void model_learning::bill::add(double listed_more, double paid_more) {
  listed = listed * discount + listed_more;
  paid = paid * discount + paid_more;
  count = count * discount + 1;
}

double model_learning::bill::ratio(double otherwise) const {
  if (listed <= 0)
    return otherwise;
  const auto prior = bill_mass * listed / count;
  return (paid + prior * otherwise) / (listed + prior);
}

model_learning::model_learning(const std::vector<protocol::model_spec>& models,
                               std::size_t types, std::uint64_t seed)
    : types_(std::clamp<std::size_t>(types, 1, types_max)),
      difficulty_(types_.size()), random_(seed) {
  for (const auto& it : models)
    models_.push_back({of_tier.at(static_cast<std::size_t>(it.level)), {}, {}});
  for (auto& it : types_)
    it.cells.resize(models.size());
}

double model_learning::mean_of(std::size_t model) const {
  const auto& it = models_[model];
  return it.answers.mean(it.prior, tier_mass);
}

double model_learning::expected(std::size_t type, std::size_t model) const {
  const auto& it = types_[type];
  return unlogit(logit(mean_of(model)) + logit(it.answers.mean(0.5, type_mass))
                 - logit(it.expected.mean(0.5, type_mass)));
}

double model_learning::price_ratio(std::size_t type, std::size_t model) const {
  const auto& it = types_[type];
  return it.cells[model].calls.ratio(
      models_[model].calls.ratio(it.calls.ratio(1)));
}

model_estimate model_learning::estimate(std::size_t type, std::size_t model,
                                        double ease, double listed) const {
  const auto at = std::min(type, types_.size() - 1);
  const auto& it = types_[at].cells[model];
  const auto usual = it.answers.mean(expected(at, model), cell_mass);
  const auto mass = it.answers.all + cell_mass;
  const auto quality = unlogit(logit(usual) + it.slope * ease);
  // The spread of a Beta, carried through the shift by the ease.
  const auto scale =
      quality * (1 - quality) / std::max(usual * (1 - usual), certain);
  return {quality, scale * std::sqrt(usual * (1 - usual) / (mass + 1)),
          listed * price_ratio(at, model)};
}

void model_learning::judge(const prompt_features& prompt,
                           const std::vector<model_outcome>& outcomes) {
  if (outcomes.empty())
    return;
  judged it{prompt, outcomes};
  it.prompt.type = std::min(prompt.type, types_.size() - 1);
  for (auto& outcome : it.outcomes)
    outcome.quality = std::clamp(outcome.quality, 0.0, 1.0);
  count(it);
  learn(it);
  for (std::size_t i = 1; i < lessons_each && !remembered_.empty(); ++i)
    learn(remembered_[next_random(random_) % remembered_.size()]);
  if (remembered_.size() < remembered_max) {
    remembered_.push_back(std::move(it));
    return;
  }
  remembered_[next_] = std::move(it);
  next_ = (next_ + 1) % remembered_max;
}

void model_learning::count(const judged& it) {
  difficulty_.count(it.prompt);
  auto& type = types_[it.prompt.type];
  for (const auto& [model, quality] : it.outcomes) {
    type.expected.add(mean_of(model));
    type.answers.add(quality);
    type.cells[model].answers.add(quality);
    models_[model].answers.add(quality);
  }
}

void model_learning::learn(const judged& it) {
  const auto rate =
      std::max(rate_last, rate_first / (1 + lessons_ / rate_half));
  lessons_ += 1;
  const auto type = it.prompt.type;
  const auto ease = difficulty_.ease_of(it.prompt);
  double gradient = 0;
  for (const auto& [model, quality] : it.outcomes) {
    auto& own = types_[type].cells[model];
    const auto usual = own.answers.mean(expected(type, model), cell_mass);
    const auto better = quality - unlogit(logit(usual) + own.slope * ease);
    gradient += better * own.slope;
    own.slope =
        std::clamp(own.slope
                       + rate * slope_step
                             * (better * ease - slope_step * (own.slope - 1)),
                   0.0, slope_max);
  }
  difficulty_.learn(it.prompt,
                    gradient / static_cast<double>(it.outcomes.size()), rate);
}

void model_learning::pay(std::size_t type, std::size_t model, double listed,
                         double paid) {
  auto& it = types_[std::min(type, types_.size() - 1)];
  it.cells[model].calls.add(listed, paid);
  it.calls.add(listed, paid);
  models_[model].calls.add(listed, paid);
}

} // namespace troupe::actors
