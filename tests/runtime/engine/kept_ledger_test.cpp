// A runtime whose ledger is kept in a file.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::errc;
using protocol::run_state;

namespace {

struct office {
  test::scratch_folder folder{"kept-ledger"};

  runtime open() const {
    runtime_config config;
    config.simulated.latency_scale_permille = 0;
    config.log.level = log_level::off;
    config.budget_window = protocol::budget_window::month;
    config.ledger = (folder.path() / "troupe.ledger").string();
    auto troupe = runtime::create(std::move(config));
    REQUIRE(troupe.has_value());
    return std::move(*troupe);
  }
};

protocol::mission one_task() {
  return test::mission_for(""); // any model
}

} // namespace

TEST_CASE("what was spent is known after a restart", "[runtime]") {
  const office it;
  protocol::money spent;
  for (int life = 0; life < 3; ++life) {
    auto troupe = it.open();
    CHECK(troupe.account("default")->spent == spent);
    const auto report = troupe.run(one_task());
    REQUIRE(report.has_value());
    REQUIRE(report->state == run_state::done);
    spent += report->cost;
    const auto tenant = troupe.account("default");
    CHECK(tenant->spent == spent);
    CHECK(tenant->unknown == protocol::money{});
    CHECK(tenant->window == protocol::budget_window::month);
  }
}

TEST_CASE("a budget of calls holds for missions", "[runtime]") {
  const office it;
  auto troupe = it.open();
  const auto set = troupe.set_budget(
      {"default", protocol::money::max(), 0, 2, protocol::budget_window::day});
  REQUIRE(set.has_value());
  CHECK(set->calls_max == 2);
  for (int i = 0; i < 2; ++i)
    CHECK(troupe.run(one_task())->state == run_state::done);
  const auto refused = troupe.run(one_task());
  REQUIRE(refused.has_value());
  CHECK(refused->tasks[0].failure->code == errc::budget_exhausted);
  CHECK(refused->cost == protocol::money{});
  CHECK(troupe.set_budget({"/bad/", {}}).error().code == errc::invalid_request);
}

TEST_CASE("a second runtime does not get the same ledger", "[runtime]") {
  const office it;
  const auto troupe = it.open();
  runtime_config config;
  config.log.level = log_level::off;
  config.ledger = (it.folder.path() / "troupe.ledger").string();
  const auto second = runtime::create(std::move(config));
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code == errc::config_invalid);
}
