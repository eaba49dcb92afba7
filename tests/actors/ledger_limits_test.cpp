#include "ledger_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <map>
#include <numeric>

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;
using protocol::budget_window;
using protocol::errc;
using protocol::instant;
using protocol::money;
using protocol::settlement;
using protocol::test::random_source;

namespace {

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 16}
                       + 12h};

protocol::open_account account_of(std::string path, std::int64_t limit) {
  protocol::open_account it;
  it.path = std::move(path);
  it.limit = {limit};
  return it;
}

protocol::reserve_budget asking(std::string account, std::int64_t amount) {
  protocol::reserve_budget it;
  it.account = std::move(account);
  it.amount = {amount};
  return it;
}

protocol::settle_budget billed(protocol::id which, std::int64_t amount) {
  return {which, settlement::billed, {amount}, 0};
}

money spent(const ledger_rules& ledger, const std::string& path, instant at) {
  return ledger.describe(path, at).value().spent;
}

/// Reserves and settles at once.
void spend(ledger_rules& ledger, const std::string& path, std::int64_t amount,
           protocol::id key, instant at) {
  REQUIRE(ledger.reserve(asking(path, amount), key, at));
  REQUIRE(ledger.settle(billed(key, amount), at));
}

} // namespace

TEST_CASE("what is left is granted when it is of use, and no less",
          "[ledger]") {
  ledger_rules ledger;
  REQUIRE(ledger.open(account_of("t", 100), noon));
  auto ask = asking("t/m", 150);
  ask.amount_min = money{90};
  const auto held = ledger.reserve(ask, {1, 1}, noon);
  REQUIRE(held);
  CHECK(held->amount == money{100});
  REQUIRE(ledger.settle(billed({1, 1}, 30), noon));
  const auto refused = ledger.reserve(ask, {1, 2}, noon);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::budget_exhausted);
  CHECK(refused.error().affordable == 70);
}

