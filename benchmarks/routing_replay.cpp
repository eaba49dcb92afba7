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

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <numeric>
#include <random>
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

struct outcome {
  double quality = 0;
  double cost = 0;
};

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

using rows = std::vector<std::pair<std::string, outcome>>;

/// All ways to choose, with one split.
rows play(const replay& of, std::uint64_t seed,
          const std::vector<double>& margins) {
  std::mt19937_64 random{seed};
  numbers all(of.data.prompts.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (std::size_t i = all.size(); i > 1; --i) // the same everywhere
    std::swap(all[i - 1], all[random() % i]);
  const auto middle = all.begin() + static_cast<long>(all.size() / 2);
  const numbers fit(all.begin(), middle);
  const numbers asked(middle, all.end());
  expectations types(all.size());
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
  struct column {
    std::vector<double> quality, cost, less, ratio;
  };
  std::vector<std::string> order;
  std::map<std::string, column> table;
  for (std::int64_t seed = 1; seed <= seeds; ++seed) {
    const auto all = play(of, static_cast<std::uint64_t>(seed), margins);
    for (const auto& [name, it] : all) {
      if (seed == 1)
        order.push_back(name);
      auto& to = table[name];
      to.quality.push_back(100 * it.quality);
      to.cost.push_back(it.cost);
      to.less.push_back(100 * (it.quality - all.front().second.quality));
      to.ratio.push_back(it.cost / all.front().second.cost);
    }
  }
  std::printf("\n%s: %zu prompts, %zu models, %zu types, %lld splits\n",
              of.data.name.c_str(), of.data.prompts.size(),
              of.data.models.size(), of.data.types.size(),
              static_cast<long long>(seeds));
  for (const auto& name : order) {
    const auto& it = table[name];
    print_row(name + ": accuracy", spread_of(it.quality), "%");
    print_row("  above the best of each type", spread_of(it.less), "points");
    print_row("  cost of 1,000 calls", spread_of(it.cost), "USD");
    print_row("  share of that of the best of each type", spread_of(it.ratio),
              "");
  }
  print_goal("learned, cost at equal accuracy",
             spread_of(table["learned, -0.0 points"].ratio).median, 1, "");
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What does it cost to answer as well as the best model "
                       "of each task type? Some minutes.",
                       {{"rounds", 21, "splits, seeds from 1"}}};
  print_machine();
  const std::string folder{TROUPE_SHARED_DATA_DIR};
  for (auto& data : {read_zeroeval(folder + "/zeroeval"),
                     read_routerbench(folder + "/routerbench")}) {
    if (data.prompts.empty())
      std::printf("skipped: no data of %s\n", data.name.c_str());
    else
      report(make_replay(data), std::max<std::int64_t>(option["rounds"], 1));
  }
  return 0;
}
