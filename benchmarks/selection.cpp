// How long does it take to choose the model for a call?
//
// Among 20 and among 2,000 models, each choice timed alone: by the index that
// the router uses, with terms that few models meet and without, and by the
// rules that sort all that fit. The floor looks at one price of each model.
#include "measure.hpp"
#include "model_index.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

constexpr double goal_us = 20;

std::vector<protocol::model_spec> models_of(std::size_t count) {
  std::mt19937 random{5};
  std::vector<protocol::model_spec> all(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& it = all[i];
    it.id =
        "provider-" + std::to_string(i % 60) + "/model-" + std::to_string(i);
    it.level = static_cast<protocol::tier>(random() % 3);
    it.pace = static_cast<protocol::speed>(random() % 3);
    it.skills = {"tools", "vision"};
    if (i % 3 == 0)
      it.skills.emplace_back("audio");
    it.regions = {i % 5 == 0 ? "eu" : "us"};
    it.context_tokens = 32'000U << (random() % 6);
    it.output_tokens = 8'000;
    it.prices = {{0,
                  {static_cast<std::int64_t>(random() % 15'000'000'000)},
                  {static_cast<std::int64_t>(random() % 75'000'000'000)},
                  {},
                  {},
                  {}}};
    if (i % 7 == 0) { // a dearer band, as some have for long prompts
      it.prices.push_back(it.prices.front());
      it.prices.back().prompt_above = 200'000;
    }
  }
  return all;
}

actors::model_need need_of(std::mt19937& random) {
  actors::model_need need;
  need.level = static_cast<protocol::tier>(random() % 3);
  need.prompt_tokens = random() % 30'000;
  need.output_tokens = 1'024;
  need.uses_tools = random() % 2 == 0;
  return need;
}

/// The same, asked of few models only.
actors::model_need narrow(actors::model_need need) {
  need.skills = {"vision", "audio"};
  need.regions = {"eu", "ch"};
  need.price_max = {{9'000'000'000}, {60'000'000'000}};
  return need;
}

struct percentiles {
  std::vector<double> p50, p99;

  void add(std::vector<double> all) {
    std::sort(all.begin(), all.end());
    p50.push_back(all[all.size() / 2]);
    p99.push_back(all[all.size() * 99 / 100]);
  }
  void print(const std::string& what) const {
    print_row("  " + what + ", p50", spread_of(p50), "us");
    print_row("  " + what + ", p99", spread_of(p99), "us");
  }
};

/// Microseconds of each choice.
template <class F>
std::vector<double> time_each(std::int64_t count, F choose) {
  std::mt19937 random{7};
  std::vector<double> all;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto need = need_of(random);
    const auto begin = std::chrono::steady_clock::now();
    const auto best = choose(need);
    const std::chrono::duration<double, std::micro> took =
        std::chrono::steady_clock::now() - begin;
    if (best == SIZE_MAX)
      wrong("no model was chosen");
    all.push_back(took.count());
  }
  return all;
}

void compare(std::size_t models, std::int64_t count, std::int64_t rounds) {
  const auto all = models_of(models);
  const actors::model_index index{all};
  const auto first = [](const auto& chosen) {
    return chosen ? chosen->front() : SIZE_MAX;
  };
  percentiles floor, rules, ours, ours_narrow;
  for (std::int64_t i = 0; i < rounds; ++i) {
    floor.add(time_each(count, [&](const actors::model_need&) {
      const auto cheapest = std::min_element(
          all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.prices[0].input < b.prices[0].input;
          });
      return static_cast<std::size_t>(cheapest - all.begin());
    }));
    rules.add(time_each(count, [&](const actors::model_need& need) {
      return first(actors::choose_models(all, need));
    }));
    ours.add(time_each(count, [&](const actors::model_need& need) {
      return first(index.choose(need));
    }));
    ours_narrow.add(time_each(count, [&](const actors::model_need& need) {
      const auto chosen = index.choose(narrow(need));
      return chosen ? chosen->front() : 0; // of 20, none may fit
    }));
  }
  std::printf("among %zu models:\n", models);
  floor.print("floor: one price of each");
  rules.print("rules that sort all");
  ours.print("index");
  ours_narrow.print("index, skills, region and price");
  print_goal("p99 of the index", spread_of(ours.p99).median, goal_us, "us");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How long to choose a model? Some seconds.",
      {{"rounds", 5, "of each case"}, {"count", 2'000, "choices of a round"}}};
  print_machine();
  for (const std::size_t models : {20, 2'000})
    compare(models, std::max<std::int64_t>(option["count"], 100),
            std::max<std::int64_t>(option["rounds"], 1));
  return 0;
}
