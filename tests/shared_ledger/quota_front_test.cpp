// What stands before a node's ledger, where all nodes share accounts.
#include "quota_front.hpp"
#include "support/actors/show_result.hpp"
#include "support/shared_ledger/fake_leader.hpp"
#include "support/virtual_time.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::cluster;
using protocol::errc;
using protocol::settlement;

namespace {

using state = protocol::response<protocol::account_state>;
using held = protocol::response<protocol::budget_reserved>;

/// A node whose accounts `t` and `tag:x` are shared.
struct desk {
  explicit desk(std::int64_t limit = 1'000, std::uint64_t calls = 0) {
    shared = {{"t", {limit}}, {"tag:x", {1'000'000}}};
    shared[1].calls_max = calls;
    add_node();
    world.advance(1s); // they are agreed on
  }

  void add_node() {
    own = world.keep(
        actors::spawn_budget_manager(world.system(), {world.clock(), ++seed}));
    front = world.keep(
        spawn_quota_front(world.system(), {world.clock(),
                                           own,
                                           [to = leader] { return to; },
                                           shared,
                                           ++seed,
                                           {}}));
  }

  template <class Body>
  protocol::request<Body> ask_for(Body body) {
    protocol::request<Body> it{{}, std::move(body)};
    it.head.message = {1, ++last};
    return it;
  }
  std::shared_ptr<test::asked<held>> reserve(std::int64_t amount,
                                             const std::string& tag = {}) {
    protocol::reserve_budget it{"t/m", {amount}, 1};
    if (!tag.empty())
      it.tags = {tag};
    return world.ask<held>(front, ask_for(it));
  }
  /// Reserves and settles, as a call does that costs half of its worst case.
  bool call(std::int64_t amount, const std::string& tag = {}) {
    const auto one = reserve(amount, tag);
    if (!one->outcome)
      world.advance(1s);
    if (!one->outcome || !*one->outcome)
      return false;
    return world
        .answer<state>(front, ask_for(protocol::settle_budget{
                                  one->outcome->value().body.reservation,
                                  settlement::billed,
                                  {amount / 2},
                                  1}))
        .has_value();
  }
  protocol::account_state there(const std::string& path) {
    return ledger->account(path, world.now());
  }

  test::virtual_time world;
  std::vector<protocol::open_account> shared;
  std::uint64_t last = 0;
  std::uint64_t seed = 0;
  std::shared_ptr<test::fake_ledger> ledger =
      std::make_shared<test::fake_ledger>();
  leader_front_actor leader = world.keep(
      test::spawn_fake_leader(world.system(), world.clock(), ledger));
  actors::budget_actor own;
  quota_front_actor front;
};

} // namespace

TEST_CASE("a shared account is opened where all nodes see it, once",
          "[quota_front]") {
  desk it;
  CHECK(it.there("t").limit.nano_usd == 1'000);
  CHECK(it.ledger->asked_of("open") == 2);
  it.add_node();                    // a second node, of the same limits
  for (const auto& one : it.shared) // as it says when it begins
    CHECK(it.world.answer<state>(it.front, it.ask_for(one)));
  it.world.advance(1s);
  CHECK(it.ledger->asked_of("open") == 2);
  const auto seen = it.world.answer<state>(
      it.front, it.ask_for(protocol::describe_account{"t"}));
  REQUIRE(seen);
  CHECK(seen->body.limit.nano_usd == 1'000);
}

TEST_CASE("many calls are paid by few questions, and all of it is settled",
          "[quota_front]") {
  desk it{1'000'000};
  for (int i = 0; i < 500; ++i)
    REQUIRE(it.call(10));
  CHECK(it.ledger->asked_of("reserve") < 12);
  it.world.advance(10s);
  CHECK(it.there("t").spent.nano_usd == 2'500);
  CHECK(it.there("t").reserved.nano_usd == 0);
  CHECK(it.ledger->asked_of("settle") == it.ledger->asked_of("reserve"));
}

TEST_CASE("B8: nodes together spend no more than the limit, and who comes too "
          "late is told which account has nothing left",
          "[quota_front]") {
  desk it{1'000};
  const auto first = it.front;
  it.add_node();
  it.world.advance(1s);
  int paid = 0;
  std::vector<std::shared_ptr<test::asked<held>>> open;
  for (int i = 0; i < 30; ++i) {
    open.push_back(it.world.ask<held>(
        i % 2 == 0 ? first : it.front,
        it.ask_for(protocol::reserve_budget{"t/m", {100}, 1})));
    it.world.advance(500ms);
  }
  it.world.advance(12s);
  for (const auto& one : open) {
    REQUIRE_FALSE(one->is_open());
    if (one->outcome->has_value())
      ++paid;
    else {
      CHECK(one->code() == errc::budget_exhausted);
      CHECK(one->outcome->error().detail.starts_with("account 't' has"));
    }
  }
  CHECK(paid == 10);
  CHECK(it.there("t").reserved.nano_usd == 1'000);
}

TEST_CASE("without a way to the leader a call waits, and ends as unreachable",
          "[quota_front]") {
  desk it;
  it.ledger->is_away = true;
  const auto one = it.reserve(10);
  it.world.advance(9s);
  CHECK(one->is_open());
  it.world.advance(2s);
  CHECK(one->code() == errc::unreachable);
  const auto other = it.reserve(10);
  it.ledger->is_away = false;
  it.world.advance(2s);
  REQUIRE_FALSE(other->is_open());
  CHECK(other->outcome->has_value());
}

TEST_CASE("what a run may not spend is refused by the node's own ledger, and "
          "given back to all",
          "[quota_front]") {
  desk it;
  REQUIRE(it.world.answer<state>(
      it.front, it.ask_for(protocol::open_account{"t/m", {50}})));
  const auto one = it.reserve(60);
  it.world.advance(1s);
  CHECK(one->code() == errc::budget_exhausted);
  it.world.advance(10s);
  CHECK(it.there("t").reserved.nano_usd == 0);
  CHECK(it.there("t").spent.nano_usd == 0);
  CHECK(it.call(40));
}

TEST_CASE("calls of an account that counts them are asked for one by one",
          "[quota_front]") {
  desk it{1'000'000, 3};
  for (int i = 0; i < 3; ++i)
    REQUIRE(it.call(10, "tag:x"));
  CHECK_FALSE(it.call(10, "tag:x"));
  CHECK(it.there("tag:x").calls_made == 3);
  CHECK(it.there("tag:x").spent.nano_usd == 15);
  CHECK(it.call(10)); // without the tag
}

TEST_CASE("a node that ends gives back all that no call holds",
          "[quota_front]") {
  desk it;
  REQUIRE(it.call(10));
  CHECK(it.there("t").reserved.nano_usd > 0);
  CHECK(it.world.answer<gave_back>(it.front, give_back{}));
  CHECK(it.there("t").reserved.nano_usd == 0);
  CHECK(it.there("t").spent.nano_usd == 5);
  CHECK(it.reserve(10)->code() == errc::unreachable);
}

TEST_CASE("a front and the ledger behind it end together", "[quota_front]") {
  desk it;
  it.world.end(it.own);
  it.world.run();
  CHECK(it.reserve(10)->code() == errc::unreachable);
}
