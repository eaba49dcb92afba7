#include "fallback_chains.hpp"
#include "support/actors/spy.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/model_fit.hpp"

#include <algorithm>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::tier;
using protocol::test::random_source;
using test::model_of;

namespace {

std::vector<protocol::model_spec> four_models() {
  return {model_of("p/a", tier::basic, 1, 1),
          model_of("p/b", tier::basic, 2, 2),
          model_of("p/c", tier::advanced, 3, 3),
          model_of("p/d", tier::expert, 4, 4)};
}

using places = std::vector<std::size_t>;

} // namespace

TEST_CASE("a failure is of a class by its code", "[fallback_chains]") {
  CHECK(failure_class_of(errc::content_refused)
        == failure_class::content_policy);
  CHECK(failure_class_of(errc::context_too_long)
        == failure_class::context_window);
  for (const auto code : {errc::provider_unavailable, errc::provider_rejected,
                          errc::provider_unauthorized, errc::overloaded})
    CHECK(failure_class_of(code) == failure_class::general);
  for (const auto code : {errc::cancelled, errc::budget_exhausted,
                          errc::deadline_exceeded, errc::internal})
    CHECK_FALSE(failure_class_of(code));
}

TEST_CASE("each class of failures has its own list", "[fallback_chains]") {
  const auto models = four_models();
  const fallback_chains it{models, {{"p/a", {{"p/b"}, {"p/c"}, {"p/d"}}}}};
  CHECK(it.after(0, failure_class::general, {}, {}) == places{1});
  CHECK(it.after(0, failure_class::context_window, {}, {}) == places{2});
  CHECK(it.after(0, failure_class::content_policy, {}, {}) == places{3});
  CHECK(it.after(1, failure_class::general, {}, {}).empty());
}

TEST_CASE("a model's own list comes before its tier's", "[fallback_chains]") {
  const auto models = four_models();
  const fallback_chains it{
      models, {{"p/a", {{"p/d"}, {}, {}}}, {"basic", {{"p/c"}, {"p/d"}, {}}}}};
  CHECK(it.after(0, failure_class::general, {}, {}) == places{3});
  CHECK(it.after(1, failure_class::general, {}, {}) == places{2});
  // Where its own says nothing, the tier's counts.
  CHECK(it.after(0, failure_class::context_window, {}, {}) == places{3});
  CHECK(it.after(2, failure_class::general, {}, {}).empty());
}

TEST_CASE("who pins a model gets another only where that one has a list",
          "[fallback_chains]") {
  const auto models = four_models();
  const fallback_chains it{
      models, {{"p/a", {{"p/d"}, {}, {}}}, {"basic", {{"p/c"}, {}, {}}}}};
  model_need need;
  need.pinned = "p/a";
  CHECK(it.after(0, failure_class::general, need, {}) == places{3});
  need.pinned = "p/b";
  CHECK(it.after(1, failure_class::general, need, {}).empty());
}

TEST_CASE("names that are not among the models are left out",
          "[fallback_chains]") {
  const auto models = four_models();
  const fallback_chains it{models,
                           {{"p/a", {{"p/unknown", "p/b"}, {}, {}}},
                            {"p/nobody", {{"p/b"}, {}, {}}}}};
  CHECK(it.after(0, failure_class::general, {}, {}) == places{1});
}

TEST_CASE("a chain names only models that are able and untried, each once",
          "[fallback_chains]") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    std::vector<protocol::model_spec> models;
    for (std::size_t i = 0; i < 1 + source.below(8); ++i) {
      models.push_back(model_of("p/" + std::to_string(i),
                                static_cast<tier>(source.below(3)), 1, 1));
      if (source.coin())
        models.back().skills = {"tools"};
      if (source.coin())
        models.back().regions = {"eu"};
      models.back().context_tokens = source.coin() ? 100 : 10'000;
    }
    std::map<std::string, fallback_lists> said;
    for (const auto* of : {"p/0", "p/1", "basic", "expert"})
      for (std::size_t i = 0; i < source.below(10); ++i)
        said[of].general.push_back("p/" + std::to_string(source.below(10)));
    model_need need;
    need.uses_tools = source.coin();
    need.prompt_tokens = source.below(200);
    if (source.coin())
      need.regions = {"eu"};
    places tried;
    for (std::size_t i = 0; i < source.below(4); ++i)
      tried.push_back(source.below(models.size()));
    const auto failed = source.below(models.size());
    const fallback_chains chains{models, said};
    auto next = chains.after(failed, failure_class::general, need, tried);
    for (const auto it : next) {
      REQUIRE(it != failed);
      REQUIRE(std::count(next.begin(), next.end(), it) == 1);
      REQUIRE(std::count(tried.begin(), tried.end(), it) == 0);
      REQUIRE_FALSE(why_unable(models[it], need));
    }
  }
}
