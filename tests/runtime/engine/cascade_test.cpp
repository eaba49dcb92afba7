// Missions whose tasks begin at a cheaper tier.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/report.hpp"
#include "troupe/runtime/runtime.hpp"

#include <atomic>

using namespace troupe;
using protocol::money;
using protocol::run_state;

namespace {

runtime make(answer_verifier verifier = {},
             cache_mode cache = cache_mode::off) {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.cache.mode = cache;
  config.verifier = std::move(verifier);
  auto troupe = runtime::create(std::move(config));
  REQUIRE(troupe.has_value());
  return std::move(*troupe);
}

protocol::mission cascaded(std::uint32_t pass_permille = 700) {
  auto mission = test::mission_for("");
  mission.tasks[0].prompt = "Tell about the moon.";
  mission.tasks[0].level = protocol::tier::expert;
  mission.models.cascade = protocol::cascade_plan{};
  mission.models.cascade->pass_permille = pass_permille;
  return mission;
}

protocol::run_report done(runtime& troupe, const protocol::mission& mission) {
  auto report = troupe.run(mission);
  REQUIRE(report.has_value());
  REQUIRE(report->state == run_state::done);
  return std::move(*report);
}

} // namespace

TEST_CASE("a mission whose cheap answers pass is done by cheap models",
          "[cascade]") {
  auto troupe = make();
  const auto report = done(troupe, cascaded(1));
  CHECK(report.tasks[0].model == "simulated/basic");
  CHECK(report.escalations == 0);
  CHECK(report.cost == troupe.account("default")->spent);
  const auto text = to_text(report, troupe.callable_models());
  CHECK(text.find("Cascade:") == std::string::npos);
}

TEST_CASE("a mission whose cheap answers do not pass is done by its own tier, "
          "and says so",
          "[cascade]") {
  auto troupe = make([](const auto&, const auto&) { return 0U; });
  const auto report = done(troupe, cascaded());
  CHECK(report.tasks[0].model == "simulated/expert");
  CHECK(report.escalations == 2);
  CHECK(report.tasks[0].escalations == 2);
  CHECK(report.cost == troupe.account("default")->spent);
  const auto text = to_text(report, troupe.callable_models());
  CHECK(text.find("2 cheaper answers were not good enough")
        != std::string::npos);
  CHECK(text.find("Saving:") == std::string::npos); // of answers made twice
}

TEST_CASE("simulated models rate answers, the same way each time",
          "[cascade]") {
  std::uint32_t passed = 0;
  for (int i = 0; i < 20; ++i) {
    auto mission = cascaded();
    mission.tasks[0].prompt = "Tell about moon " + std::to_string(i) + ".";
    auto one = make();
    auto other = make();
    const auto report = done(one, mission);
    CHECK(report.tasks[0].model == done(other, mission).tasks[0].model);
    passed += report.tasks[0].model == "simulated/basic" ? 1U : 0U;
  }
  CHECK(passed > 2);
  CHECK(passed < 18);
}

TEST_CASE("a verifier of the program is asked, not a model", "[cascade]") {
  std::atomic<int> asked{0};
  std::atomic<bool> is_whole{false};
  auto troupe = make([&](const auto& call, const auto& reply) {
    ++asked;
    is_whole =
        call.level == protocol::tier::expert && !text_of(reply.content).empty();
    return 1'000U;
  });
  const auto report = done(troupe, cascaded());
  CHECK(asked == 1);
  CHECK(is_whole);
  CHECK(report.tasks[0].model == "simulated/basic");
  CHECK(troupe.account("default")->calls_made == 1);
  auto plain = cascaded();
  plain.models.cascade.reset();
  CHECK(done(troupe, plain).tasks[0].model == "simulated/expert");
  CHECK(asked == 1);
}

TEST_CASE("a cascade that is run again gets all its answers from the cache",
          "[cascade]") {
  auto troupe =
      make([](const auto&, const auto&) { return 0U; }, cache_mode::read_write);
  const auto first = done(troupe, cascaded());
  const auto second = done(troupe, cascaded());
  CHECK(second.tasks[0].model == "simulated/expert");
  CHECK(second.cost == money{});
  CHECK(second.saved == first.cost);
  CHECK(second.cached_calls == 1);
}
