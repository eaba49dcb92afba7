#include "budget_windows.hpp"
#include "ledger_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::budget_window;
using protocol::errc;
using protocol::instant;
using protocol::money;
using protocol::settlement;

namespace {

instant time(const char* text) {
  return protocol::parse_instant(text).value();
}

const instant sunday = time("2026-11-22T10:30:00Z");

ledger_rules ledger_of(budget_window window, std::int64_t limit = 100) {
  ledger_rules ledger;
  REQUIRE(ledger.open({"t", {limit}, 0, 0, window}, sunday));
  return ledger;
}

/// Reserves and settles at once.
void spend(ledger_rules& ledger, std::int64_t amount, std::uint64_t key,
           instant now) {
  REQUIRE(ledger.reserve({"t/m", {amount}}, {1, key}, now));
  REQUIRE(ledger.settle({{1, key}, settlement::billed, {amount}}, now));
}

/// A ledger that is used at random, and the entries of what it did.
class random_ledger {
public:
  explicit random_ledger(std::uint64_t seed) : source_(seed) {}

  void step() {
    // Forward mostly, and back now and then.
    now += std::chrono::minutes{static_cast<long>(source_.below(200)) - 20};
    const auto choice = source_.below(4);
    if (choice == 0)
      open_account();
    else if (choice == 1 && !open.empty())
      settle();
    else
      reserve();
  }

  static inline const std::vector<std::string> paths{"t", "t/a", "t/a/x", "t/b",
                                                     "u"};
  ledger_rules ledger;
  std::vector<ledger_entry> entries;
  std::vector<protocol::id> open;
  instant now = sunday;

private:
  const std::string& path() { return paths[source_.below(paths.size())]; }
  money amount() { return {static_cast<std::int64_t>(source_.below(50))}; }

