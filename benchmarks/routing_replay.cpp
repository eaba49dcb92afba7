// What does it cost to answer as well as the best model of each task type?
//
// Recorded answers of many models to the same prompts are split by a seed into
// two halves. All that chooses is fitted on the first and counted on the
// second: one model for all, the best of each type, the nearest prompts, and
// the router's own learning from types, texts, qualities and costs. What
// quality is worth (the price in `quality - price * cost`) is found inside the
// first half, by five folds: the greatest for which, and for all less, the
// folds' accuracy is not below that of the best of each type less the margin.
#include "measure.hpp"
#include "routing_methods.hpp"
#include "routing_report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace troupe::benchmarks;

constexpr std::size_t folds = 5;
constexpr std::array<std::size_t, 4> neighbour_counts{10, 30, 60, 120};

/// Fits on the first prompts, and tells what it expects of the others.
using method = std::function<void(const replay&, const numbers& fit,
                                  const numbers& asked, expectations& out)>;

outcome count(const replay& of, const numbers& asked,
              const std::function<std::size_t(std::size_t)>& model_for) {
  outcome sum;
  for (const auto i : asked) {
    const auto& it = of.data.prompts[i];
    const auto model = model_for(i);
    sum.quality += it.quality[model] / static_cast<double>(asked.size());
    sum.cost += it.cost[model] / static_cast<double>(asked.size());
  }
  return sum;
}

std::size_t best_of(const expectation& it, double price) {
  std::size_t best = 0;
  const auto score = [&](std::size_t model) {
    return it.quality[model] - price * it.cost[model];
  };
  for (std::size_t model = 1; model < it.quality.size(); ++model)
    if (score(model) > score(best))
      best = model;
  return best;
}

outcome count(const replay& of, const numbers& asked,
              const expectations& expected, double price) {
  return count(of, asked,
               [&](std::size_t i) { return best_of(expected[i], price); });
}

/// Prices of quality that are tried: none, then rising.
std::vector<double> prices() {
  std::vector<double> all{0};
  for (double it = 3e-4; it < 3; it *= 1.12)
    all.push_back(it);
  return all;
}

/// What is expected of each prompt by what was fitted on the other folds.
expectations across_folds(const replay& of, const numbers& all,
                          const method& how) {
  expectations out(of.data.prompts.size());
  for (std::size_t fold = 0; fold < folds; ++fold) {
    numbers fit;
    numbers asked;
    for (std::size_t i = 0; i < all.size(); ++i)
      (i % folds == fold ? asked : fit).push_back(all[i]);
    how(of, fit, asked, out);
  }
  return out;
}

/// Fits on `fit`, finds the price that keeps the target there, and counts on
/// `asked`.
outcome route(const replay& of, const numbers& fit, const numbers& asked,
              const method& how, double target) {
  const auto inside = across_folds(of, fit, how);
  double price = 0;
  for (const auto it : prices()) {
    if (count(of, fit, inside, it).quality >= target)
      price = it;
    else if (it > 0)
      break;
  }
  expectations out(of.data.prompts.size());
  how(of, fit, asked, out);
  return count(of, asked, out, price);
}

outcome fixed(const replay& of, const numbers& fit, const numbers& asked,
              bool is_cheapest) {
  expectation mean{std::vector<double>(of.data.models.size()),
                   std::vector<double>(of.data.models.size())};
  for (const auto i : fit)
    for (std::size_t m = 0; m < of.data.models.size(); ++m) {
      mean.quality[m] += of.data.prompts[i].quality[m];
      mean.cost[m] += of.data.prompts[i].cost[m];
    }
  const auto model = best_of(mean, is_cheapest ? 1e9 : 1e-9);
  return count(of, asked, [&](std::size_t) { return model; });
}

outcome oracle(const replay& of, const numbers& asked) {
  return count(of, asked, [&](std::size_t i) {
    const auto& it = of.data.prompts[i];
    return best_of({it.quality, it.cost}, 1e-9);
  });
}

/// The number of neighbours that does best inside the first half.
std::size_t neighbours_for(const replay& of, const numbers& fit) {
  std::pair<double, std::size_t> best;
  for (const auto k : neighbour_counts) {
    const auto inside =
        across_folds(of, fit,
                     [k](const auto& data, const auto& from, const auto& to,
                         auto& out) { by_neighbours(data, from, to, k, out); });
    best = std::max(best, {count(of, fit, inside, 0).quality, k});
  }
  return best.second;
}

/// All ways to choose, with one split.
rows play(const replay& of, std::uint64_t seed,
          const std::vector<double>& margins) {
  const auto [fit, asked] = deal(of.data.prompts.size(), seed);
  expectations types(of.data.prompts.size());
  by_type(of, fit, asked, types);
  rows out{{"best of each type", count(of, asked, types, 1e-9)},
           {"one: the best", fixed(of, fit, asked, false)},
           {"one: the cheapest", fixed(of, fit, asked, true)},
           {"oracle", oracle(of, asked)}};
  const auto inside = count(of, fit, across_folds(of, fit, by_type), 1e-9);
  const auto k = neighbours_for(of, fit);
  const std::vector<std::pair<std::string, method>> methods{
      {"of each type, priced", by_type},
      {"nearest prompts",
       [k](const auto& data, const auto& from, const auto& to, auto& result) {
         by_neighbours(data, from, to, k, result);
       }},
      {"learned",
       [](const auto& data, const auto& from, const auto& to, auto& result) {
         by_learning(data, data.labelled, from, to, result);
       }},
      {"learned, types guessed",
       [](const auto& data, const auto& from, const auto& to, auto& result) {
         by_learning(data, data.guessed, from, to, result);
       }}};
  for (const auto margin : margins)
    for (const auto& [name, how] : methods) {
      std::array<char, 64> title{};
      std::snprintf(title.data(), title.size(), "%s, -%.1f points",
                    name.c_str(), 100 * margin);
      out.emplace_back(title.data(),
                       route(of, fit, asked, how, inside.quality - margin));
    }
  return out;
}

void report(const replay& of, std::int64_t seeds) {
  const std::vector<double> margins{0, 0.01};
  const auto shares = report_rows(
      of.data.name + ": " + std::to_string(of.data.prompts.size())
          + " prompts, " + std::to_string(of.data.models.size()) + " models, "
          + std::to_string(of.data.types.size()) + " types",
      "the best of each type", seeds,
      [&](std::uint64_t seed) { return play(of, seed, margins); });
  print_goal("learned, cost at equal accuracy",
             shares.at("learned, -0.0 points"), 1, "");
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What does it cost to answer as well as the best model "
                       "of each task type? Some minutes.",
                       {{"rounds", 21, "splits, seeds from 1"}}};
  print_machine();
  const auto seeds = std::max<std::int64_t>(option["rounds"], 1);
  with_recorded_answers(
      [&](const routing_data& data) { report(make_replay(data), seeds); });
  return 0;
}
