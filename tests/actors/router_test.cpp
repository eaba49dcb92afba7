#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using test::router_world;

TEST_CASE("money is set aside before a provider is called and settled after",
          "[router]") {
  router_world it;
  auto asked = it.ask(it.call());
  REQUIRE(it.first->asked.size() == 1);
  const auto held = it.account();
  CHECK(held.open_reservations == 1);
  CHECK(held.reserved > money{});
  CHECK(held.spent == money{});
  it.first->release(0, test::reply_of("hello", 100, 50));
  it.world.run();
  REQUIRE(asked->answers == 1);
  REQUIRE(*asked->outcome);
  const auto& reply = (*asked->outcome)->body;
  CHECK(reply.model == "first/small");
  CHECK(reply.provider == "first");
  CHECK(reply.attempts == 1);
  CHECK(reply.cost == money{(100 * 1 + 50 * 5) * 1'000});
  CHECK((*asked->outcome)->head.correlation == protocol::id{1, 1});
  CHECK(it.account().spent == reply.cost);
  CHECK(it.account().reserved == money{});
  CHECK(it.account().unknown == money{});
}

TEST_CASE("R4: the provider gets the wire name, the cap and the deadline",
          "[router]") {
  router_world it;
  auto call = it.call();
  call.body.output_tokens_max = 500'000;
  it.ask(call);
  call.body.output_tokens_max = 5'000;
  call.head.message = {1, 2};
  call.head.deadline = it.world.now() + 2s;
  it.ask(call);
  REQUIRE(it.first->asked.size() == 2);
  CHECK(it.first->asked[0].body.model == "wire-first/small");
  CHECK(it.first->asked[0].body.output_tokens_max == 8'000);
  CHECK(it.first->asked[0].head.deadline == it.world.now() + 60s);
  CHECK(it.first->asked[1].body.output_tokens_max == 5'000);
  CHECK(it.first->asked[1].head.deadline == it.world.now() + 2s);
}

TEST_CASE("the next model is tried when a provider fails", "[router]") {
  router_world it;
  auto asked = it.ask(it.call());
  it.first->release(0, protocol::fail(errc::provider_unavailable, "down"));
  it.world.run();
  REQUIRE(it.second->asked.size() == 1);
  it.second->release(0, test::reply_of("hello"));
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.model == "second/big");
  CHECK((*asked->outcome)->body.attempts == 2);
  CHECK(it.account().spent == (*asked->outcome)->body.cost);
  CHECK(it.account().unknown == money{});
}

TEST_CASE("a failure that may have cost money keeps its reservation spent",
          "[router]") {
  for (const auto code : {errc::provider_timeout, errc::stream_truncated,
                          errc::provider_unavailable, errc::provider_rejected,
                          errc::content_refused}) {
    CAPTURE(to_string(code));
    router_world it;
    it.router_ends_with(code);
    const auto books = it.account();
    CHECK(books.reserved == money{});
    CHECK(books.open_reservations == 0);
    CHECK((books.unknown > money{}) == may_have_been_billed(code));
    CHECK(books.spent == books.unknown);
  }
}

TEST_CASE("a call is tried at no more models than allowed", "[router]") {
  router_world it{1};
  auto asked = it.ask(it.call());
  it.first->release(0, protocol::fail(errc::provider_throttled, "slow down"));
  it.world.run();
  CHECK(it.second->asked.empty());
  CHECK(asked->code() == errc::provider_throttled);
}

TEST_CASE("a fault that no other model can mend ends the call", "[router]") {
  router_world it;
  auto asked = it.ask(it.call());
  it.first->release(0, protocol::fail(errc::content_refused, "no"));
  it.world.run();
  CHECK(asked->code() == errc::content_refused);
  CHECK(it.second->asked.empty());
}

TEST_CASE("without money the provider is not called", "[router]") {
  router_world it;
  it.open_account({1});
  auto asked = it.ask(it.call());
  REQUIRE(asked->code() == errc::budget_exhausted);
  CHECK(asked->outcome->error().detail.find("'t'") != std::string::npos);
  CHECK(it.first->asked.empty());
  CHECK(it.second->asked.empty());
  CHECK(it.account().reserved == money{});
}

TEST_CASE("a call that no model fits costs nothing", "[router]") {
  router_world it;
  auto call = it.call();
  call.body.model = "first/smal";
  auto asked = it.ask(call);
  REQUIRE(asked->code() == errc::no_model_fits);
  CHECK(asked->outcome->error().detail.find("first/small")
        != std::string::npos);
}

TEST_CASE("a call whose deadline has passed is not started", "[router]") {
  router_world it;
  auto call = it.call();
  call.head.deadline = it.world.now();
  auto asked = it.ask(call);
  CHECK(asked->code() == errc::deadline_exceeded);
  CHECK(it.first->asked.empty());
}

TEST_CASE("a cancel reaches the provider and ends the call settled",
          "[router]") {
  router_world it;
  auto asked = it.ask(it.call());
  it.cancel({5, 5});
  REQUIRE(it.first->cancelled == std::vector<protocol::id>{{5, 5}});
  REQUIRE(asked->code() == errc::cancelled);
  CHECK(asked->outcome->error().detail == "enough");
  CHECK(it.second->asked.empty());
  CHECK(it.account().reserved == money{});
  CHECK(it.account().unknown > money{});
}

TEST_CASE("a cancelled call does not fall back", "[router]") {
  router_world it;
  it.first->confirms_cancel = false;
  auto asked = it.ask(it.call());
  it.cancel({5, 5});
  CHECK(asked->is_open());
  it.first->release(0, protocol::fail(errc::provider_unavailable, "down"));
  it.world.run();
  CHECK(asked->code() == errc::cancelled);
  CHECK(it.second->asked.empty());
}

TEST_CASE("a cancel of no scope or of another scope ends nothing", "[router]") {
  router_world it;
  auto call = it.call();
  call.head.cancel_scope = {};
  auto asked = it.ask(call);
  it.cancel({});
  it.cancel({6, 6});
  it.first->release(0, test::reply_of("hello"));
  it.world.run();
  REQUIRE(asked->outcome);
  CHECK(*asked->outcome);
}

TEST_CASE("a provider that never answers is given up at the deadline",
          "[router]") {
  router_world it;
  auto asked = it.ask(it.call());
  it.world.advance(59s);
  CHECK(asked->is_open());
  it.world.advance(2s);
  REQUIRE(asked->code() == errc::deadline_exceeded);
  const auto books = it.account();
  CHECK(books.reserved == money{});
  CHECK(books.unknown > money{});
  it.first->release(0, test::reply_of("too late"));
  it.world.run();
  CHECK(asked->answers == 1);
  CHECK(it.account() == books);
}

TEST_CASE("a provider that dies is unreachable and the next is tried",
          "[router]") {
  router_world it;
  it.world.end(it.first_handle, caf::exit_reason::kill);
  auto asked = it.ask(it.call());
  REQUIRE(it.second->asked.size() == 1);
  it.second->release(0, test::reply_of("hello"));
  it.world.run();
  REQUIRE(asked->outcome);
  CHECK(*asked->outcome);
}

TEST_CASE("calls beyond the most in flight are refused", "[router]") {
  router_world it{3, 2};
  std::vector<std::shared_ptr<test::asked<router_world::reply>>> asks;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    auto call = it.call();
    call.head.message = {1, i};
    asks.push_back(it.ask(call));
  }
  CHECK(asks[0]->is_open());
  CHECK(asks[1]->is_open());
  CHECK(asks[2]->code() == errc::overloaded);
  it.first->release(0, test::reply_of("hello"));
  it.world.run();
  auto call = it.call();
  call.head.message = {1, 4};
  CHECK(it.ask(call)->is_open());
}

TEST_CASE("pieces of an answer go to the asker under its own request's id",
          "[router]") {
  router_world it;
  it.first->deltas = {"hel", "lo"};
  auto asked = it.ask(it.call());
  REQUIRE(asked->deltas.size() == 2);
  CHECK(asked->deltas[0].head.correlation == protocol::id{1, 1});
  CHECK(asked->deltas[0].body.text == "hel");
  CHECK(asked->deltas[1].body.text == "lo");
}

TEST_CASE(
    "calls that are open when the router ends are answered and stay spent",
    "[router]") {
  router_world it;
  auto asked = it.ask(it.call());
  it.world.end(it.router);
  CHECK(asked->answers == 1);
  CHECK(asked->code() == errc::unreachable);
  CHECK(it.account().reserved == protocol::money{});
  CHECK(it.account().unknown > protocol::money{});
}
