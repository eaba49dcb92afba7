#include "ledger_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <set>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::settlement;
using protocol::test::random_source;

namespace {

ledger_rules small_memory() {
  ledger_rules::limits bounds;
  bounds.closed_remembered = 1;
  return ledger_rules{bounds};
}

void spend(ledger_rules& ledger, const std::string& path, std::uint64_t key) {
  REQUIRE(ledger.reserve({path, {10}}, {1, key}, {}));
  REQUIRE(ledger.settle({{1, key}, settlement::billed, {10}, 0}, {}));
}

bool exists(const ledger_rules& ledger, const std::string& path) {
  return ledger.describe(path, {}).has_value();
}

std::vector<std::string> names_of(const protocol::accounts_listed& page) {
  std::vector<std::string> all;
  for (const auto& it : page.accounts)
    all.push_back(it.path);
  return all;
}

} // namespace

TEST_CASE("a closed account pays for nothing below it until it is opened",
          "[ledger]") {
  ledger_rules ledger;
  spend(ledger, "t/run/a", 1);
  REQUIRE(ledger.close({"t/run"}, {}));
  const auto refused = ledger.reserve({"t/run/a", {1}}, {1, 2}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::budget_exhausted);
  CHECK(ledger.reserve({"t/other", {1}}, {1, 3}, {}));
  REQUIRE(ledger.open({"t/run", {100}}, {}));
  CHECK(ledger.reserve({"t/run/a", {1}}, {1, 4}, {}));
}

TEST_CASE("the oldest closed accounts are forgotten, their money is not",
          "[ledger]") {
  auto ledger = small_memory();
  spend(ledger, "t/one/a", 1);
  spend(ledger, "t/two/a", 2);
  REQUIRE(ledger.close({"t/one"}, {}));
  CHECK(exists(ledger, "t/one/a"));
  REQUIRE(ledger.close({"t/two"}, {}));
  CHECK_FALSE(exists(ledger, "t/one"));
  CHECK_FALSE(exists(ledger, "t/one/a"));
  CHECK(exists(ledger, "t/two/a"));
  CHECK(ledger.describe("t", {})->spent == money{20});
  // Its place is taken by another, which knows nothing of it.
  spend(ledger, "t/three", 3);
  CHECK(ledger.describe("t/three", {})->spent == money{10});
  const auto old = ledger.settle({{1, 1}, settlement::billed, {10}, 0}, {});
  CHECK_FALSE(old);
}

TEST_CASE("an account is not forgotten while something is open or unknown",
          "[ledger]") {
  auto ledger = small_memory();
  REQUIRE(ledger.reserve({"t/one/a", {10}}, {1, 1}, {}));
  spend(ledger, "t/one/b", 2);
  REQUIRE(ledger.close({"t/one"}, {}));
  REQUIRE(ledger.reserve({"t/two/a", {10}}, {1, 3}, {}));
  REQUIRE(ledger.settle({{1, 3}, settlement::unknown, {}, 0}, {}));
  REQUIRE(ledger.close({"t/two"}, {}));
  REQUIRE(ledger.open({"t/three", {1}}, {}));
  REQUIRE(ledger.close({"t/three"}, {}));
  CHECK(exists(ledger, "t/one/a"));
  CHECK_FALSE(exists(ledger, "t/one/b"));
  CHECK(exists(ledger, "t/two/a"));
  REQUIRE(ledger.settle({{1, 1}, settlement::billed, {4}, 0}, {}));
  REQUIRE(ledger.settle({{1, 3}, settlement::billed, {5}, 0}, {}));
  CHECK(ledger.describe("t", {})->spent == money{19});
}

TEST_CASE("an account that was opened again is not forgotten", "[ledger]") {
  auto ledger = small_memory();
  spend(ledger, "t/one/a", 1);
  REQUIRE(ledger.close({"t/one"}, {}));
  REQUIRE(ledger.open({"t/one", {50}}, {}));
  spend(ledger, "t/two", 2);
  REQUIRE(ledger.close({"t/two"}, {}));
  CHECK(ledger.describe("t/one", {})->spent == money{10});
}

TEST_CASE("what does not exist cannot be closed", "[ledger]") {
  ledger_rules ledger;
  CHECK(ledger.close({"t"}, {}).error().code == errc::invalid_request);
}

TEST_CASE("pages of accounts hold each once, in the order of paths",
          "[ledger]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    random_source random{seed};
    ledger_rules ledger;
    std::set<std::string> below;
    for (int i = 0; i < 60; ++i) {
      const std::string top = random.below(2) == 0 ? "t" : "t-x";
      const auto path = top + "/" + std::to_string(random.below(20)) + "/"
                        + std::to_string(random.below(3));
      REQUIRE(ledger.open({path, {1}}, {}));
      if (top == "t") {
        below.insert(path);
        below.insert(path.substr(0, path.rfind('/')));
      }
    }
    if (below.empty())
      continue;
    std::vector<std::string> expected{"t"};
    expected.insert(expected.end(), below.begin(), below.end());
    std::vector<std::string> seen;
    protocol::list_accounts ask{"t", {}, 7};
    do {
      const auto page = ledger.list(ask, {});
      REQUIRE(page);
      REQUIRE(page->accounts.size() <= 7);
      const auto names = names_of(*page);
      seen.insert(seen.end(), names.begin(), names.end());
      ask.after = page->next;
    } while (!ask.after.empty());
    CHECK(seen == expected);
  }
}

TEST_CASE("a list of nothing is told as such", "[ledger]") {
  ledger_rules ledger;
  CHECK(ledger.list({}, {})->accounts.empty());
  CHECK_FALSE(ledger.list({"t", {}, 10}, {}));
  CHECK_FALSE(ledger.list({{}, {}, 0}, {}));
  CHECK_FALSE(ledger.list({{}, {}, 1'001}, {}));
}
