#include "ledger_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <troupe/protocol/json.hpp>

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;
using protocol::budget_window;
using protocol::instant;
using protocol::money;
using protocol::settlement;
using protocol::test::random_source;

namespace {

constexpr ledger_rules::limits small{1'000, 1'000, 30, 20, 4};

/// A ledger that lives through a random history, and what it was told.
class random_life {
public:
  explicit random_life(std::uint64_t seed) : random_{seed} {
    for (const auto* path : {"t", "t/a", "t/b/c", "tag:x"})
      open(path);
  }

  void step() {
    now_ += std::chrono::minutes{random_.below(20)};
    const auto path = "t/" + std::string(1, "abc"[random_.below(3)]) + "/"
                      + std::to_string(random_.below(6));
    switch (random_.below(8)) {
    case 0:
      return (void)ledger.close({path}, now_);
    case 1:
      return open(path);
    case 2:
      return end(random_.below(10), settlement::billed);
    default:
      reserve(path);
    }
  }

  instant now() const { return now_; }
  std::uint64_t keys() const { return last_; }

  ledger_rules ledger{small};

private:
  void open(const std::string& path) {
    protocol::open_account it;
    it.path = path;
    it.limit = {static_cast<std::int64_t>(5'000 + random_.below(50'000))};
    it.window = static_cast<budget_window>(random_.below(3));
    it.is_rolling = it.window != budget_window::life && random_.below(2) == 0;
    it.alarms = {50, 90};
    REQUIRE(ledger.open(it, now_));
  }

  void reserve(const std::string& path) {
    protocol::reserve_budget it;
    it.account = path;
    it.amount = {static_cast<std::int64_t>(random_.below(900))};
    it.tokens = random_.below(100);
    if (random_.below(3) == 0)
      it.tags = {"tag:x"};
    const auto key = ++last_;
    if (!ledger.reserve(it, {1, key}, now_))
      return;
    const auto outcome = static_cast<settlement>(random_.below(3));
    REQUIRE(ledger.settle({{1, key}, outcome, it.amount, it.tokens}, now_));
  }

  void end(std::uint64_t back, settlement outcome) {
    if (back < last_)
      (void)ledger.settle({{1, last_ - back}, outcome, {7}, 3}, now_);
  }

  random_source random_;
  instant now_{std::chrono::sys_days{std::chrono::year{2026} / 11 / 16}};
  std::uint64_t last_ = 0;
};

/// Both tell the same of everything that can be asked for.
void check_equal(const ledger_rules& a, const ledger_rules& b, instant now) {
  const auto all = a.list({{}, {}, 1'000}, now).value();
  const auto others = b.list({{}, {}, 1'000}, now).value();
  REQUIRE(all.accounts.size() == others.accounts.size());
  for (std::size_t i = 0; i < all.accounts.size(); ++i)
    REQUIRE(to_json(all.accounts[i]) == to_json(others.accounts[i]));
  for (const auto& it : all.accounts)
    REQUIRE(a.forecast(it.path, now).value()
            == b.forecast(it.path, now).value());
}

} // namespace

TEST_CASE("a snapshot makes a ledger that goes on as the first would",
          "[ledger]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    random_life life{seed};
    for (int i = 0; i < 150; ++i)
      life.step();
    ledger_rules again{small};
    for (const auto& it : life.ledger.snapshot())
      REQUIRE(again.apply(it));
    check_equal(life.ledger, again, life.now());
    // What is remembered of ended reservations is the same as well.
    for (std::uint64_t key = 1; key <= life.keys(); ++key) {
      const protocol::settle_budget late{{1, key}, settlement::billed, {5}, 1};
      const auto one = life.ledger.settle(late, life.now());
      const auto other = again.settle(late, life.now());
      REQUIRE(one.has_value() == other.has_value());
      if (one)
        REQUIRE(one->is_new == other->is_new);
    }
    check_equal(life.ledger, again, life.now());
    for (int i = 0; i < 10; ++i) {
      const auto path = "t/z/" + std::to_string(i);
      for (auto* it : {&life.ledger, &again}) {
        REQUIRE(it->open({path, {5}}, life.now()));
        REQUIRE(it->close({path}, life.now()));
      }
      check_equal(life.ledger, again, life.now());
    }
  }
}

TEST_CASE("a snapshot that holds reservations is refused", "[ledger]") {
  kept_account account;
  account.state.path = "t";
  account.state.open_reservations = 1;
  CHECK_FALSE(ledger_rules{}.apply({{}, account}));
  account.state.open_reservations = 0;
  account.state.path = "//";
  CHECK_FALSE(ledger_rules{}.apply({{}, account}));
}
