#include "ledger_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <map>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::settlement;
using protocol::test::random_source;

namespace {

/// A ledger at one instant.
struct books : ledger_rules {
  using ledger_rules::ledger_rules;
  auto open(const protocol::open_account& what) {
    return ledger_rules::open(what, {});
  }
  auto reserve(const protocol::reserve_budget& what, protocol::id key) {
    return ledger_rules::reserve(what, key, {});
  }
  protocol::result<protocol::account_state>
  settle(const protocol::settle_budget& what) {
    auto done = ledger_rules::settle(what, {});
    if (!done)
      return done.error();
    return done->account;
  }
  auto describe(std::string_view path) const {
    return ledger_rules::describe(path, {});
  }
};

money usd(std::int64_t dollars) {
  return {dollars * 1'000'000'000};
}

const std::vector<std::string> leaves{"t/m1/a", "t/m1/b", "t/m2/a", "t/m2",
                                      "u/m1/a"};
const std::vector<std::string> accounts{
    "t", "t/m1", "t/m2", "t/m1/a", "t/m1/b", "t/m2/a", "u", "u/m1", "u/m1/a"};

bool is_at_or_above(const std::string& account, const std::string& leaf) {
  return leaf == account
         || (leaf.size() > account.size() && leaf.starts_with(account)
             && leaf[account.size()] == '/');
}

struct entry {
  std::string account;
  money amount;
};

/// A ledger beside a naive model of it, driven by random numbers.
class random_books {
public:
  explicit random_books(std::uint64_t seed) : source_(seed) {
    for (const auto& path : accounts)
      CHECK(ledger_.open(
          {path, {static_cast<std::int64_t>(2'000 + source_.below(8'000))}}));
  }

  void step() {
    if (open_.empty() || source_.below(5) < 3)
      reserve();
    else
      settle();
  }

  /// Limits hold, and sums of entries are balances, at every level.
  void check() const {
    for (const auto& path : accounts) {
      money reserved, spent;
      for (const auto& [key, it] : open_)
        if (is_at_or_above(path, it.account))
          reserved += it.amount;
      for (const auto& it : spent_)
        if (is_at_or_above(path, it.account))
          spent += it.amount;
      const auto state = ledger_.describe(path);
      REQUIRE(state);
      REQUIRE(state->spent + state->reserved <= state->limit);
      REQUIRE(state->reserved == reserved);
      REQUIRE(state->spent == spent);
    }
  }

  std::size_t granted = 0;
  std::size_t refused = 0;

private:
  void reserve() {
    const auto& leaf = leaves[source_.below(leaves.size())];
    const money amount{static_cast<std::int64_t>(source_.below(900))};
    const protocol::id key{1, ++last_};
    if (const auto held = ledger_.reserve({leaf, amount}, key)) {
      open_[key] = {leaf, amount};
      ++granted;
    } else {
      REQUIRE(held.error().code == errc::budget_exhausted);
      ++refused;
    }
  }

  void settle() {
    auto it = open_.begin();
    std::advance(it, static_cast<long>(source_.below(open_.size())));
    const auto outcome = static_cast<settlement>(source_.below(3));
    const money actual{static_cast<std::int64_t>(source_.below(
        static_cast<std::size_t>(it->second.amount.nano_usd) + 1))};
    REQUIRE(ledger_.settle({it->first, outcome, actual}));
    if (outcome != settlement::released)
      spent_.push_back({it->second.account, outcome == settlement::billed
                                                ? actual
                                                : it->second.amount});
    open_.erase(it);
  }

  random_source source_;
  books ledger_;
  std::map<protocol::id, entry> open_;
  std::vector<entry> spent_;
  std::uint64_t last_ = 0;
};

} // namespace

TEST_CASE("B1: no order of operations passes a limit or loses money",
          "[ledger]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    random_books random{seed};
    for (int i = 0; i < 150; ++i) {
      random.step();
      random.check();
    }
    CHECK(random.granted > 0);
    CHECK(random.refused > 0);
  }
}

