// What a configuration says of calls that have to wait.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"

using namespace std::chrono_literals;
using namespace troupe;

namespace {

loaded_config load(std::string_view text) {
  test::scratch_folder folder{"traffic"};
  return load_config(folder.write("troupe.yaml", text), [](const std::string&) {
    return std::optional<std::string>{};
  });
}

/// The first problem, without its place.
std::string problem_of(const std::string& text) {
  const auto loaded = load(text);
  return loaded.problems.empty() ? "" : loaded.problems[0].message;
}

std::string breaker(const std::string& fields) {
  return "providers: {openai: {breaker: {" + fields + "}}}";
}

} // namespace

TEST_CASE("a provider's breaker and the shares of tenants are read",
          "[config]") {
  const auto loaded = load(R"(providers:
  openai:
    breaker: {failures: 2, failures_permille: 300, volume: 20, window: 1m,
      rest: 1s, rest_max: 1h, probes: 3, slow_start: 0s}
routing:
  when_all_rest: least_bad
  shares: {studio: 3, lab: 1000}
  urgent_permille: 900
  hedge_permille: 990
  hedge_share_permille: 0
)");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& it = loaded.config.providers[1].breaker;
  CHECK(it.failures == 2);
  CHECK(it.failures_permille == 300);
  CHECK(it.volume == 20);
  CHECK(it.window == 1min);
  CHECK(it.rest == 1s);
  CHECK(it.rest_max == 1h);
  CHECK(it.probes == 3);
  CHECK(it.slow_start == 0s);
  const auto& routing = loaded.config.routing;
  CHECK(routing.when_all_rest == all_rest::least_bad);
  CHECK(routing.shares
        == std::map<std::string, std::uint32_t>{{"studio", 3}, {"lab", 1'000}});
  CHECK(routing.urgent_permille == 900);
  CHECK(routing.hedge_permille == 990);
  CHECK(routing.hedge_share_permille == 0);
}

TEST_CASE("what a breaker or a share cannot be is told", "[config]") {
  for (const auto* bad :
       {"failures: 0", "failures: 1001", "failures_permille: 0",
        "failures_permille: 1001", "volume: 0", "window: 500ms", "rest: 0s",
        "rest: 10m", // above rest_max
        "rest_max: 1s", "probes: 0", "probes: 101", "slow_start: 2h",
        "failure: 5"}) {
    INFO(bad);
    CHECK_FALSE(problem_of(breaker(bad)).empty());
  }
  for (const auto* bad :
       {"shares: {a: 0}", "shares: {a: 1001}", "shares: {'a b': 1}",
        "shares: [a]", "urgent_permille: 901", "when_all_rest: never",
        "hedge_permille: 499", "hedge_permille: 1000",
        "hedge_share_permille: 501", "hedge_share_permille: -1"}) {
    INFO(bad);
    CHECK_FALSE(problem_of(std::string{"routing: {"} + bad + "}").empty());
  }
  CHECK(problem_of(breaker("rest: 5m, rest_max: 5m")).empty());
}

TEST_CASE("settings that were made in C++ are checked like those of files",
          "[config]") {
  runtime_config config;
  config.providers[0].breaker.probes = 0;
  config.providers[1].breaker.rest_max = 1s;
  config.routing.shares["a b"] = 1;
  config.routing.shares["a"] = 1'001;
  config.routing.urgent_permille = 1'000;
  config.routing.hedge_permille = 0;
  config.routing.hedge_share_permille = 1'000;
  CHECK(check_config(config).size() == 7);
}

TEST_CASE("what is learned from answers is read", "[config]") {
  const auto loaded = load(R"(routing:
  learning: {enabled: true, spend_per_call: 0.002 USD, file: kept/learned.db,
    gates: false}
)");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& it = loaded.config.routing.learning;
  CHECK(it.enabled);
  CHECK(it.spend_per_call == protocol::money{2'000'000});
  CHECK(it.file.ends_with("/kept/learned.db"));
  CHECK(it.file.starts_with("/"));
  CHECK_FALSE(it.gates);
}

TEST_CASE("what learning cannot be is told", "[config]") {
  for (const auto* bad : {"enabled: perhaps", "spend_per_call: -1",
                          "spend_per_call: much", "gate: true"}) {
    CAPTURE(bad);
    CHECK(problem_of("routing: {learning: {" + std::string{bad} + "}}") != "");
  }
  runtime_config config;
  config.routing.learning.spend_per_call.nano_usd = -1;
  REQUIRE(check_config(config).size() == 1);
  CHECK(check_config(config)[0].pointer == "/routing/learning/spend_per_call");
}
