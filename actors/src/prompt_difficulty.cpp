#include "prompt_difficulty.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::actors {

namespace {

constexpr double common = 0.05; ///< Rarities below it count for nothing.
constexpr double word_step = 10;
constexpr double size_step = 0.3;
constexpr double word_decay = 0.01;
constexpr double size_decay = 0.001;
constexpr double window = 2'000; ///< Prompts that a mean of sizes spans.
constexpr double standing_max = 3;
constexpr double tiny = 1e-4;

} // namespace

prompt_difficulty::prompt_difficulty(std::size_t types)
    : weights_(prompt_features::buckets), seen_in_(prompt_features::buckets),
      sizes_(types), counted_(types) {}

void prompt_difficulty::count(const prompt_features& prompt) {
  prompts_ += 1;
  for (const auto& it : prompt.words)
    seen_in_[it.bucket] += 1;
  const auto type = type_of(prompt);
  auto& counted = counted_[type];
  counted = std::min(counted + 1, window);
  for (std::size_t i = 0; i < prompt.sizes.size(); ++i) {
    auto& it = sizes_[type].at(i);
    const auto distance = prompt.sizes.at(i) - it.mean;
    it.mean += distance / counted;
    it.square +=
        (distance * (prompt.sizes.at(i) - it.mean) - it.square) / counted;
  }
}

std::size_t prompt_difficulty::type_of(const prompt_features& prompt) const {
  return std::min(prompt.type, sizes_.size() - 1);
}

double prompt_difficulty::rarity(std::uint16_t bucket) const {
  return std::log((prompts_ + 1) / (seen_in_[bucket] + 1));
}

double prompt_difficulty::length_of(const prompt_features& prompt) const {
  double sum = 0;
  for (const auto& it : prompt.words) {
    const auto value = it.weight * rarity(it.bucket);
    sum += value * value;
  }
  return std::sqrt(sum) + tiny;
}

double prompt_difficulty::standing(const measure& of, double size) {
  return std::clamp((size - of.mean) / std::sqrt(of.square + tiny),
                    -standing_max, standing_max);
}

double prompt_difficulty::ease_of(const prompt_features& prompt) const {
  double words = 0;
  for (const auto& it : prompt.words)
    if (const auto rare = rarity(it.bucket); rare > common)
      words += weights_[it.bucket] * it.weight * rare;
  words /= length_of(prompt);
  for (std::size_t i = 0; i < prompt.sizes.size(); ++i) {
    const auto& it = sizes_[type_of(prompt)].at(i);
    words += it.weight * standing(it, prompt.sizes.at(i));
  }
  return words;
}

void prompt_difficulty::learn(const prompt_features& prompt, double gradient,
                              double rate) {
  const auto length = length_of(prompt);
  for (const auto& it : prompt.words) {
    const auto rare = rarity(it.bucket);
    if (rare <= common)
      continue;
    auto& weight = weights_[it.bucket];
    weight +=
        static_cast<float>(rate
                           * (word_step * gradient * it.weight * rare / length
                              - word_decay * weight));
  }
  for (std::size_t i = 0; i < prompt.sizes.size(); ++i) {
    auto& it = sizes_[type_of(prompt)].at(i);
    it.weight += rate
                 * (size_step * gradient * standing(it, prompt.sizes.at(i))
                    - size_decay * it.weight);
  }
}

} // namespace troupe::actors
