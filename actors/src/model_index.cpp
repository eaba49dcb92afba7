#include "model_index.hpp"

#include "no_fit.hpp"
#include "troupe/actors/model_fit.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <tuple>

namespace troupe::actors {

using protocol::result;

namespace {

std::uint64_t marks_of(const std::vector<std::string>& names) {
  std::uint64_t all = 0;
  for (const auto& name : names)
    all |= std::uint64_t{1} << (std::hash<std::string>{}(name) % 64);
  return all;
}

} // namespace

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
  marks_.reserve(rows_.size());
  for (const auto& it : rows_)
    marks_.push_back({marks_of(models[it.model].skills),
                      marks_of(models[it.model].regions)});
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

bool model_index::meets_terms(std::size_t at, const model_need& need,
                              const marks& wanted) const {
  const auto& has = marks_[at];
  if ((has.skills & wanted.skills) != wanted.skills)
    return false;
  if (wanted.regions != 0 && (has.regions & wanted.regions) == 0)
    return false;
  return !why_left_out((*models_)[rows_[at].model], need);
}

result<std::vector<std::size_t>>
model_index::choose(const model_need& need) const {
  if (!need.pinned.empty())
    return choose_models(*models_, need);
  constexpr std::array<double, 2> penalty{
      std::numeric_limits<double>::infinity(), 0};
  const auto prompt = static_cast<double>(need.prompt_tokens);
  const bool has_terms =
      !need.skills.empty() || !need.regions.empty() || need.price_max;
  const marks wanted{marks_of(need.skills), marks_of(need.regions)};
  best_of best;
  // Without a branch but the last, which is seldom taken.
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& it = rows_[i];
    const auto output = std::min(need.output_tokens, it.output_tokens);
    const auto fits = static_cast<unsigned>(it.level >= need.level)
                      & static_cast<unsigned>(it.has_tools >= need.uses_tools)
                      & static_cast<unsigned>(need.prompt_tokens + output
                                              <= it.context_tokens);
    const auto price = it.input * prompt + it.output * output + penalty[fits];
    const bool is_banded = need.prompt_tokens > it.band_above;
    if (price > best.bound() && !(is_banded && fits != 0))
      continue;
    if (has_terms && !meets_terms(i, need, wanted))
      continue;
    const auto& model = (*models_)[it.model];
    best.add({is_banded ? price_score(model, need) : price,
              -static_cast<int>(it.pace), &model.id, it.model});
  }
  auto chosen = std::move(best).sorted();
  if (chosen.empty())
    return no_model_fits(*models_, need);
  return chosen;
}

} // namespace troupe::actors
