// Accounts, tags and forecasts through the facade.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::errc;
using protocol::money;
using protocol::run_state;

namespace {

runtime office(std::vector<protocol::open_account> budgets) {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.budgets = std::move(budgets);
  auto troupe = runtime::create(std::move(config));
  REQUIRE(troupe.has_value());
  return std::move(*troupe);
}

protocol::open_account nightly(std::int64_t nano_usd) {
  protocol::open_account it;
  it.path = "tag:nightly";
  it.limit = {nano_usd};
  return it;
}

protocol::mission tagged() {
  auto mission = test::mission_for("");
  mission.tags = {"nightly"};
  return mission;
}

} // namespace

TEST_CASE("a mission's tags bear what it spends", "[runtime]") {
  auto troupe = office({nightly(1'000'000'000)});
  const auto report = troupe.run(tagged());
  REQUIRE(report.has_value());
  REQUIRE(report->state == run_state::done);
  CHECK(report->cost > money{});
  CHECK(troupe.account("tag:nightly")->spent == report->cost);
  CHECK(troupe.account("default")->spent == report->cost);
  const auto forecast = troupe.forecast("tag:nightly");
  REQUIRE(forecast.has_value());
  CHECK(forecast->spent == report->cost);
}

TEST_CASE("a tag without money stops a mission that has some", "[runtime]") {
  auto troupe = office({nightly(10)});
  const auto report = troupe.run(tagged());
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::failed);
  REQUIRE(report->tasks[0].failure);
  CHECK(report->tasks[0].failure->code == errc::budget_exhausted);
  CHECK(report->tasks[0].failure->detail.find("'tag:nightly'")
        != std::string::npos);
}

TEST_CASE("a run's accounts are listed, and closed when it has ended",
          "[runtime]") {
  auto troupe = office({});
  REQUIRE(troupe.run(tagged()).has_value());
  const auto listed = troupe.accounts({"default", {}, 100});
  REQUIRE(listed.has_value());
  REQUIRE(listed->accounts.size() >= 3);
  CHECK(listed->accounts[0].path == "default");
  CHECK_FALSE(listed->accounts[0].is_closed);
  CHECK(listed->accounts[1].path.starts_with("default/one-"));
  const auto& run = listed->accounts[1].path;
  // The coordinator says so behind its report.
  CHECK(test::eventually([&] { return troupe.account(run)->is_closed; }));
  CHECK(troupe.accounts({"nowhere", {}, 100}).error().code
        == errc::invalid_request);
  CHECK(troupe.forecast("nowhere").error().code == errc::invalid_request);
}

TEST_CASE("a runtime does not start with limits that mean nothing",
          "[runtime]") {
  auto rolling = nightly(10);
  rolling.is_rolling = true;
  runtime_config config;
  config.log.level = log_level::off;
  config.budgets = {rolling};
  CHECK_FALSE(runtime::create(std::move(config)).has_value());
}
