#pragma once

#include "troupe/actors/router_rules.hpp"

namespace troupe::actors {

/// What `need` costs at `model`, to compare models by: millionths of
/// nano-dollars, all of the prompt as plain input.
[[nodiscard]] double price_score(const protocol::model_spec& model,
                                 const model_need& need) noexcept;

/// Chooses among many models as `choose_models` does, from what a choice needs
/// of each, laid out in a row: some nanoseconds a model, and only the best in
/// order. Not thread-safe for changes; any number of threads may choose.
class model_index {
public:
  /// No call is tried at more models.
  static constexpr std::size_t chosen_max = 32;

  /// `models` must outlive it and stay as they are.
  explicit model_index(const std::vector<protocol::model_spec>& models);

  /// The first `chosen_max` of what `choose_models` gives. Errors: the same.
  [[nodiscard]] protocol::result<std::vector<std::size_t>>
  choose(const model_need& need) const;

private:
  struct row {
    double input = 0; ///< Prices of the first band.
    double output = 0;
    std::uint64_t band_above = UINT64_MAX; ///< Where the second begins.
    std::uint32_t model = 0;
    std::uint32_t context_tokens = 0;
    std::uint32_t output_tokens = 0;
    protocol::tier level{};
    protocol::speed pace{};
    bool has_tools = false;
  };

  /// What a row's model has, a bit for each name: without all that are asked
  /// for, it lacks one; names may share a bit.
  struct marks {
    std::uint64_t skills = 0;
    std::uint64_t regions = 0;
  };

  [[nodiscard]] bool meets_terms(std::size_t at, const model_need& need,
                                 const marks& wanted) const;

  const std::vector<protocol::model_spec>* models_;
  std::vector<row> rows_;    ///< Of those that any call may get.
  std::vector<marks> marks_; ///< Of each row.
};

} // namespace troupe::actors
