#include "learned_choice.hpp"
#include "model_learning.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using protocol::test::random_source;

namespace {

std::vector<protocol::model_spec>
models_of(const std::vector<protocol::tier>& tiers) {
  std::vector<protocol::model_spec> all;
  for (const auto it : tiers) {
    all.emplace_back();
    all.back().level = it;
  }
  return all;
}

const auto three = models_of(
    {protocol::tier::basic, protocol::tier::advanced, protocol::tier::expert});

std::vector<offered_model> offer(const std::vector<double>& listed) {
  std::vector<offered_model> all;
  for (std::size_t i = 0; i < listed.size(); ++i)
    all.push_back({i, listed[i]});
  return all;
}

double quality_of(const model_learning& known, std::size_t type,
                  std::size_t model) {
  return known.estimate(type, model, 0, 1).quality;
}

bool happens(random_source& source, std::uint64_t permille) {
  return source.below(1'000) < permille;
}

} // namespace

TEST_CASE("before any answer a model's tier says what is expected of it",
          "[model_learning]") {
  const model_learning known{three, 2, 1};
  CHECK(quality_of(known, 0, 0) < quality_of(known, 0, 1));
  CHECK(quality_of(known, 0, 1) < quality_of(known, 0, 2));
  CHECK(quality_of(known, 0, 2) == quality_of(known, 1, 2));
}

TEST_CASE("what is believed of a model comes near to what it does",
          "[model_learning]") {
  const auto seed = GENERATE(as<std::uint64_t>{}, 1, 2, 3);
  CAPTURE(seed);
  random_source source{seed};
  model_learning known{three, 2, 1};
  const auto prompt = features_of("any text", 1);
  for (int i = 0; i < 2'000; ++i)
    known.judge(prompt, {{0, happens(source, 900) ? 1.0 : 0.0},
                         {1, happens(source, 300) ? 1.0 : 0.0}});
  const auto ease = known.ease_of(prompt);
  CHECK(std::abs(known.estimate(1, 0, ease, 1).quality - 0.9) < 0.1);
  CHECK(std::abs(known.estimate(1, 1, ease, 1).quality - 0.3) < 0.1);
  CHECK(known.estimate(1, 0, ease, 1).spread
        < known.estimate(0, 0, ease, 1).spread);
}

TEST_CASE("what a model did long ago weighs less than what it did last",
          "[model_learning]") {
  model_learning known{three, 1, 1};
  const auto prompt = features_of("any text", 0);
  for (int i = 0; i < 2'000; ++i)
    known.judge(prompt, {{0, 1.0}});
  for (int i = 0; i < 2'000; ++i)
    known.judge(prompt, {{0, 0.0}});
  CHECK(known.estimate(0, 0, known.ease_of(prompt), 1).quality < 0.3);
}

TEST_CASE("words that go with failures make a prompt look hard",
          "[model_learning]") {
  model_learning known{three, 1, 1};
  const std::string frame = "Answer in one word, please: ";
  for (int i = 0; i < 200; ++i) {
    const auto number = std::string(1, static_cast<char>('a' + i % 26));
    known.judge(features_of(frame + "capital of " + number, 0), {{0, 1.0}});
    known.judge(features_of(frame + "integral of " + number, 0), {{0, 0.0}});
  }
  const auto ease = [&](const std::string& text) {
    return known.ease_of(features_of(frame + text, 0));
  };
  CHECK(ease("capital of something else") > ease("integral of something else"));
  const auto prompt = features_of(frame + "capital of z", 0);
  CHECK(known.estimate(0, 0, ease("capital of z"), 1).quality
        > known.estimate(0, 0, ease("integral of z"), 1).quality);
}

TEST_CASE("a call's cost is expected as calls of its kind did cost",
          "[model_learning]") {
  model_learning known{three, 2, 1};
  CHECK(known.estimate(0, 1, 0, 80).cost == 80);
  for (int i = 0; i < 50; ++i) {
    known.pay(0, 1, 100, 50);
    known.pay(1, 1, 100, 200);
  }
  CHECK(known.estimate(0, 1, 0, 1'000).cost < 600);
  CHECK(known.estimate(1, 1, 0, 1'000).cost > 1'800);
}

TEST_CASE("hostile numbers leave beliefs within their bounds",
          "[model_learning]") {
  model_learning known{three, 900, 1};
  CHECK(known.types() == model_learning::types_max);
  const auto prompt = features_of(std::string(100'000, '\xFF'), 70'000);
  CHECK(prompt.words.size() <= prompt_features::words_max);
  for (int i = 0; i < 3'000; ++i)
    known.judge(prompt, {{2, i % 2 == 0 ? 1e300 : -1e300}});
  known.judge(prompt, {});
  const auto it = known.estimate(70'000, 2, known.ease_of(prompt), 1);
  CHECK(it.quality > 0);
  CHECK(it.quality < 1);
  CHECK(it.spread > 0);
  CHECK(std::isfinite(known.ease_of(prompt)));
}

TEST_CASE("the same seed chooses the same", "[learned_choice]") {
  const auto seed = GENERATE(as<std::uint64_t>{}, 1, 2, 3);
  CAPTURE(seed);
  const model_learning known{three, 1, 1};
  const auto prompt = features_of("a b c", 0);
  std::uint64_t first = seed;
  std::uint64_t second = seed;
  for (int i = 0; i < 100; ++i) {
    const auto one = rank_learned(known, prompt, offer({1, 2, 3}), {}, first);
    const auto two = rank_learned(known, prompt, offer({1, 2, 3}), {}, second);
    REQUIRE(one.front().model == two.front().model);
    REQUIRE(one.front().sampled == two.front().sampled);
  }
}

TEST_CASE("the propensity of a choice is how often it is made",
          "[learned_choice]") {
  std::uint64_t random = 7;
  const model_learning known{three, 1, 1};
  const auto prompt = features_of("a b c", 0);
  const choice_weights weights{0.02, true};
  std::vector<double> chosen(3);
  std::vector<double> promised(3);
  constexpr int rounds = 20'000;
  for (int i = 0; i < rounds; ++i) {
    const auto ranked =
        rank_learned(known, prompt, offer({1, 5, 12}), weights, random);
    chosen[ranked.front().model] += 1;
    double sum = 0;
    for (const auto& it : ranked) {
      promised[it.model] += it.propensity;
      sum += it.propensity;
    }
    REQUIRE(std::abs(sum - 1) < 1e-9);
  }
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(std::abs(chosen[i] - promised[i]) / rounds < 0.02);
}

TEST_CASE("without exploring, the dearer model is taken only when it is worth "
          "its cost",
          "[learned_choice]") {
  const model_learning known{three, 1, 1};
  const auto prompt = features_of("a b c", 0);
  std::uint64_t random = 1;
  const auto first = [&](double per_cost) {
    return rank_learned(known, prompt, offer({1, 5, 12}), {per_cost, false},
                        random)
        .front();
  };
  CHECK(first(0).model == 2);
  CHECK(first(0).propensity == 1);
  CHECK(first(1).model == 0);
  CHECK(rank_learned(known, prompt, {}, {}, random).empty());
}

TEST_CASE("a pace holds the mean cost near what a call may cost",
          "[learned_choice]") {
  const auto seed = GENERATE(as<std::uint64_t>{}, 1, 2, 3);
  CAPTURE(seed);
  random_source source{seed};
  model_learning known{three, 1, 1};
  const auto prompt = features_of("a b c", 0);
  const std::vector<double> costs{1, 5, 12};
  constexpr double target = 6;
  spend_pace pace{target};
  std::uint64_t random = seed;
  double spent = 0;
  constexpr int calls = 4'000;
  for (int i = 0; i < calls; ++i) {
    const auto best = rank_learned(known, prompt, offer(costs),
                                   {pace.per_cost(), true}, random)
                          .front();
    const auto cost = costs[best.model];
    const std::uint64_t good = best.model == 0   ? 400
                               : best.model == 1 ? 600
                                                 : 900;
    known.judge(prompt, {{best.model, happens(source, good) ? 1.0 : 0.0}});
    known.pay(0, best.model, cost, cost);
    pace.paid(cost);
    spent += i >= calls / 2 ? cost : 0;
  }
  CHECK(spent / (calls / 2) < target * 1.1);
  CHECK(spent / (calls / 2) > target * 0.7);
}
