// A budget manager whose reservations are held by processes that outlive it.
#include "ledger/store_ledger.hpp"
#include "ledger_rules.hpp"
#include "shared_ledger.hpp"
#include "support/actors/show_result.hpp"
#include "support/runtime/shared_store.hpp"

#include <troupe/actors/memory_store.hpp>
#include <troupe/actors/system_config.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::cluster;
using protocol::errc;
using protocol::settlement;

namespace {

using state = protocol::response<protocol::account_state>;
using held = protocol::response<protocol::budget_reserved>;

constexpr auto patience = 30s; // for what comes at once

/// One life of a manager, on real threads: its log has one of its own.
struct bank {
  /// `later`: how much later than it is its ledger is opened.
  explicit bank(actors::durable_store& on, protocol::duration later = {}) {
    const auto now = [this, later] {
      return clock.at(system.clock().now()) + later;
    };
    auto ledger = actors::open_shared_ledger(
        make_store_ledger(std::make_unique<test::shared_store>(on),
                          {"ledger/games", {}, ++lives, now}),
        now());
    REQUIRE(ledger);
    const actors::wall_clock late{now(), system.clock().now()};
    manager = actors::spawn_budget_manager(system, {late, lives, *ledger});
  }
  ~bank() { self->send_exit(manager, caf::exit_reason::user_shutdown); }

  template <class Answer, class Body>
  protocol::result<Answer> ask(Body body, protocol::id message = {}) {
    protocol::result<Answer> out = protocol::fail(errc::internal, "none");
    protocol::request<Body> ask{{}, std::move(body)};
    ask.head.message = message ? message : protocol::id{1, ++asked};
    self->request(manager, patience, std::move(ask))
        .receive([&](Answer& it) { out = std::move(it); },
                 [&](const caf::error& why) { out = actors::from_caf(why); });
    return out;
  }

  protocol::account_state account() {
    return ask<state>(protocol::describe_account{"t"}).value().body;
  }

  static inline std::uint64_t lives = 0;
  static inline std::uint64_t asked = 0;
  actors::system_config config{2};
  caf::actor_system system{config};
  actors::wall_clock clock = actors::make_wall_clock(system);
  caf::scoped_actor self{system};
  actors::budget_actor manager;
};

protocol::reserve_budget leased(std::int64_t amount, protocol::duration lease) {
  protocol::reserve_budget it{"t/m", {amount}};
  it.lease = lease;
  return it;
}

} // namespace

TEST_CASE("B8: reservations with a lease stay open over a change of the "
          "manager, those without are unknown",
          "[shared_ledger]") {
  const auto store = actors::make_memory_store();
  protocol::id reservation;
  {
    bank it{*store};
    REQUIRE(it.ask<state>(protocol::open_account{"t", {1'000}}));
    const auto first = it.ask<held>(leased(300, 1h));
    REQUIRE(first);
    reservation = first->body.reservation;
    REQUIRE(it.ask<held>(leased(100, {})));
  }
  {
    bank it{*store};
    const auto now = it.account();
    CHECK(now.reserved.nano_usd == 300);
    CHECK(now.open_reservations == 1);
    CHECK(now.unknown.nano_usd == 100);
    CHECK(it.ask<held>(leased(601, 1h)).error().code == errc::budget_exhausted);
    REQUIRE(it.ask<state>(
        protocol::settle_budget{reservation, settlement::billed, {50}}));
  }
  bank it{*store};
  CHECK(it.account().spent.nano_usd == 150);
  CHECK(it.account().reserved.nano_usd == 0);
}

TEST_CASE("B4: what was held by a process that came not back is unknown when "
          "its lease has passed, and may be put right",
          "[shared_ledger]") {
  const auto store = actors::make_memory_store();
  protocol::id reservation;
  {
    bank it{*store};
    reservation = it.ask<held>(leased(300, 10min)).value().body.reservation;
  }
  bank it{*store, 1h};
  while (it.account().open_reservations != 0) // ended by an alarm of its own
    continue;
  CHECK(it.account().unknown.nano_usd == 300);
  REQUIRE(it.ask<state>(
      protocol::settle_budget{reservation, settlement::billed, {20}}));
  CHECK(it.account().spent.nano_usd == 20);
  CHECK(it.account().unknown.nano_usd == 0);
}

TEST_CASE("B5: a reservation that is asked for again is the same one, also "
          "of the next manager",
          "[shared_ledger]") {
  const auto store = actors::make_memory_store();
  const protocol::id asked{7, 7};
  protocol::budget_reserved first;
  {
    bank it{*store};
    const auto one = it.ask<held>(leased(300, 1h), asked);
    REQUIRE(one);
    first = one->body;
    CHECK(first.reservation == asked);
    CHECK(it.ask<held>(leased(300, 1h), asked).value().body == first);
  }
  bank it{*store};
  CHECK(it.ask<held>(leased(300, 1h), asked).value().body == first);
  CHECK(it.account().reserved.nano_usd == 300);
  REQUIRE(
      it.ask<state>(protocol::settle_budget{asked, settlement::released, {}}));
  const auto again = it.ask<held>(leased(300, 1h), asked);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == errc::invalid_request);
  CHECK(it.account().reserved.nano_usd == 0);
}

TEST_CASE("what is reserved is in the snapshot of a long log, whatever the "
          "limits are since",
          "[shared_ledger]") {
  actors::ledger_rules rules;
  const protocol::instant at{std::chrono::hours{400'000}};
  REQUIRE(rules.open({"t", {1'000}}, at));
  REQUIRE(rules.reserve(leased(300, 1h), {1, 1}, at));
  REQUIRE(rules.reserve(leased(200, {}), {1, 2}, at));
  REQUIRE(rules.open({"t", {100}}, at + 1min)); // less than is reserved
  REQUIRE(rules.close({"t"}, at + 2min));
  actors::ledger_rules again;
  for (const auto& it : rules.snapshot())
    REQUIRE(again.apply(it));
  CHECK(again.describe("t", at).value() == rules.describe("t", at).value());
  CHECK(again.describe("t/m", at).value() == rules.describe("t/m", at).value());
  CHECK(again.next_expiry() == rules.next_expiry());
  CHECK(again.open_reservations(false) == rules.open_reservations(false));
  CHECK(again.granted({1, 1}) == rules.granted({1, 1}));
  // What comes behind is checked as ever.
  REQUIRE(again.apply(
      {at + 3min, protocol::settle_budget{{1, 1}, settlement::released, {}}}));
  CHECK_FALSE(
      again.apply({at + 3min, actors::held_budget{{1, 3}, {"t", {1}}}}));
}
