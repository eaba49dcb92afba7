// The ledger that the nodes of a cluster share, in a database.
#include "ledger/store_ledger.hpp"
#include "store/store_drivers.hpp"
#include "support/postgres/postgres_place.hpp"
#include "support/shared_ledger/ledger_life.hpp"

#include <atomic>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::cluster;
using actors::ledger_entry;
using test::balances_of;

namespace {

const std::string lease = "leader/games";

std::unique_ptr<actors::ledger_log> open_log(const test::postgres_place& place,
                                             leader_fence fence) {
  static std::uint64_t opened = 0;
  return make_store_ledger(
      store::with_patience(place.open(), 20s),
      {"ledger/games", std::move(fence), ++opened, test::wall_clock, nullptr});
}

protocol::result<actors::ledger_rules> read(actors::ledger_log& from) {
  actors::ledger_rules rules;
  const auto done =
      from.read([&](const ledger_entry& it) { return rules.apply(it); });
  if (!done)
    return done.error();
  return rules;
}

} // namespace

TEST_CASE("a shared ledger in a database is the same when another node leads",
          "[store_ledger]") {
  const test::postgres_place place;
  const auto keys = place.open();
  test::ledger_life life{11};
  const auto first = keys->lease(lease, 0, 1h, test::wall_clock()).value();
  const auto old = open_log(place, {lease, first});
  REQUIRE(read(*old));
  REQUIRE(old->append(life.some(2'500)));
  REQUIRE(old->replace(life.rules.snapshot()));
  REQUIRE(old->append(life.some(50)));
  REQUIRE(keys->release(lease, first));
  const auto next = keys->lease(lease, 0, 1h, test::wall_clock()).value();
  const auto log = open_log(place, {lease, next});
  const auto again = read(*log);
  REQUIRE(again);
  CHECK(balances_of(*again, life.now) == balances_of(life.rules, life.now));
  test::ledger_life other{12};
  CHECK_FALSE(old->append(other.some(1))); // it does not lead any more
  REQUIRE(log->append(life.some(10)));
  CHECK(balances_of(*read(*open_log(place, {lease, next})), life.now)
        == balances_of(life.rules, life.now));
}

TEST_CASE("a shared ledger loses and doubles nothing when its connections are "
          "cut",
          "[store_ledger]") {
  const test::postgres_place place;
  test::ledger_life life{13};
  const auto log = open_log(place, {});
  std::atomic<bool> is_over = false;
  std::atomic<std::size_t> kept = 0;
  std::thread cutter{[&] { // once amid each or so
    for (std::size_t seen = 0; !is_over; std::this_thread::yield())
      if (kept != seen) {
        seen = kept;
        place.cut();
      }
  }};
  for (int i = 0; i < 100; ++i)
    kept += log->append(life.some(5)) ? 1U : 0U;
  is_over = true;
  cutter.join();
  CHECK(kept == 100);
  const auto again = read(*open_log(place, {}));
  REQUIRE(again);
  CHECK(balances_of(*again, life.now) == balances_of(life.rules, life.now));
}
