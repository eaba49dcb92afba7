#include "model_index.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::test::random_source;

namespace {

protocol::money dollars(std::uint64_t millionths) {
  return {static_cast<std::int64_t>(millionths) * 1'000};
}

std::vector<std::string> some_of(random_source& source,
                                 std::initializer_list<const char*> from) {
  std::vector<std::string> out;
  for (const auto* it : from)
    if (source.coin())
      out.emplace_back(it);
  return out;
}

/// Few different values, so that many models are equal in much.
protocol::model_spec random_model(random_source& source, std::size_t number) {
  protocol::model_spec it;
  it.id = "p/" + std::to_string(source.below(1'000'000)) + "-"
          + std::to_string(number);
  it.provider = "p";
  it.level = static_cast<protocol::tier>(source.below(3));
  it.pace = static_cast<protocol::speed>(source.below(3));
  it.skills = some_of(source, {"vision", "tools", "audio", "reasoning"});
  it.regions = some_of(source, {"eu", "us", "ap"});
  it.context_tokens = static_cast<std::uint32_t>(1'000 << source.below(9));
  it.output_tokens = static_cast<std::uint32_t>(500 << source.below(5));
  it.pinned_only = source.below(8) == 0;
  for (std::uint64_t band = 0; band < source.below(4); ++band)
    it.prices.push_back({band * 3'000,
                         dollars(source.below(4)),
                         dollars(source.below(4)),
                         {},
                         {},
                         {}});
  return it;
}

model_need random_need(random_source& source,
                       const std::vector<protocol::model_spec>& models) {
  model_need need;
  need.level = static_cast<protocol::tier>(source.below(3));
  need.prompt_tokens = source.below(20'000);
  need.output_tokens = static_cast<std::uint32_t>(source.below(9'000));
  need.uses_tools = source.coin();
  if (source.below(3) == 0)
    need.skills = some_of(source, {"tools", "vision", "audio"});
  if (source.below(3) == 0)
    need.regions = some_of(source, {"eu", "us", "nowhere"});
  if (source.below(3) == 0)
    need.price_max = {dollars(source.below(4)), dollars(source.below(4))};
  if (source.below(5) == 0)
    need.pinned = models.empty() || source.coin()
                      ? "p/unknown"
                      : models[source.below(models.size())].id;
  return need;
}

} // namespace

TEST_CASE("an index chooses as the rules do", "[router]") {
  std::size_t chosen = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    std::vector<protocol::model_spec> models;
    const auto count = source.below(120);
    for (std::size_t i = 0; i < count; ++i)
      models.push_back(random_model(source, i));
    const model_index index{models};
    for (int i = 0; i < 20; ++i) {
      const auto need = random_need(source, models);
      auto all = choose_models(models, need);
      const auto best = index.choose(need);
      REQUIRE(best.has_value() == all.has_value());
      if (!all) {
        CHECK(best.error() == all.error());
        ++refused;
        continue;
      }
      all->resize(std::min(all->size(), model_index::chosen_max));
      REQUIRE(*best == *all);
      ++chosen;
    }
  }
  CHECK(chosen > 1'000);
  CHECK(refused > 300);
}
