// What a configuration says of the order of models, and of those that fail.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;

namespace {

loaded_config load(const std::string& fallbacks) {
  test::scratch_folder folder{"fallbacks"};
  return load_config(
      folder.write("troupe.yaml", "routing:\n  fallbacks:\n" + fallbacks),
      [](const std::string&) { return std::optional<std::string>{}; });
}

/// All problems, without their places.
std::string problems_of(const std::string& fallbacks) {
  std::string text;
  for (const auto& it : load(fallbacks).problems)
    text += it.message + "\n";
  return text;
}

} // namespace

TEST_CASE("fallbacks are read by model and by tier", "[config]") {
  const auto loaded = load("    simulated/basic:\n"
                           "      general: [simulated/advanced]\n"
                           "      context_window: simulated/expert\n"
                           "    expert: {content_policy: [simulated/basic,\n"
                           "      simulated/advanced]}\n"
                           "  latency_weight_permille: 250\n");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& routing = loaded.config.routing;
  CHECK(routing.latency_weight_permille == 250);
  REQUIRE(routing.fallbacks.size() == 2);
  const auto& basic = routing.fallbacks.at("simulated/basic");
  CHECK(basic.general == std::vector<std::string>{"simulated/advanced"});
  CHECK(basic.context_window == std::vector<std::string>{"simulated/expert"});
  CHECK(basic.content_policy.empty());
  CHECK(routing.fallbacks.at("expert").content_policy
        == std::vector<std::string>{"simulated/basic", "simulated/advanced"});
  CHECK(runtime_config{}.routing.latency_weight_permille == 0);
}

TEST_CASE("a model or tier that is not known is told with the nearest",
          "[config]") {
  CHECK(problems_of("    basic: {general: [simulated/advancd]}\n")
        == "'basic', general: there is no model 'simulated/advancd' (did you "
           "mean 'simulated/advanced'?)\n");
  CHECK(problems_of("    basc: {}\n")
        == "there is no model or tier 'basc' (did you mean 'basic'?)\n");
  CHECK(problems_of("    simulated/basicc: {}\n")
        == "there is no model or tier 'simulated/basicc' (did you mean "
           "'simulated/basic'?)\n");
}

TEST_CASE("what a list of fallbacks cannot be is told", "[config]") {
  CHECK(problems_of("    simulated/basic: {general: [simulated/basic]}\n")
        == "'simulated/basic', general: a model is no fallback for itself\n");
  CHECK(problems_of("    basic: {context_window: [simulated/expert,\n"
                    "      simulated/expert]}\n")
        == "'basic', context_window: 'simulated/expert' is there twice\n");
  std::string many;
  for (int i = 0; i < 17; ++i)
    many += "simulated/expert,";
  CHECK(problems_of("    basic: {content_policy: [" + many + "]}\n")
        == "'basic', content_policy: at most 16 models\n");
  CHECK(problems_of("    basic: {generl: [simulated/expert]}\n")
            .find("did you mean 'general'?")
        != std::string::npos);
  CHECK_FALSE(problems_of("    basic: simulated/expert\n").empty());
  CHECK_FALSE(problems_of("    - simulated/expert\n").empty());
  CHECK_FALSE(problems_of("    basic: {}\n"
                          "  latency_weight_permille: 10001\n")
                  .empty());
}

TEST_CASE("a fallback of a program's own configuration is checked as well",
          "[config]") {
  runtime_config config;
  config.routing.fallbacks["basic"].general = {"simulated/advancd"};
  const auto refused = runtime::create(config);
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == protocol::errc::config_invalid);
  CHECK(refused.error().detail.find("simulated/advanced") != std::string::npos);
  config.routing.fallbacks["basic"].general = {"simulated/advanced"};
  config.routing.latency_weight_permille = 20'000;
  CHECK(runtime::create(config).has_error());
}
