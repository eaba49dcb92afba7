// What a configuration says of accounts.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"

using namespace std::chrono_literals;
using namespace troupe;

namespace {

loaded_config load(std::string_view text) {
  test::scratch_folder folder{"budgets"};
  return load_config(folder.write("troupe.yaml", text), [](const std::string&) {
    return std::optional<std::string>{};
  });
}

std::string problem_of(const std::string& fields) {
  const auto loaded = load("budgets: {\"tag:x\": {" + fields + "}}");
  return loaded.problems.empty() ? "" : loaded.problems[0].message;
}

} // namespace

TEST_CASE("limits of accounts are read", "[config]") {
  const auto loaded = load(R"(budgets:
  default/research: {limit: 5 USD, window: day, rolling: true}
  "tag:nightly":
    limit: 1 USD
    tokens: 100000
    calls: 20
    window: week
    time: 2h
    alarms: [50, 90]
)");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& all = loaded.config.budgets;
  REQUIRE(all.size() == 2);
  CHECK(all[0].path == "default/research");
  CHECK(all[0].limit == protocol::money{5'000'000'000});
  CHECK(all[0].window == protocol::budget_window::day);
  CHECK(all[0].is_rolling);
  CHECK(all[1].path == "tag:nightly");
  CHECK(all[1].tokens_max == 100'000);
  CHECK(all[1].calls_max == 20);
  CHECK(all[1].time_max == 2h);
  CHECK(all[1].alarms == std::vector<std::uint32_t>{50, 90});
}

TEST_CASE("limits that are none are problems", "[config]") {
  for (const auto* bad :
       {"limit: -1", "limit: much", "tokens: -1", "window: year",
        "rolling: often", "time: 0s", "alarms: [0]", "alarms: [101]",
        "alarms: [1e9999]", "alarms: [half]", "alarm: [50]"}) {
    CAPTURE(bad);
    CHECK_FALSE(problem_of(bad).empty());
  }
}