  void open_account() {
    const protocol::open_account what{
        path(),
        {static_cast<std::int64_t>(source_.below(2'000))},
        source_.below(5'000),
        source_.below(100),
        static_cast<budget_window>(source_.below(5))};
    REQUIRE(ledger.open(what, now));
    entries.push_back({ledger.pass_to(now), what});
  }

  void settle() {
    const protocol::settle_budget what{
        open.back(), static_cast<settlement>(source_.below(3)), amount(),
        source_.below(90)};
    open.pop_back();
    REQUIRE(ledger.settle(what, now));
    entries.push_back({ledger.pass_to(now), what});
  }

  void reserve() {
    const held_budget what{{1, ++made_}, {path(), amount(), source_.below(80)}};
    if (!ledger.reserve(what.what, what.reservation, now))
      return;
    open.push_back(what.reservation);
    entries.push_back({ledger.pass_to(now), what});
  }

  protocol::test::random_source source_;
  std::uint64_t made_ = 0;
};

} // namespace

TEST_CASE("windows begin and end with the calendar in UTC", "[ledger]") {
  const auto is = [](budget_window window, const char* now, const char* start,
                     const char* end) {
    CHECK(start_of(window, time(now)) == time(start));
    CHECK(end_of(window, time(now)) == time(end));
  };
  is(budget_window::hour, "2026-11-22T10:59:59.999Z", "2026-11-22T10:00:00Z",
     "2026-11-22T11:00:00Z");
  is(budget_window::day, "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z",
     "2026-11-23T00:00:00Z");
  is(budget_window::week, "2026-11-22T10:00:00Z", "2026-11-16T00:00:00Z",
     "2026-11-23T00:00:00Z");
  is(budget_window::week, "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z",
     "2026-11-30T00:00:00Z");
  is(budget_window::month, "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z",
     "2027-01-01T00:00:00Z");
  is(budget_window::month, "2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z",
     "2028-03-01T00:00:00Z");
  CHECK(start_of(budget_window::life, sunday) == instant{});
  CHECK(end_of(budget_window::life, sunday) == instant::max());
}

TEST_CASE("B7: what was spent no longer counts when a window ends, once",
          "[ledger]") {
  const auto window = GENERATE(budget_window::hour, budget_window::day,
                               budget_window::week, budget_window::month);
  auto ledger = ledger_of(window);
  spend(ledger, 100, 1, sunday);
  const auto next = end_of(window, sunday);
  const auto refused = ledger.reserve({"t/m", {1}}, {1, 2}, next - 1ns);
  REQUIRE(refused.error().code == errc::budget_exhausted);
  CHECK(refused.error().detail.find("until " + protocol::to_text(next))
        != std::string::npos);
  CHECK(ledger.describe("t", next)->left() == money{100});
  spend(ledger, 60, 3, next);
  CHECK(ledger.describe("t", next)->since == next);
  CHECK_FALSE(ledger.reserve({"t/m", {41}}, {1, 4}, next + 1ns));
  CHECK(ledger.describe("t", next)->spent_ever == money{160});
}

TEST_CASE("B7: a reservation stays open over the end of a window", "[ledger]") {
  auto ledger = ledger_of(budget_window::day);
  REQUIRE(ledger.reserve({"t/m", {70}}, {1, 1}, sunday));
  const auto monday = end_of(budget_window::day, sunday);
  CHECK(ledger.describe("t", monday)->reserved == money{70});
  CHECK_FALSE(ledger.reserve({"t/m", {31}}, {1, 2}, monday));
  REQUIRE(ledger.settle({{1, 1}, settlement::billed, {50}}, monday));
  CHECK(ledger.describe("t", monday)->spent == money{50});
  CHECK(ledger.describe("t", monday)->left() == money{50});
}

TEST_CASE("a clock that goes back opens no window twice", "[ledger]") {
  auto ledger = ledger_of(budget_window::day);
  const auto monday = end_of(budget_window::day, sunday);
  spend(ledger, 100, 1, monday);
  CHECK_FALSE(ledger.reserve({"t/m", {1}}, {1, 2}, sunday));
  CHECK_FALSE(ledger.reserve({"t/m", {1}}, {1, 3}, monday));
}

TEST_CASE("an account for life has no window", "[ledger]") {
  auto ledger = ledger_of(budget_window::life);
  spend(ledger, 100, 1, sunday);
  CHECK_FALSE(
      ledger.reserve({"t/m", {1}}, {1, 2}, sunday + std::chrono::days{4'000}));
}

TEST_CASE("another window begins with what was spent in the last", "[ledger]") {
  auto ledger = ledger_of(budget_window::day);
  spend(ledger, 40, 1, sunday);
  REQUIRE(ledger.open({"t", {100}, 0, 0, budget_window::hour}, sunday));
  CHECK(ledger.describe("t", sunday)->spent == money{40});
  spend(ledger, 30, 2, sunday + 1h);
  REQUIRE(ledger.open({"t", {100}, 0, 0, budget_window::life}, sunday + 1h));
  CHECK(ledger.describe("t", sunday + 1h)->spent == money{70});
}

TEST_CASE("tokens and calls have limits as money has", "[ledger]") {
  ledger_rules ledger;
  REQUIRE(ledger.open({"t", money::max(), 1'000, 3}, sunday));
  REQUIRE(ledger.reserve({"t/m", {}, 600}, {1, 1}, sunday));
  const auto tokens = ledger.reserve({"t/m", {}, 401}, {1, 2}, sunday);
  REQUIRE(tokens.error().code == errc::budget_exhausted);
  CHECK(tokens.error().detail
        == "account 't' has 400 tokens left of 1000; the call may use 401");
  REQUIRE(ledger.settle({{1, 1}, settlement::billed, {}, 100}, sunday));
  REQUIRE(ledger.reserve({"t/m", {}, 900}, {1, 3}, sunday));
  REQUIRE(ledger.settle({{1, 3}, settlement::released, {}}, sunday));
  CHECK(ledger.describe("t", sunday)->calls_made == 1); // nothing was sent
  REQUIRE(ledger.reserve({"t/m", {}, 1}, {1, 4}, sunday));
  REQUIRE(ledger.settle({{1, 4}, settlement::unknown, {}}, sunday));
  REQUIRE(ledger.reserve({"t/m", {}, 1}, {1, 5}, sunday));
  const auto calls = ledger.reserve({"t/m", {}, 1}, {1, 6}, sunday);
  REQUIRE(calls.error().code == errc::budget_exhausted);
  CHECK(calls.error().detail == "account 't' has no call left of 3");
  CHECK(ledger.describe("t", sunday)->tokens_used == 101);
}

TEST_CASE("B3: a bill above its reservation freezes the account until it is "
          "opened again",
          "[ledger]") {
  ledger_rules ledger;
  REQUIRE(ledger.open({"t", {1'000}}, sunday));
  REQUIRE(ledger.open({"t/m", {500}}, sunday));
  REQUIRE(ledger.reserve({"t/m", {10}}, {1, 1}, sunday));
  const auto done = ledger.settle({{1, 1}, settlement::billed, {11}}, sunday);
  REQUIRE(done);
  CHECK(done->froze);
  CHECK(done->account.is_frozen);
  const auto refused = ledger.reserve({"t/m/a", {1}}, {1, 2}, sunday);
  REQUIRE(refused.error().code == errc::budget_exhausted);
  CHECK(refused.error().detail.find("'t/m' is frozen") != std::string::npos);
  CHECK(ledger.reserve({"t/other", {1}}, {1, 3}, sunday));
  REQUIRE(ledger.open({"t/m", {500}}, sunday));
  CHECK(ledger.reserve({"t/m/a", {1}}, {1, 4}, sunday));
}

TEST_CASE("B6: entries that are applied again give the same balances",
          "[ledger]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    random_ledger first{seed};
    for (int i = 0; i < 200; ++i)
      first.step();
    ledger_rules again;
    for (const auto& it : first.entries)
      REQUIRE(again.apply(it));
    CHECK(again.open_reservations().size() == first.open.size());
    for (const auto& path : random_ledger::paths) {
      const auto one = first.ledger.describe(path, first.now + 24h);
      const auto two = again.describe(path, first.now + 24h);
      if (one && two)
        CHECK(*one == *two);
      else if (one) // it came into being by a refusal
        CHECK(one->spent_ever + one->reserved == money{});
    }
  }
}
