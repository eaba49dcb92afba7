#include "forecast_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;
using protocol::budget_window;
using protocol::instant;
using protocol::money;
using protocol::test::random_source;

namespace {

constexpr instant midnight{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 16}};

ledger_account daily(std::int64_t limit) {
  ledger_account it{"t"};
  protocol::open_account limits;
  limits.path = "t";
  limits.limit = {limit};
  limits.window = budget_window::day;
  it.open(limits, midnight);
  return it;
}

void spend(ledger_account& account, std::int64_t amount, instant at) {
  account.roll(at);
  account.hold({{amount}, 0}, at);
  account.settle({{amount}, 0}, {{amount}, 0}, at);
}

} // namespace

TEST_CASE("even spending is told to go on evenly", "[forecast]") {
  auto account = daily(2'400);
  for (auto at = midnight; at < midnight + 12h; at += 24min)
    spend(account, 40, at);
  const auto told = forecast_of(account, midnight + 12h);
  CHECK(told.spent == money{1'200});
  CHECK(told.span == 12h);
  CHECK(told.per_hour == money{100});
  CHECK(told.window_end == midnight + 24h);
  CHECK(told.expected == money{2'400});
  CHECK(told.low == told.expected);
  CHECK(told.high == told.expected);
}

TEST_CASE("money that lasts half the time is exhausted then", "[forecast]") {
  auto account = daily(1'800);
  for (auto at = midnight; at < midnight + 12h; at += 24min)
    spend(account, 40, at);
  const auto told = forecast_of(account, midnight + 12h);
  REQUIRE(told.exhausted);
  CHECK(*told.exhausted >= midnight + 18h - 1s);
  CHECK(*told.exhausted <= midnight + 18h + 1s);
  CHECK(told.exhausted_soonest <= told.exhausted);
}

TEST_CASE("little spending gives no forecast, and none of exhaustion",
          "[forecast]") {
  auto account = daily(1'000);
  CHECK(forecast_of(account, midnight).span == 0s);
  spend(account, 10, midnight);
  const auto told = forecast_of(account, midnight + 30min);
  CHECK(told.span == 0s);
  CHECK(told.expected == told.spent);
  CHECK_FALSE(told.exhausted);
}

TEST_CASE("nine of ten outcomes lie in the interval", "[forecast]") {
  int inside = 0;
  constexpr int rounds = 400;
  for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
    random_source random{seed};
    auto account = daily(1'000'000'000);
    const auto next = [&] {
      std::int64_t sum = 0;
      for (int i = 0; i < 4; ++i)
        sum += static_cast<std::int64_t>(random.below(1'000));
      return sum;
    };
    auto at = midnight;
    for (; at < midnight + 8h; at += 24min)
      spend(account, next(), at);
    const auto told = forecast_of(account, at);
    for (; at < midnight + 24h; at += 24min)
      spend(account, next(), at);
    inside +=
        account.state().spent >= told.low && account.state().spent <= told.high
            ? 1
            : 0;
  }
  CHECK(inside > rounds * 86 / 100);
  CHECK(inside < rounds * 94 / 100);
}

TEST_CASE("an account for life learns from longer and longer steps",
          "[forecast]") {
  ledger_account account{"t"};
  protocol::open_account limits;
  limits.path = "t";
  limits.limit = {1'000'000};
  account.open(limits, midnight);
  for (auto at = midnight; at < midnight + 10h; at += 1min)
    spend(account, 10, at);
  const auto told = forecast_of(account, midnight + 10h);
  CHECK(told.per_hour >= money{590});
  CHECK(told.per_hour <= money{610});
  CHECK(told.window_end == instant{});
  REQUIRE(told.exhausted);
  const auto hours = (1'000'000 - 6'000) / 600;
  CHECK(*told.exhausted > midnight + 10h + std::chrono::hours{hours - 50});
  CHECK(*told.exhausted < midnight + 10h + std::chrono::hours{hours + 50});
}
