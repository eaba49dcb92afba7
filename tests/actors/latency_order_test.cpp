// What the speed of answers counts in the choice of a model.
#include "latency_order.hpp"
#include "support/actors/models_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::tier;
using protocol::test::random_source;
using test::model_of;
using test::models_world;

namespace {

using places = std::vector<std::size_t>;

model_need some_need() {
  model_need need;
  need.prompt_tokens = 1'000;
  need.output_tokens = 1'000;
  return need;
}

void know(model_latencies& times, std::size_t model, protocol::duration it) {
  for (std::uint32_t i = 0; i < model_latencies::needed; ++i)
    times.add_whole(model, it);
}

} // namespace

TEST_CASE("of models that are near in price the fastest comes first",
          "[latency_order]") {
  const std::vector<protocol::model_spec> models{
      model_of("p/a", tier::basic, 10, 10),
      model_of("p/b", tier::basic, 11, 11),
      model_of("p/c", tier::basic, 12, 12),
      model_of("p/d", tier::basic, 13, 13)};
  model_latencies times{4};
  know(times, 0, 3s);
  know(times, 1, 2s);
  know(times, 2, 1s);
  know(times, 3, 100ms);
  places chosen{0, 1, 2, 3};
  prefer_fast(chosen, models, some_need(), times, 200);
  CHECK(chosen == places{2, 1, 0, 3});
  CHECK(near_in_price({0, 1, 2, 3}, models, some_need(), 200) == 3);
  CHECK(near_in_price({}, models, some_need(), 200) == 0);
}

TEST_CASE("a model whose time is not known comes first, until it is",
          "[latency_order]") {
  const std::vector<protocol::model_spec> models{
      model_of("p/a", tier::basic, 10, 10),
      model_of("p/b", tier::basic, 11, 11)};
  model_latencies times{2};
  know(times, 0, 1s);
  places chosen{0, 1};
  prefer_fast(chosen, models, some_need(), times, 200);
  CHECK(chosen == places{1, 0});
  know(times, 1, 2s);
  chosen = {0, 1};
  prefer_fast(chosen, models, some_need(), times, 200);
  CHECK(chosen == places{0, 1});
}

TEST_CASE("speed changes the order of near prices only, and none with weight 0",
          "[latency_order]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    std::vector<protocol::model_spec> models;
    model_latencies times{12};
    for (std::size_t i = 0; i < 12; ++i) {
      models.push_back(model_of("p/" + std::to_string(i), tier::basic,
                                static_cast<std::int64_t>(source.below(4)),
                                static_cast<std::int64_t>(source.below(4))));
      if (source.coin())
        know(times, i, std::chrono::milliseconds{source.below(9'000)});
    }
    const auto before = *choose_models(models, some_need());
    auto same = before;
    prefer_fast(same, models, some_need(), times, 0);
    REQUIRE(same == before);
    auto after = before;
    const auto weight = static_cast<std::uint32_t>(1 + source.below(2'000));
    prefer_fast(after, models, some_need(), times, weight);
    const auto near = near_in_price(before, models, some_need(), weight);
    REQUIRE(near >= 1);
    for (std::size_t i = near; i < before.size(); ++i)
      REQUIRE(after[i] == before[i]);
    REQUIRE(std::is_permutation(after.begin(), after.end(), before.begin()));
    for (std::size_t i = 1; i < near; ++i)
      REQUIRE(times.whole(after[i - 1], 500).value_or(-1ns)
              <= times.whole(after[i], 500).value_or(-1ns));
  }
}

TEST_CASE("a router learns which of two models is faster", "[router]") {
  const auto weight = GENERATE(0U, 500U);
  router_config config;
  config.models = {model_of("a/slow", tier::basic, 10, 10),
                   model_of("b/fast", tier::basic, 11, 11)};
  config.latency_weight_permille = weight;
  models_world it{std::move(config)};
  it.outcomes["a/slow"] = std::nullopt; // held until it is released
  it.outcomes["b/fast"] = std::nullopt;
  for (std::size_t i = 0; i < 2 * std::size_t{model_latencies::needed}; ++i) {
    const auto asked = it.ask();
    const bool is_slow = it.order().front() == "a/slow";
    it.world.advance(is_slow ? 2s : 1s);
    auto& spy = *it.spies[is_slow ? "a" : "b"];
    spy.release(spy.held.size() - 1, test::reply_of("hello"));
    it.world.run();
    REQUIRE(asked->answers == 1);
  }
  it.outcomes.clear();
  (void)it.ask();
  CHECK(it.order().front() == (weight == 0 ? "a/slow" : "b/fast"));
}
