#pragma once

#include "troupe/actors/model_fit.hpp"
#include "troupe/actors/task_complexity.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Why the router would choose a model.
namespace troupe::actors {

/// A model that meets all constraints, and what its place is decided by: the
/// price, then the pace, then the name.
struct weighed_model {
  std::string model{};
  protocol::tier level = protocol::tier::basic;
  protocol::speed pace = protocol::speed::medium;
  protocol::money prompt_cost{}; ///< Of all of the prompt, uncached.
  protocol::money answer_cost{}; ///< Of the longest answer it may give.
  protocol::money cost{};        ///< Of both.
};
BOOST_DESCRIBE_STRUCT(weighed_model, (),
                      (model, level, pace, prompt_cost, answer_cost, cost))

/// A model that was left out, and why.
struct unfit_model {
  std::string model{};
  left_out reason{};
};
BOOST_DESCRIBE_STRUCT(unfit_model, (), (model, reason))

struct choice_explanation {
  std::vector<weighed_model> fitting{}; ///< Best first; empty: none fits.
  std::vector<unfit_model> unfit{};     ///< As the models came.
  std::string failure{};                ///< Why none fits; else empty.
  /// Of the fitting: so many are so near in price that the one that has
  /// answered fastest goes first.
  std::size_t near_in_price = 0;
};
BOOST_DESCRIBE_STRUCT(choice_explanation, (),
                      (fitting, unfit, failure, near_in_price))

/// Explains what `choose_models` does with the same arguments: all of its
/// models in its order, and of every other one the constraint that it fails;
/// and what a router with such a `latency_weight_permille` would do then.
/// Pure.
[[nodiscard]] choice_explanation
explain_choice(const std::vector<protocol::model_spec>& models,
               const model_need& need,
               std::uint32_t latency_weight_permille = 0);

/// The tier that a task of this complexity would be given where nothing else
/// says: basic below 300, advanced below 550, else expert.
[[nodiscard]] protocol::tier tier_for(const task_complexity& task) noexcept;

} // namespace troupe::actors
