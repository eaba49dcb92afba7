#include "shortage_rules.hpp"
#include "support/actors/spy.hpp"
#include "support/protocol/random_source.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::money;
using protocol::tier;
using protocol::test::random_source;

namespace {

std::vector<protocol::model_spec> three_tiers() {
  return {test::model_of("a/expert", tier::expert, 4, 20),
          test::model_of("a/advanced", tier::advanced, 2, 10),
          test::model_of("a/basic", tier::basic, 1, 5),
          test::model_of("a/basic-dear", tier::basic, 3, 15)};
}

model_need expert_need(std::uint32_t cap) {
  model_need need;
  need.level = tier::expert;
  need.output_tokens = cap;
  return need;
}

} // namespace

TEST_CASE("the affordable cap is the largest that the money covers",
          "[router]") {
  random_source random{7};
  for (int i = 0; i < 500; ++i) {
    const auto model = test::model_of(
        "a/x", tier::basic, static_cast<std::int64_t>(1 + random.below(9)),
        static_cast<std::int64_t>(1 + random.below(30)));
    const call_size size{random.below(5'000),
                         static_cast<std::uint32_t>(1 + random.below(5'000))};
    const money left{static_cast<std::int64_t>(random.below(200'000'000))};
    const auto tokens = random.below(9'000);
    const auto cap = affordable_cap(model, size, left, tokens);
    const auto fits = [&](std::uint32_t it) {
      return worst_case(model, {size.prompt_max, it}) <= left
             && size.prompt_max + it <= tokens;
    };
    CAPTURE(size.prompt_max, size.output_max, left.nano_usd, tokens);
    if (!cap) {
      CHECK_FALSE(fits(1));
      continue;
    }
    CHECK(fits(*cap));
    CHECK(*cap <= size.output_max);
    CHECK((*cap == size.output_max || !fits(*cap + 1)));
  }
}

TEST_CASE("cheaper models and alternatives keep to the call's terms",
          "[router]") {
  auto models = three_tiers();
  for (auto& it : models)
    it.regions = {"us"};
  models[3].regions = {"eu"};
  auto need = expert_need(1'000);
  need.regions = {"eu"};
  const call_size size{100, 1'000};
  CHECK(cheaper_models(models, need, size, money::max())
        == std::vector<std::size_t>{3});
  CHECK(alternatives(models, 0, need, size, money::max()).find("a/basic-dear")
        != std::string::npos);
  need.regions = {"ap"};
  CHECK(cheaper_models(models, need, size, money::max()).empty());
}

TEST_CASE("the affordable prompt is the longest that the money covers",
          "[router]") {
  random_source random{8};
  for (int i = 0; i < 500; ++i) {
    const auto model = test::model_of(
        "a/x", tier::basic, static_cast<std::int64_t>(1 + random.below(9)),
        static_cast<std::int64_t>(1 + random.below(30)));
    const call_size size{random.below(50'000),
                         static_cast<std::uint32_t>(random.below(5'000))};
    const money left{static_cast<std::int64_t>(random.below(400'000'000))};
    const auto most = affordable_prompt(model, size, left);
    CAPTURE(size.prompt_max, size.output_max, left.nano_usd);
    CHECK(most <= size.prompt_max);
    CHECK((most == 0 || worst_case(model, {most, size.output_max}) <= left));
    CHECK((most == size.prompt_max
           || worst_case(model, {most + 1, size.output_max}) > left));
  }
}

TEST_CASE("cheaper models are of lower tiers, the best that is paid for first",
          "[router]") {
  const auto models = three_tiers();
  const call_size size{100, 1'000};
  const auto cheaper = [&](money left) {
    return cheaper_models(models, expert_need(1'000), size, left);
  };
  CHECK(cheaper(money::max()) == std::vector<std::size_t>{1, 2, 3});
  CHECK(cheaper(worst_case(models[2], size)) == std::vector<std::size_t>{2});
  CHECK(cheaper(money{1}).empty());
}

TEST_CASE("A3: alternatives are a shorter answer and another model",
          "[router]") {
  const auto models = three_tiers();
  const call_size size{100, 1'000};
  const auto left = worst_case(models[1], size);
  const auto text = alternatives(models, 0, expert_need(1'000), size, left);
  CHECK(text.find("tokens of output of a/expert") != std::string::npos);
  CHECK(text.find("a/advanced (tier advanced)") != std::string::npos);
  CHECK(alternatives(models, 0, expert_need(1'000), size, money{1}).empty());
}
