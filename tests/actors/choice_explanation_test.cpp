#include "support/actors/spy.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/choice_explanation.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using protocol::model_spec;
using protocol::tier;
using protocol::test::random_source;
using test::model_of;

namespace {

std::map<std::string, left_out> reasons(const choice_explanation& of) {
  std::map<std::string, left_out> out;
  for (const auto& it : of.unfit)
    out.emplace(it.model, it.reason);
  return out;
}

model_need random_need(random_source& source) {
  model_need need;
  need.level = static_cast<tier>(source.below(3));
  need.prompt_tokens = source.below(200'000);
  need.output_tokens = static_cast<std::uint32_t>(source.below(5'000));
  need.uses_tools = source.coin();
  if (source.below(5) == 0)
    need.pinned = "p/" + std::to_string(source.below(12));
  return need;
}

std::vector<model_spec> random_models(random_source& source) {
  std::vector<model_spec> all;
  for (std::size_t i = 0; i < source.below(10); ++i) {
    all.push_back(model_of(
        "p/" + std::to_string(i), static_cast<tier>(source.below(3)),
        static_cast<int>(source.below(4)), static_cast<int>(source.below(4))));
    all.back().pinned_only = source.below(4) == 0;
    if (source.coin())
      all.back().skills = {"tools"};
  }
  return all;
}

} // namespace

TEST_CASE("each model that is left out is told with its first reason",
          "[choice_explanation]") {
  std::vector<model_spec> models{model_of("p/best", tier::expert, 1, 1),
                                 model_of("p/hidden", tier::expert, 1, 1),
                                 model_of("p/weak", tier::basic, 1, 1),
                                 model_of("p/mute", tier::expert, 1, 1),
                                 model_of("p/small", tier::expert, 1, 1),
                                 model_of("p/blind", tier::expert, 1, 1),
                                 model_of("p/far", tier::expert, 1, 1),
                                 model_of("p/dear", tier::expert, 3, 1)};
  for (auto& it : models) {
    it.skills = {"tools", "vision"};
    it.regions = {"eu"};
  }
  models[1].pinned_only = true;
  models[3].skills.clear();
  models[4].context_tokens = 100;
  models[5].skills = {"tools"};
  models[6].regions = {"us"};
  model_need need;
  need.level = tier::advanced;
  need.prompt_tokens = 1'000;
  need.output_tokens = 100;
  need.uses_tools = true;
  need.skills = {"vision"};
  need.regions = {"eu"};
  need.price_max = {models[0].prices[0].input, models[0].prices[0].output};
  const auto told = explain_choice(models, need);
  REQUIRE(told.fitting.size() == 1);
  CHECK(told.fitting.front().model == "p/best");
  CHECK(told.failure.empty());
  CHECK(reasons(told)
        == std::map<std::string, left_out>{
            {"p/hidden", left_out::only_when_pinned},
            {"p/weak", left_out::below_tier},
            {"p/mute", left_out::without_tools},
            {"p/small", left_out::window_too_small},
            {"p/blind", left_out::without_skills},
            {"p/far", left_out::outside_regions},
            {"p/dear", left_out::above_price}});
  need.pinned = "p/hidden";
  CHECK(reasons(explain_choice(models, need)).at("p/best")
        == left_out::another_is_pinned);
}

TEST_CASE("an explanation names every model once, in the order of the choice",
          "[choice_explanation]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    const auto models = random_models(source);
    const auto need = random_need(source);
    const auto told = explain_choice(models, need);
    const auto chosen = choose_models(models, need);
    REQUIRE(told.fitting.size() + told.unfit.size() == models.size());
    REQUIRE(told.failure.empty() == chosen.has_value());
    if (!chosen) {
      REQUIRE(told.failure == chosen.error().detail);
      continue;
    }
    for (std::size_t i = 0; i < chosen->size(); ++i) {
      const auto& it = told.fitting[i];
      REQUIRE(it.model == models[(*chosen)[i]].id);
      REQUIRE(it.cost.nano_usd
              == it.prompt_cost.nano_usd + it.answer_cost.nano_usd);
      REQUIRE((i == 0 || told.fitting[i - 1].cost <= it.cost));
    }
  }
}

TEST_CASE("an explanation tells how many are near in price",
          "[choice_explanation]") {
  const std::vector<model_spec> models{model_of("p/a", tier::basic, 10, 10),
                                       model_of("p/b", tier::basic, 12, 12),
                                       model_of("p/c", tier::basic, 13, 13)};
  model_need need;
  need.prompt_tokens = 100;
  CHECK(explain_choice(models, need).near_in_price == 0);
  CHECK(explain_choice(models, need, 200).near_in_price == 2);
  need.prompt_tokens = 10'000'000;
  CHECK(explain_choice(models, need, 200).near_in_price == 0);
}

TEST_CASE("a more complex task is given a higher tier",
          "[choice_explanation]") {
  CHECK(tier_for({task_type::general, 0}) == tier::basic);
  CHECK(tier_for({task_type::general, 400}) == tier::advanced);
  CHECK(tier_for({task_type::general, 1'000}) == tier::expert);
}
