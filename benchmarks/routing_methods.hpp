#pragma once

#include "prompt_features.hpp"
#include "routing_data.hpp"

#include <vector>

/// Ways to expect what models will do for a prompt, fitted on other prompts.
namespace troupe::benchmarks {

/// The prompts of one data set as those who choose see them.
struct replay {
  routing_data data;
  std::vector<actors::prompt_features> labelled; ///< Types as the data says.
  std::vector<actors::prompt_features> guessed;  ///< Types from the text.
};

[[nodiscard]] replay make_replay(routing_data data);

/// What is expected of each model for a prompt.
struct expectation {
  std::vector<double> quality;
  std::vector<double> cost;
};
/// By prompt; only those that were asked for are set.
using expectations = std::vector<expectation>;

/// Means of each type, with a little of the whole's.
void by_type(const replay& of, const numbers& fit, const numbers& asked,
             expectations& out);

/// The `k` prompts of the same type that share the rarest words.
void by_neighbours(const replay& of, const numbers& fit, const numbers& asked,
                   std::size_t k, expectations& out);

/// What the router learns from feedback, each prompt once, with the types of
/// `features`.
void by_learning(const replay& of,
                 const std::vector<actors::prompt_features>& features,
                 const numbers& fit, const numbers& asked, expectations& out);

} // namespace troupe::benchmarks