TEST_CASE("B1: a reservation takes from all levels or from none", "[ledger]") {
  books ledger;
  REQUIRE(ledger.open({"t", usd(10)}));
  REQUIRE(ledger.open({"t/m", usd(5)}));
  REQUIRE(ledger.reserve({"t/m/a", usd(4)}, {1, 1}));
  CHECK(ledger.describe("t")->reserved == usd(4));
  CHECK(ledger.describe("t/m")->reserved == usd(4));
  CHECK(ledger.describe("t/m/a")->open_reservations == 1);
  REQUIRE_FALSE(ledger.reserve({"t/m/a", usd(2)}, {1, 2}));
  CHECK(ledger.describe("t")->reserved == usd(4));
  CHECK(ledger.describe("t/m/a")->reserved == usd(4));
  CHECK(ledger.describe("t/m/a")->open_reservations == 1);
}

TEST_CASE("a refusal names the topmost account that refuses", "[ledger]") {
  books ledger;
  REQUIRE(ledger.open({"t", usd(3)}));
  REQUIRE(ledger.open({"t/m", usd(2)}));
  REQUIRE(ledger.reserve({"t/m", usd(1)}, {1, 1}));
  const auto both = ledger.reserve({"t/m/a", usd(7)}, {1, 2});
  REQUIRE_FALSE(both);
  CHECK(both.error().code == errc::budget_exhausted);
  CHECK(both.error().detail
        == "account 't' has 2 USD left of 3; the call may cost 7");
  const auto lower = ledger.reserve({"t/m/a", usd(2)}, {1, 3});
  REQUIRE_FALSE(lower);
  CHECK(lower.error().detail
        == "account 't/m' has 1 USD left of 2; the call may cost 2");
}

TEST_CASE("the last nano-dollar can be reserved and one more cannot",
          "[ledger]") {
  books ledger;
  REQUIRE(ledger.open({"t", {100}}));
  CHECK(ledger.reserve({"t", {100}}, {1, 1}));
  CHECK_FALSE(ledger.reserve({"t", {1}}, {1, 2}));
  CHECK(ledger.reserve({"t", {0}}, {1, 3}));
  CHECK(ledger.describe("t")->left() == money{});
}

TEST_CASE("B5: settling twice changes nothing", "[ledger]") {
  books ledger;
  REQUIRE(ledger.reserve({"t/m", usd(4)}, {1, 1}));
  const auto first = ledger.settle({{1, 1}, settlement::billed, usd(3)});
  REQUIRE(first);
  CHECK(first->path == "t/m");
  CHECK(first->spent == usd(3));
  const auto again = ledger.settle({{1, 1}, settlement::unknown, usd(9)});
  REQUIRE(again);
  CHECK(*again == *first);
  CHECK(ledger.describe("t")->spent == usd(3));
  CHECK(ledger.describe("t")->reserved == money{});
}

TEST_CASE("money whose outcome nobody knows stays spent", "[ledger]") {
  books ledger;
  REQUIRE(ledger.open({"t", usd(5)}));
  REQUIRE(ledger.reserve({"t/m", usd(4)}, {1, 1}));
  REQUIRE(ledger.settle({{1, 1}, settlement::unknown, {}}));
  const auto state = ledger.describe("t");
  CHECK(state->spent == usd(4));
  CHECK(state->unknown == usd(4));
  CHECK(state->reserved == money{});
  CHECK(state->left() == usd(1));
}

TEST_CASE("a released reservation leaves no trace", "[ledger]") {
  books ledger;
  REQUIRE(ledger.reserve({"t/m", usd(4)}, {1, 1}));
  REQUIRE(ledger.settle({{1, 1}, settlement::released, usd(4)}));
  CHECK(ledger.describe("t")->spent == money{});
  CHECK(ledger.describe("t")->reserved == money{});
  CHECK(ledger.describe("t")->open_reservations == 0);
}

TEST_CASE("a bill beyond its reservation is counted as overrun", "[ledger]") {
  books ledger;
  REQUIRE(ledger.open({"t", usd(5)}));
  REQUIRE(ledger.reserve({"t/m", usd(4)}, {1, 1}));
  const auto state = ledger.settle({{1, 1}, settlement::billed, usd(6)});
  CHECK(state->spent == usd(6));
  CHECK(state->overrun == usd(2));
  CHECK(ledger.describe("t")->overrun == usd(2));
  CHECK_FALSE(ledger.reserve({"t/m", {1}}, {1, 2}));
}

