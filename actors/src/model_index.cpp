#include "model_index.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace troupe::actors {

using protocol::result;

model_index::model_index(const std::vector<protocol::model_spec>& models)
    : models_(&models) {
  rows_.reserve(models.size());
  for (std::size_t i = 0; i < models.size(); ++i) {
    const auto& it = models[i];
    if (it.pinned_only)
      continue;
    row made;
    made.model = static_cast<std::uint32_t>(i);
    if (!it.prices.empty()) {
      made.input = static_cast<double>(it.prices.front().input.nano_usd);
      made.output = static_cast<double>(it.prices.front().output.nano_usd);
    }
    made.context_tokens = it.context_tokens;
    made.output_tokens = it.output_tokens;
    made.level = it.level;
    made.pace = it.pace;
    made.has_tools = std::find(it.skills.begin(), it.skills.end(), "tools")
                     != it.skills.end();
    if (it.prices.size() > 1)
      made.band_above = it.prices[1].prompt_above;
    rows_.push_back(made);
  }
  // The cheap ones first: then few of the others are looked at twice.
  std::sort(rows_.begin(), rows_.end(), [](const row& a, const row& b) {
    return a.input * 4 + a.output < b.input * 4 + b.output;
  });
}

namespace {

struct choice {
  double price = 0;
  int pace = 0; ///< Faster is less.
  const std::string* id = nullptr;
  std::size_t model = 0;

  bool operator<(const choice& other) const {
    return std::tie(price, pace, *id)
           < std::tie(other.price, other.pace, *other.id);
  }
};

/// The best of all that are added, at most so many.
class best_of {
public:
  /// A price above it need not be added.
  [[nodiscard]] double bound() const { return bound_; }

  void add(const choice& it) {
    heap_.push_back(it);
    std::push_heap(heap_.begin(), heap_.end());
    if (heap_.size() > model_index::chosen_max) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    if (heap_.size() == model_index::chosen_max)
      bound_ = heap_.front().price;
  }

  std::vector<std::size_t> sorted() && {
    std::sort_heap(heap_.begin(), heap_.end());
    std::vector<std::size_t> all;
    all.reserve(heap_.size());
    for (const auto& it : heap_)
      all.push_back(it.model);
    return all;
  }

private:
  std::vector<choice> heap_;
  double bound_ = std::numeric_limits<double>::max();
};

} // namespace

result<std::vector<std::size_t>>
model_index::choose(const model_need& need) const {
  if (!need.pinned.empty())
    return choose_models(*models_, need);
  constexpr std::array<double, 2> penalty{
      std::numeric_limits<double>::infinity(), 0};
  const auto prompt = static_cast<double>(need.prompt_tokens);
  best_of best;
  // Without a branch but the last, which is seldom taken.
  for (const auto& it : rows_) {
    const auto output = std::min(need.output_tokens, it.output_tokens);
    const auto fits = static_cast<unsigned>(it.level >= need.level)
                      & static_cast<unsigned>(it.has_tools >= need.uses_tools)
                      & static_cast<unsigned>(need.prompt_tokens + output
                                              <= it.context_tokens);
    const auto price = it.input * prompt + it.output * output + penalty[fits];
    const bool is_banded = need.prompt_tokens > it.band_above;
    if (price > best.bound() && !(is_banded && fits != 0))
      continue;
    const auto& model = (*models_)[it.model];
    best.add({is_banded ? price_score(model, need) : price,
              -static_cast<int>(it.pace), &model.id, it.model});
  }
  auto chosen = std::move(best).sorted();
  if (chosen.empty())
    return choose_models(*models_, need); // which says why
  return chosen;
}

} // namespace troupe::actors
