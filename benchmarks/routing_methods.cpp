#include "routing_methods.hpp"

#include "model_learning.hpp"
#include "troupe/actors/task_complexity.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace troupe::benchmarks {

replay make_replay(routing_data data) {
  replay out;
  for (const auto& it : data.prompts) {
    const auto type = actors::analyse_complexity(it.text).type;
    out.labelled.push_back(actors::features_of(it.text, it.type));
    out.guessed.push_back(
        actors::features_of(it.text, static_cast<std::size_t>(type)));
  }
  out.data = std::move(data);
  return out;
}

void by_type(const replay& of, const numbers& fit, const numbers& asked,
             expectations& out) {
  const auto models = of.data.models.size();
  expectation all{std::vector<double>(models), std::vector<double>(models)};
  std::vector<expectation> types(of.data.types.size(), all);
  std::vector<double> counts(of.data.types.size());
  for (const auto i : fit) {
    const auto& it = of.data.prompts[i];
    counts[it.type] += 1;
    for (std::size_t m = 0; m < models; ++m) {
      types[it.type].quality[m] += it.quality[m];
      types[it.type].cost[m] += it.cost[m];
      all.quality[m] += it.quality[m] / static_cast<double>(fit.size());
      all.cost[m] += it.cost[m] / static_cast<double>(fit.size());
    }
  }
  for (std::size_t t = 0; t < types.size(); ++t)
    for (std::size_t m = 0; m < models; ++m) {
      auto& it = types[t];
      it.quality[m] = (it.quality[m] + all.quality[m]) / (counts[t] + 1);
      it.cost[m] = (it.cost[m] + all.cost[m]) / (counts[t] + 1);
    }
  for (const auto i : asked)
    out[i] = types[of.data.prompts[i].type];
}

namespace {

constexpr double neighbour_prior = 20; ///< Answers the type's mean is worth.

/// Finds prompts of the same type by the rare words they share.
class neighbour_index {
public:
  neighbour_index(const replay& of, const numbers& fit)
      : of_(&of), fit_(&fit), rare_(actors::prompt_features::buckets),
        own_(actors::prompt_features::buckets), norms_(of.labelled.size()) {
    for (const auto i : fit)
      for (const auto& word : of.labelled[i].words)
        rare_[word.bucket] += 1;
    for (auto& it : rare_)
      it = std::log((static_cast<double>(fit.size()) + 1) / (it + 1));
    for (const auto i : fit)
      norms_[i] = norm(of.labelled[i]);
  }

  numbers nearest(std::size_t prompt, std::size_t k) {
    const auto& asked = of_->labelled[prompt];
    for (const auto& word : asked.words)
      own_[word.bucket] = word.weight * std::pow(rare_[word.bucket], 2);
    std::vector<std::pair<double, std::size_t>> near;
    for (const auto i : *fit_) {
      const auto& it = of_->labelled[i];
      if (it.type != asked.type)
        continue;
      double dot = 0;
      for (const auto& word : it.words)
        dot += own_[word.bucket] * word.weight;
      near.emplace_back(-dot / norms_[i], i);
    }
    for (const auto& word : asked.words)
      own_[word.bucket] = 0;
    std::sort(near.begin(), near.end());
    numbers out;
    for (std::size_t i = 0; i < std::min(k, near.size()); ++i)
      out.push_back(near[i].second);
    return out;
  }

private:
  double norm(const actors::prompt_features& it) const {
    double sum = 1e-9;
    for (const auto& word : it.words)
      sum += std::pow(word.weight * rare_[word.bucket], 2);
    return std::sqrt(sum);
  }

  const replay* of_;
  const numbers* fit_;
  std::vector<double> rare_; ///< By bucket, like the next.
  std::vector<double> own_;
  std::vector<double> norms_; ///< By prompt.
};

} // namespace

void by_neighbours(const replay& of, const numbers& fit, const numbers& asked,
                   std::size_t k, expectations& out) {
  by_type(of, fit, asked, out);
  neighbour_index index{of, fit};
  for (const auto i : asked) {
    const auto near = index.nearest(i, k);
    const auto whole = static_cast<double>(near.size()) + neighbour_prior;
    for (std::size_t m = 0; m < of.data.models.size(); ++m) {
      out[i].quality[m] *= neighbour_prior / whole;
      out[i].cost[m] *= neighbour_prior / whole;
      for (const auto j : near) {
        out[i].quality[m] += of.data.prompts[j].quality[m] / whole;
        out[i].cost[m] += of.data.prompts[j].cost[m] / whole;
      }
    }
  }
}

void by_learning(const replay& of,
                 const std::vector<actors::prompt_features>& features,
                 const numbers& fit, const numbers& asked, expectations& out) {
  const auto models = of.data.models.size();
  actors::model_learning known{
      std::vector<troupe::protocol::model_spec>(models),
      actors::model_learning::types_max, 1};
  for (const auto i : fit) {
    std::vector<actors::model_outcome> told;
    for (std::size_t m = 0; m < models; ++m) {
      told.push_back({m, of.data.prompts[i].quality[m]});
      known.pay(features[i].type, m, 1, of.data.prompts[i].cost[m]);
    }
    known.judge(features[i], told);
  }
  for (const auto i : asked) {
    const auto ease = known.ease_of(features[i]);
    out[i] = {};
    for (std::size_t m = 0; m < models; ++m) {
      const auto it = known.estimate(features[i].type, m, ease, 1);
      out[i].quality.push_back(it.quality);
      out[i].cost.push_back(it.cost);
    }
  }
}

} // namespace troupe::benchmarks