TEST_CASE("a new limit counts from then on and keeps what is spent",
          "[ledger]") {
  books ledger;
  REQUIRE(ledger.reserve({"t", usd(4)}, {1, 1}));
  REQUIRE(ledger.settle({{1, 1}, settlement::billed, usd(4)}));
  REQUIRE(ledger.open({"t", usd(3)}));
  CHECK(ledger.describe("t")->spent == usd(4));
  CHECK_FALSE(ledger.reserve({"t", {1}}, {1, 2}));
  REQUIRE(ledger.open({"t", usd(5)}));
  CHECK(ledger.reserve({"t", usd(1)}, {1, 3}));
}

TEST_CASE("paths that are no paths are refused", "[ledger]") {
  books ledger;
  for (const std::string path :
       {"", "/", "/a", "a/", "a//b", "1/2/3/4/5/6/7/8/9"}) {
    CAPTURE(path);
    CHECK(ledger.open({path, usd(1)}).error().code == errc::invalid_request);
    CHECK(ledger.reserve({path, usd(1)}, {1, 1}).error().code
          == errc::invalid_request);
  }
  CHECK_FALSE(ledger.open({std::string(513, 'a'), usd(1)}));
  CHECK(ledger.open({std::string(512, 'a'), usd(1)}));
  CHECK(ledger.open({"1/2/3/4/5/6/7/8", usd(1)}));
}

TEST_CASE("negative amounts and unknown names are invalid requests",
          "[ledger]") {
  books ledger;
  CHECK(ledger.open({"t", {-1}}).error().code == errc::invalid_request);
  CHECK(ledger.reserve({"t", {-1}}, {1, 1}).error().code
        == errc::invalid_request);
  CHECK(ledger.describe("t").error().code == errc::invalid_request);
  CHECK(ledger.settle({{9, 9}, settlement::billed, {}}).error().code
        == errc::invalid_request);
  REQUIRE(ledger.reserve({"t", usd(1)}, {1, 1}));
  CHECK(ledger.settle({{1, 1}, settlement::billed, {-1}}).error().code
        == errc::invalid_request);
  CHECK(ledger.reserve({"t", usd(1)}, {1, 1}).error().code
        == errc::invalid_request);
  CHECK(ledger.describe("t")->reserved == usd(1));
}

TEST_CASE("the ledger is bounded in accounts and reservations", "[ledger]") {
  books ledger{ledger_rules::limits{10, 2, 1}};
  REQUIRE(ledger.open({"a/b", usd(1)}));
  REQUIRE(ledger.open({"a/c", usd(1)}));
  CHECK(ledger.open({"a/d", usd(1)}).error().code == errc::limit_exceeded);
  REQUIRE(ledger.reserve({"a/b", {1}}, {1, 1}));
  REQUIRE(ledger.reserve({"a/b", {1}}, {1, 2}));
  CHECK(ledger.reserve({"a/b", {1}}, {1, 3}).error().code
        == errc::limit_exceeded);
  REQUIRE(ledger.settle({{1, 1}, settlement::billed, {1}}));
  REQUIRE(ledger.settle({{1, 2}, settlement::billed, {1}}));
  CHECK(ledger.settle({{1, 2}, settlement::billed, {1}}));
  CHECK(ledger.settle({{1, 1}, settlement::billed, {1}}).error().code
        == errc::invalid_request); // so long settled that it is forgotten
}

TEST_CASE("B10: a budget for K calls grants exactly K in any interleaving",
          "[ledger]") {
  constexpr std::int64_t calls = 17;
  for (std::uint64_t seed = 1; seed <= 256; ++seed) {
    random_source source{seed};
    books ledger;
    REQUIRE(ledger.open({"t/m", {calls * 100}}));
    std::vector<protocol::id> open;
    std::int64_t granted = 0;
    for (std::uint64_t i = 0; i < 64; ++i) {
      if (!open.empty() && source.coin()) {
        const auto at = source.below(open.size());
        REQUIRE(ledger.settle({open[at], settlement::billed, {100}}));
        open.erase(open.begin() + static_cast<long>(at));
      }
      const auto leaf = "t/m/" + std::to_string(source.below(5));
      if (ledger.reserve({leaf, {100}}, {seed, i + 1})) {
        ++granted;
        open.push_back({seed, i + 1});
      }
    }
    CAPTURE(seed);
    REQUIRE(granted == calls);
  }
}