TEST_CASE("tokens that are left are granted when they are of use", "[ledger]") {
  ledger_rules ledger;
  auto limits = account_of("t", 100);
  limits.tokens_max = 1'000;
  REQUIRE(ledger.open(limits, noon));
  auto ask = asking("t", 10);
  ask.tokens = 1'500;
  ask.amount_min = money{10};
  ask.tokens_min = 1'000;
  const auto held = ledger.reserve(ask, {1, 1}, noon);
  REQUIRE(held);
  CHECK(held->tokens == 1'000);
  CHECK_FALSE(ledger.reserve(ask, {1, 2}, noon));
}

TEST_CASE("the accounts of tags bear a call as well, each level once",
          "[ledger]") {
  ledger_rules ledger;
  REQUIRE(ledger.open(account_of("t", 1'000), noon));
  REQUIRE(ledger.open(account_of("tag:night", 50), noon));
  auto ask = asking("t/a", 40);
  ask.tags = {"tag:night", "t/b", "tag:night"};
  REQUIRE(ledger.reserve(ask, {1, 1}, noon));
  for (const auto* path : {"t", "t/a", "t/b", "tag:night"})
    CHECK(ledger.describe(path, noon)->reserved == money{40});
  const auto refused = ledger.reserve(ask, {1, 2}, noon);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.find("'tag:night'") != std::string::npos);
  CHECK(ledger.describe("t", noon)->reserved == money{40});
  REQUIRE(ledger.settle(billed({1, 1}, 25), noon));
  for (const auto* path : {"t", "t/a", "t/b", "tag:night"})
    CHECK(spent(ledger, path, noon) == money{25});
}

TEST_CASE("a rolling window never holds more than its limit", "[ledger]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    ledger_rules ledger;
    auto limits = account_of("t", 5'000);
    limits.window = budget_window::hour;
    limits.is_rolling = true;
    REQUIRE(ledger.open(limits, noon));
    std::map<instant, std::int64_t> all;
    auto now = noon;
    for (std::uint64_t i = 0; i < 400; ++i) {
      now += std::chrono::seconds{1 + random.below(120)};
      const auto amount = static_cast<std::int64_t>(random.below(400));
      if (ledger.reserve(asking("t/a", amount), {1, i + 1}, now)) {
        REQUIRE(ledger.settle(billed({1, i + 1}, amount), now));
        all[now] += amount;
      }
      const auto sum_since = [&](instant from) {
        return std::accumulate(
            all.upper_bound(from), all.end(), std::int64_t{0},
            [](auto sum, const auto& it) { return sum + it.second; });
      };
      const auto counted = spent(ledger, "t", now).nano_usd;
      REQUIRE(counted <= 5'000);
      REQUIRE(counted >= sum_since(now - 1h));
      REQUIRE(counted <= sum_since(now - 1h - 1min));
    }
    CHECK(all.size() > 50);
    CHECK(all.size() < 400);
  }
}

TEST_CASE("time runs from the first call of a window", "[ledger]") {
  ledger_rules ledger;
  auto limits = account_of("t", 100);
  limits.window = budget_window::day;
  limits.time_max = 10min;
  REQUIRE(ledger.open(limits, noon));
  const auto first = ledger.reserve(asking("t/a", 1), {1, 1}, noon + 1h);
  REQUIRE(first);
  CHECK(first->until == noon + 1h + 10min);
  CHECK(ledger.reserve(asking("t", 1), {1, 2}, noon + 1h + 9min));
  const auto late = ledger.reserve(asking("t", 1), {1, 3}, noon + 1h + 10min);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::budget_exhausted);
  CHECK(late.error().affordable == 0);
  CHECK(ledger.reserve(asking("t", 1), {1, 4}, noon + 24h));
}

TEST_CASE("B4: what a lost holder held is spent until it is put right",
          "[ledger]") {
  ledger_rules ledger;
  REQUIRE(ledger.open(account_of("t", 100), noon));
  auto ask = asking("t/a", 60);
  ask.lease = 5min;
  REQUIRE(ledger.reserve(ask, {1, 1}, noon));
  CHECK(ledger.next_expiry() == noon + 5min);
  CHECK(ledger.expired(noon + 4min, 10).empty());
  REQUIRE(ledger.expired(noon + 5min, 10) == std::vector<protocol::id>{{1, 1}});
  REQUIRE(ledger.settle({{1, 1}, settlement::unknown, {}, 0}, noon + 5min));
  CHECK(ledger.next_expiry() == instant::max());
  CHECK(ledger.describe("t", noon)->unknown == money{60});
  CHECK(spent(ledger, "t", noon) == money{60});
  const auto right = ledger.settle(billed({1, 1}, 20), noon + 6min);
  REQUIRE(right);
  CHECK(right->is_new);
  for (const auto* path : {"t", "t/a"}) {
    const auto it = ledger.describe(path, noon).value();
    CHECK(it.spent == money{20});
    CHECK(it.unknown == money{});
    CHECK(it.spent_ever == money{20});
    CHECK(it.calls_made == 1);
  }
  CHECK_FALSE(ledger.settle(billed({1, 1}, 99), noon + 7min)->is_new);
  CHECK(spent(ledger, "t", noon) == money{20});
}

TEST_CASE("a settled lease does not expire", "[ledger]") {
  ledger_rules ledger;
  auto ask = asking("t", 60);
  ask.lease = 5min;
  REQUIRE(ledger.reserve(ask, {1, 1}, noon));
  REQUIRE(ledger.settle(billed({1, 1}, 1), noon));
  CHECK(ledger.expired(noon + 1h, 10).empty());
}

TEST_CASE("what is put right after its window has no part in the next",
          "[ledger]") {
  ledger_rules ledger;
  auto limits = account_of("t", 100);
  limits.window = budget_window::day;
  REQUIRE(ledger.open(limits, noon));
  REQUIRE(ledger.reserve(asking("t", 60), {1, 1}, noon));
  REQUIRE(ledger.settle({{1, 1}, settlement::unknown, {}, 0}, noon));
  spend(ledger, "t", 7, {1, 2}, noon + 24h);
  REQUIRE(ledger.settle(billed({1, 1}, 20), noon + 25h));
  const auto it = ledger.describe("t", noon + 25h).value();
  CHECK(it.spent == money{7});
  CHECK(it.spent_ever == money{27});
}

TEST_CASE("a bill above what was held freezes, though it comes late",
          "[ledger]") {
  ledger_rules ledger;
  REQUIRE(ledger.open(account_of("t", 100), noon));
  REQUIRE(ledger.reserve(asking("t", 60), {1, 1}, noon));
  REQUIRE(ledger.settle({{1, 1}, settlement::unknown, {}, 0}, noon));
  CHECK(ledger.settle(billed({1, 1}, 61), noon)->froze);
  CHECK(ledger.describe("t", noon)->overrun == money{1});
}

TEST_CASE("alarms are told once a window, those passed together at once",
          "[ledger]") {
  ledger_rules ledger;
  auto limits = account_of("t", 100);
  limits.window = budget_window::hour;
  limits.alarms = {50, 80, 95};
  REQUIRE(ledger.open(limits, noon));
  const auto told = [&](std::uint64_t key, std::int64_t amount, instant at) {
    REQUIRE(ledger.reserve(asking("t/a", amount), {1, key}, at));
    std::vector<std::uint32_t> percents;
    const auto settled = ledger.settle(billed({1, key}, amount), at).value();
    for (const auto& it : settled.alarms)
      percents.push_back(it.percent);
    return percents;
  };
  using list = std::vector<std::uint32_t>;
  CHECK(told(1, 49, noon) == list{});
  CHECK(told(2, 1, noon) == list{50});
  CHECK(told(3, 45, noon) == list{80, 95});
  CHECK(told(4, 5, noon) == list{});
  CHECK(told(5, 60, noon + 1h) == list{50});
}

TEST_CASE("an account is not opened with limits that mean nothing",
          "[ledger]") {
  ledger_rules ledger;
  const auto refused = [&](auto change) {
    auto it = account_of("t", 100);
    change(it);
    const auto opened = ledger.open(it, noon);
    return !opened && opened.error().code == errc::invalid_request;
  };
  CHECK(refused([](auto& it) { it.limit = {-1}; }));
  CHECK(refused([](auto& it) { it.time_max = -1s; }));
  CHECK(refused([](auto& it) { it.is_rolling = true; }));
  CHECK(refused([](auto& it) { it.alarms = {0}; }));
  CHECK(refused([](auto& it) { it.alarms = {101}; }));
  CHECK(refused([](auto& it) { it.alarms = {80, 50}; }));
  CHECK(refused([](auto& it) { it.alarms.assign(9, 50); }));
  CHECK(refused([](auto& it) {
    it.window = budget_window::hour;
    it.is_rolling = true;
    it.time_max = 1min;
  }));
  CHECK_FALSE(ledger.reserve(asking("t", -1), {1, 1}, noon));
  auto tagged = asking("t", 1);
  tagged.tags.assign(9, "tag:x");
  CHECK_FALSE(ledger.reserve(tagged, {1, 1}, noon));
  tagged.tags = {"//"};
  CHECK_FALSE(ledger.reserve(tagged, {1, 1}, noon));
}
