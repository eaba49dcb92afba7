#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/budget_manager.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::settlement;

namespace {

using state = protocol::response<protocol::account_state>;
using held = protocol::response<protocol::budget_reserved>;

template <class Body>
protocol::request<Body> asking(Body body) {
  protocol::request<Body> ask;
  ask.head.message = {7, 7};
  ask.head.from = "router";
  ask.head.to = "budget-manager";
  ask.body = std::move(body);
  return ask;
}

struct bank {
  test::virtual_time world;
  budget_actor manager =
      world.keep(spawn_budget_manager(world.system(), {world.clock(), 1}));
};

} // namespace

TEST_CASE("a reservation is held until it is settled", "[budget_manager]") {
  bank it;
  const auto opened = it.world.answer<state>(
      it.manager, asking(protocol::open_account{"t", {500}}));
  REQUIRE(opened);
  CHECK(opened->head.correlation == protocol::id{7, 7});
  CHECK(opened->head.to == "router");
  const auto reserved = it.world.answer<held>(
      it.manager, asking(protocol::reserve_budget{"t/m", {300}}));
  REQUIRE(reserved);
  CHECK(static_cast<bool>(reserved->body.reservation));
  auto seen = it.world.answer<state>(it.manager,
                                     asking(protocol::describe_account{"t"}));
  CHECK(seen->body.reserved == money{300});
  const auto settled = it.world.answer<state>(
      it.manager, asking(protocol::settle_budget{
                      reserved->body.reservation, settlement::billed, {200}}));
  CHECK(settled->body.spent == money{200});
  seen = it.world.answer<state>(it.manager,
                                asking(protocol::describe_account{"t"}));
  CHECK(seen->body.left() == money{300});
}

TEST_CASE("a refusal comes as budget_exhausted with the account's name",
          "[budget_manager]") {
  bank it;
  REQUIRE(it.world.answer<state>(it.manager,
                                 asking(protocol::open_account{"t", {5}})));
  const auto refused = it.world.answer<held>(
      it.manager, asking(protocol::reserve_budget{"t/m", {6}}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::budget_exhausted);
  CHECK(refused.error().detail.find("'t'") != std::string::npos);
}

TEST_CASE("B10: 256 callers of a budget for K calls get exactly K",
          "[budget_manager]") {
  bank it;
  REQUIRE(it.world.answer<state>(it.manager,
                                 asking(protocol::open_account{"t", {4'100}})));
  std::vector<std::shared_ptr<test::asked<held>>> asks;
  for (int i = 0; i < 256; ++i)
    asks.push_back(it.world.ask<held>(
        it.manager,
        asking(protocol::reserve_budget{"t/m/" + std::to_string(i), {100}})));
  std::size_t granted = 0;
  for (const auto& ask : asks) {
    REQUIRE(ask->answers == 1);
    granted += ask->outcome->has_value() ? 1 : 0;
  }
  CHECK(granted == 41);
}

TEST_CASE("settling what never was is an invalid request", "[budget_manager]") {
  bank it;
  const auto refused = it.world.answer<state>(
      it.manager,
      asking(protocol::settle_budget{{1, 2}, settlement::released, {}}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::invalid_request);
}

TEST_CASE("what is not settled within its lease stays spent",
          "[budget_manager]") {
  bank it;
  auto ask = protocol::reserve_budget{"t/a", {300}};
  ask.lease = std::chrono::minutes{5};
  const auto reserved = it.world.answer<held>(it.manager, asking(ask));
  REQUIRE(reserved);
  const auto seen = [&] {
    return it.world
        .answer<state>(it.manager, asking(protocol::describe_account{"t"}))
        ->body;
  };
  it.world.advance(std::chrono::minutes{4});
  CHECK(seen().reserved == money{300});
  it.world.advance(std::chrono::minutes{1});
  CHECK(seen().reserved == money{});
  CHECK(seen().unknown == money{300});
  const auto late = it.world.answer<state>(
      it.manager, asking(protocol::settle_budget{
                      reserved->body.reservation, settlement::billed, {20}}));
  REQUIRE(late);
  CHECK(seen().spent == money{20});
  CHECK(seen().unknown == money{});
}

TEST_CASE("each lease ends at its own time", "[budget_manager]") {
  bank it;
  for (const auto minutes : {7, 3, 5}) {
    auto ask = protocol::reserve_budget{"t/a", {1}};
    ask.lease = std::chrono::minutes{minutes};
    REQUIRE(it.world.answer<held>(it.manager, asking(ask)));
  }
  std::vector<std::uint64_t> open;
  for (int minute = 1; minute <= 8; ++minute) {
    it.world.advance(std::chrono::minutes{1});
    open.push_back(
        it.world
            .answer<state>(it.manager, asking(protocol::describe_account{"t"}))
            ->body.open_reservations);
  }
  CHECK(open == std::vector<std::uint64_t>{3, 3, 2, 2, 1, 1, 0, 0});
}

TEST_CASE("an alarm is told with the account's name", "[budget_manager]") {
  test::virtual_time world;
  std::vector<std::pair<std::string, std::uint32_t>> told;
  budget_manager_config config{world.clock(), 1};
  config.on_alarm = [&](const protocol::account_state& account,
                        std::uint32_t percent) {
    told.emplace_back(account.path, percent);
  };
  const auto manager =
      world.keep(spawn_budget_manager(world.system(), std::move(config)));
  auto limits = protocol::open_account{"t", {100}};
  limits.alarms = {80};
  REQUIRE(world.answer<state>(manager, asking(limits)));
  const auto reserved = world.answer<held>(
      manager, asking(protocol::reserve_budget{"t/a", {90}}));
  REQUIRE(reserved);
  CHECK(told.empty());
  REQUIRE(world.answer<state>(
      manager, asking(protocol::settle_budget{
                   reserved->body.reservation, settlement::billed, {85}})));
  CHECK(told == decltype(told){{"t", 80}});
}

TEST_CASE("accounts are listed, closed and told how they will last",
          "[budget_manager]") {
  bank it;
  REQUIRE(it.world.answer<state>(it.manager,
                                 asking(protocol::open_account{"t/a", {5}})));
  const auto listed =
      it.world.answer<protocol::response<protocol::accounts_listed>>(
          it.manager, asking(protocol::list_accounts{}));
  REQUIRE(listed);
  CHECK(listed->body.accounts.size() == 2);
  const auto closed = it.world.answer<state>(
      it.manager, asking(protocol::close_account{"t/a"}));
  REQUIRE(closed);
  CHECK(closed->body.is_closed);
  CHECK_FALSE(it.world.answer<held>(
      it.manager, asking(protocol::reserve_budget{"t/a", {1}})));
  const auto forecast =
      it.world.answer<protocol::response<protocol::budget_forecast>>(
          it.manager, asking(protocol::forecast_budget{"t"}));
  REQUIRE(forecast);
  CHECK(forecast->body.span == protocol::duration{});
}
