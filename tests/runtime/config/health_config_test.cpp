// What a configuration says of sick agents.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"

using namespace std::chrono_literals;
using namespace troupe;

namespace {

loaded_config load(std::string_view text) {
  test::scratch_folder folder{"health"};
  return load_config(folder.write("troupe.yaml", text), [](const std::string&) {
    return std::optional<std::string>{};
  });
}

} // namespace

TEST_CASE("how sick agents are looked after is read", "[config]") {
  CHECK(load("threads: 2").config.health.enabled);
  const auto loaded = load(R"(health:
  {enabled: false, window: 20, count_min: 20, failures_permille: 300,
   gates_permille: 1, slow_permille: 2000, slow_floor: 5ms, drain_max: 0s,
   restart_pause: 1h, rest: 2s, rest_max: 2s}
)");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& it = loaded.config.health;
  CHECK_FALSE(it.enabled);
  CHECK(it.window == 20);
  CHECK(it.count_min == 20);
  CHECK(it.failures_permille == 300);
  CHECK(it.gates_permille == 1);
  CHECK(it.slow_permille == 2'000);
  CHECK(it.slow_floor == 5ms);
  CHECK(it.drain_max == 0s);
  CHECK(it.restart_pause == 1h);
  CHECK(it.rest == 2s);
  CHECK(it.rest_max == 2s);
}

TEST_CASE("what cannot be asked of the health of agents is told", "[config]") {
  for (const auto* bad :
       {"window: 1", "window: 1001", "count_min: 1", "count_min: 33",
        "failures_permille: 0", "failures_permille: 1001", "gates_permille: 0",
        "slow_permille: 999", "slow_floor: 0s", "drain_max: 2h",
        "restart_pause: 25h", "rest: 0s", "rest_max: 30s", "enabled: perhaps",
        "rests: 1m"}) {
    INFO(bad);
    CHECK_FALSE(load(std::string{"health: {"} + bad + "}").problems.empty());
  }
  runtime_config config;
  config.health.count_min = 100;
  config.health.rest_max = 1s;
  CHECK(check_config(config).size() == 2);
}
