#include "routing_report.hpp"

#include "measure.hpp"

#include <cstdio>
#include <numeric>
#include <random>

namespace troupe::benchmarks {

halves deal(std::size_t prompts, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  numbers all(prompts);
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (std::size_t i = all.size(); i > 1; --i) // the same everywhere
    std::swap(all[i - 1], all[random() % i]);
  const auto middle = all.begin() + static_cast<long>(all.size() / 2);
  return {{all.begin(), middle}, {middle, all.end()}};
}

std::map<std::string, double>
report_rows(const std::string& title, const std::string& first,
            std::int64_t seeds,
            const std::function<rows(std::uint64_t)>& play) {
  struct column {
    std::vector<double> quality, cost, less, ratio;
  };
  std::vector<std::string> order;
  std::map<std::string, column> table;
  for (std::int64_t seed = 1; seed <= seeds; ++seed) {
    const auto all = play(static_cast<std::uint64_t>(seed));
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
  std::printf("\n%s, %lld splits\n", title.c_str(),
              static_cast<long long>(seeds));
  std::map<std::string, double> shares;
  for (const auto& name : order) {
    const auto& it = table[name];
    print_row(name + ": accuracy", spread_of(it.quality), "%");
    print_row("  above " + first, spread_of(it.less), "points");
    print_row("  cost of 1,000 calls", spread_of(it.cost), "USD");
    print_row("  share of that of " + first, spread_of(it.ratio), "");
    shares[name] = spread_of(it.ratio).median;
  }
  return shares;
}

void with_recorded_answers(
    const std::function<void(const routing_data&)>& use) {
  const std::string folder{TROUPE_SHARED_DATA_DIR};
  for (const auto& data : {read_zeroeval(folder + "/zeroeval"),
                           read_routerbench(folder + "/routerbench")}) {
    if (data.prompts.empty())
      std::printf("skipped: no data of %s\n", data.name.c_str());
    else
      use(data);
  }
}

} // namespace troupe::benchmarks
