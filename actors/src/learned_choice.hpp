#pragma once

#include "model_learning.hpp"

#include <cstdint>
#include <vector>

namespace troupe::actors {

/// A model that a call may be sent to, and what it would cost at list price.
struct offered_model {
  std::size_t model = 0;
  double listed = 0; ///< Nano-dollars; or any unit, the same for all.
};

/// What spoke for and against a model.
struct scored_model {
  std::size_t model = 0;
  model_estimate expects;
  double sampled = 0;    ///< Quality as it was drawn for this choice.
  double score = 0;      ///< `sampled` less what its cost is worth.
  double propensity = 0; ///< How probable it was that it comes first.
};

/// How a choice weighs cost and what is not known.
struct choice_weights {
  double per_cost = 0;  ///< Quality that one unit of cost is worth.
  bool explores = true; ///< Draws qualities; else takes what is expected.
};

/// The offered models, best first: Thompson sampling. Each model's quality is
/// drawn from what is believed of it, and its expected cost is weighed against
/// that. `random` moves on. With `explores` off the best has propensity 1.
[[nodiscard]] std::vector<scored_model>
rank_learned(const model_learning& known, const prompt_features& prompt,
             const std::vector<offered_model>& offered,
             const choice_weights& weights, std::uint64_t& random);

/// The price of money in quality, so that calls cost on average what they may:
/// the dual of the constraint, moved a step at each call by what that call cost
/// above or below it. Not thread-safe.
class spend_pace {
public:
  /// `target`: what a call may cost on average; 0: anything.
  explicit spend_pace(double target) : target_(target) {}

  void paid(double cost);

  [[nodiscard]] double per_cost() const {
    return target_ > 0 ? dual_ / target_ : 0;
  }

private:
  double target_;
  double dual_ = 0.02;
};

} // namespace troupe::actors
