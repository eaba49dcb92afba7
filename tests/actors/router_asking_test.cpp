#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::shortage_step;

namespace {

using steps = std::vector<shortage_step>;

/// A router whose tenant has no money left.
struct poor_world : test::router_world {
  poor_world() : router_world(3) {
    first->script = test::answering(test::call_outcome{test::reply_of("hi")});
    open_account({});
  }

  /// A call that waits for money for at most a minute.
  auto asking(steps on_shortage = {shortage_step::ask}) {
    auto call = test::router_world::call();
    call.head.message = {1, ++calls};
    call.head.deadline = world.now() + 60s;
    call.body.on_shortage = std::move(on_shortage);
    return call;
  }

  std::uint64_t calls = 0;
};

} // namespace

TEST_CASE("a call that asks for money goes on when somebody gives it",
          "[router]") {
  poor_world it;
  const auto waits = it.ask(it.asking());
  it.world.advance(20s);
  REQUIRE_FALSE(waits->outcome);
  CHECK(it.first->asked.empty());
  it.open_account(money::max());
  it.world.advance(2s);
  REQUIRE(waits->outcome);
  const auto& reply = waits->outcome->value().body;
  CHECK(reply.attempts == 1);
  CHECK(reply.degraded == steps{shortage_step::ask});
  CHECK(reply.cost == it.account().spent);
  CHECK(it.account().reserved == money{});
}

TEST_CASE("a call that nobody gives money for is refused before its deadline, "
          "with what it lacks",
          "[router]") {
  poor_world it;
  const auto waits = it.ask(it.asking());
  it.world.advance(57s);
  REQUIRE_FALSE(waits->outcome);
  it.world.advance(3s);
  REQUIRE(waits->outcome);
  CHECK(waits->outcome->error().code == errc::budget_exhausted);
  CHECK(waits->answers == 1);
  CHECK(it.first->asked.empty());
}

TEST_CASE("a call that waits for money ends with its asker's cancel",
          "[router]") {
  poor_world it;
  auto call = it.asking();
  call.head.cancel_scope = {7, 7};
  const auto waits = it.ask(call);
  it.world.advance(5s);
  it.cancel({7, 7});
  REQUIRE(waits->outcome);
  CHECK(waits->outcome->error().code == errc::cancelled);
  it.open_account(money::max());
  it.world.advance(60s);
  CHECK(it.first->asked.empty());
  CHECK(waits->answers == 1);
}

TEST_CASE("who may do with less is not kept waiting for more", "[router]") {
  poor_world it;
  auto call = it.asking({shortage_step::ask, shortage_step::shorter});
  call.body.output_tokens_max = 100'000;
  it.open_account(money::max());
  it.first->script = nullptr;
  it.ask(call);
  const auto whole = it.account().reserved;
  it.first->release(0, test::reply_of("hi"));
  it.world.run();
  it.first->script = test::answering(test::call_outcome{test::reply_of("hi")});
  it.open_account(it.account().spent + money{whole.nano_usd / 2});
  const auto shorter = it.ask(it.asking(call.body.on_shortage));
  REQUIRE(shorter->outcome);
  CHECK(shorter->outcome->has_value());
}

TEST_CASE("calls that wait for money hold no place and no probe", "[router]") {
  poor_world it;
  std::vector<std::shared_ptr<test::asked<test::router_world::reply>>> all;
  for (int i = 0; i < 50; ++i)
    all.push_back(it.ask(it.asking()));
  it.world.advance(10s);
  it.open_account(money::max());
  it.world.advance(2s);
  for (const auto& waits : all) {
    REQUIRE(waits->outcome);
    CHECK(waits->outcome->has_value());
  }
  CHECK(it.first->asked.size() == 50);
}
