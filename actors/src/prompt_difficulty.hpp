#pragma once

#include "prompt_features.hpp"

#include <vector>

namespace troupe::actors {

/// Learns from the texts of prompts how much better or worse than usual models
/// do on them: a linear function of their words, each weighted by how few
/// prompts have it, and of their sizes, compared with their type's. What all
/// prompts say, such as a template's text, says nothing. 96 KiB. Not
/// thread-safe.
class prompt_difficulty {
public:
  explicit prompt_difficulty(std::size_t types);

  /// Once a prompt, before it is learned from.
  void count(const prompt_features& prompt);

  /// Ease, in units of a logit: 0 for the usual prompt of its type.
  [[nodiscard]] double ease_of(const prompt_features& prompt) const;

  /// Moves the ease of `prompt` and of those like it along `gradient`, the
  /// mean of what models did better than was expected, -1 to 1.
  void learn(const prompt_features& prompt, double gradient, double rate);

private:
  struct measure {
    double mean = 0;
    double square = 0; ///< Mean of squared distances.
    double weight = 0;
  };
  using measures = std::array<measure, prompt_features::measures>;

  /// Those beyond the last are the last.
  [[nodiscard]] std::size_t type_of(const prompt_features& prompt) const;
  [[nodiscard]] double rarity(std::uint16_t bucket) const;
  [[nodiscard]] double length_of(const prompt_features& prompt) const;
  static double standing(const measure& of, double size);

  std::vector<float> weights_; ///< By bucket.
  std::vector<float> seen_in_; ///< Prompts, by bucket.
  double prompts_ = 0;
  std::vector<measures> sizes_; ///< By type.
  std::vector<double> counted_; ///< By type.
};

} // namespace troupe::actors
