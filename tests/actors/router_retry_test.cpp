// How a router tries calls again.
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::answering;
using test::router_world;

namespace {

using outcome = test::call_outcome;
using asked_call = std::shared_ptr<test::asked<router_world::reply>>;

const outcome hello{test::reply_of("hello")};

outcome failing(errc code, protocol::duration retry_after = {}) {
  auto why = protocol::fail(code, "as told");
  why.retry_after = retry_after;
  return why;
}

/// Calls of one model only, first/small.
struct retry_world : router_world {
  using router_world::router_world;

  asked_call ask_next(protocol::duration patience = {}) {
    auto what = call();
    what.head.message = {1, ++calls};
    what.body.model = "first/small";
    if (patience > protocol::duration{})
      what.head.deadline = world.now() + patience;
    return ask(what);
  }

  std::uint64_t calls = 10;
};

} // namespace

TEST_CASE("C5: a call is tried again after a pause, as often as allowed",
          "[router]") {
  retry_world it{3};
  it.first->script = answering(failing(errc::provider_unavailable));
  const auto asked = it.ask_next();
  CHECK(it.first->asked.size() == 1);
  CHECK(asked->is_open());
  it.world.advance(500ms);
  CHECK(it.first->asked.size() == 2);
  it.world.advance(1s);
  CHECK(it.first->asked.size() == 3);
  REQUIRE(asked->code() == errc::provider_unavailable);
  CHECK(asked->outcome->error().retries_spent);
  it.world.advance(1min);
  CHECK(it.first->asked.size() == 3);
}

TEST_CASE("a call that is tried again has a reservation for each attempt",
          "[router]") {
  retry_world it{3};
  it.first->script = answering(failing(errc::provider_throttled));
  const auto asked = it.ask_next();
  CHECK(it.account().open_reservations == 0); // while it waits
  it.first->script = answering(hello);
  it.world.advance(500ms);
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.attempts == 2);
  CHECK(it.account().spent == (*asked->outcome)->body.cost);
  CHECK(it.account().reserved == protocol::money{});
}

TEST_CASE("C4: a provider's wait is kept by the call and by all others",
          "[router]") {
  const auto code =
      GENERATE(errc::provider_throttled, errc::provider_unavailable);
  retry_world it{3};
  it.first->script = answering(failing(code, 20s));
  std::vector<asked_call> calls{it.ask_next()};
  for (int i = 0; i < 20; ++i)
    calls.push_back(it.ask_next());
  CHECK(it.first->asked.size() == 1);
  it.first->script = answering(hello);
  it.world.advance(20s - 1ms);
  CHECK(it.first->asked.size() == 1);
  it.world.advance(3s);
  CHECK(it.first->asked.size() < 21); // they come one after the other
  it.world.advance(2s + 1ms);
  for (const auto& call : calls)
    CHECK(call->outcome->has_value());
}

TEST_CASE("C4: a later wait counts for calls that wait already", "[router]") {
  retry_world it{5};
  it.first->script = answering(failing(errc::provider_throttled, 4s));
  const auto asked = it.ask_next();
  it.first->script = answering(failing(errc::provider_throttled, 30s));
  it.world.advance(5s);
  CHECK(it.first->asked.size() == 2);
  it.first->script = answering(hello);
  it.world.advance(24s);
  CHECK(it.first->asked.size() == 2);
  it.world.advance(12s);
  CHECK(asked->outcome->has_value());
}

TEST_CASE("a wait that the deadline does not allow ends the call at once",
          "[router]") {
  retry_world it{3};
  it.first->script = answering(failing(errc::provider_throttled, 20s));
  const auto asked = it.ask_next(10s);
  REQUIRE(asked->code() == errc::provider_throttled);
  CHECK(asked->outcome->error().retry_after >= 20s);
  CHECK_FALSE(asked->outcome->error().retries_spent); // one attempt only
  const auto next = it.ask_next(10s);
  REQUIRE(next->code() == errc::provider_unavailable);
  CHECK(next->outcome->error().retry_after >= 20s);
  CHECK_FALSE(next->outcome->error().retries_spent);
}

TEST_CASE("other models are tried before a pause", "[router]") {
  router_world it{3};
  it.first->script = answering(failing(errc::provider_throttled, 20s));
  it.second->script = answering(hello);
  const auto asked = it.ask(it.call());
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.model == "second/big");
}

TEST_CASE("C5: a refusal is not repeated", "[router]") {
  retry_world it{5};
  it.first->script = answering(failing(errc::provider_rejected));
  const auto asked = it.ask_next();
  CHECK(asked->code() == errc::provider_rejected);
  CHECK(it.first->asked.size() == 1);
  auto pointless = protocol::fail(errc::provider_unavailable, "never");
  pointless.retries_spent = true;
  it.first->script = answering(outcome{pointless});
  CHECK(it.ask_next()->code() == errc::provider_unavailable);
  CHECK(it.first->asked.size() == 2);
}

TEST_CASE(
    "C5: a provider in trouble gets a tenth more calls, not twice as many",
    "[router]") {
  retry_world it{2, 1'000};
  // Throttled, which no breaker counts.
  it.first->script = answering(failing(errc::provider_throttled));
  constexpr int count = 500;
  for (int i = 0; i < count; ++i) {
    const auto asked = it.ask_next();
    it.world.advance(500ms);
    REQUIRE(asked->code() == errc::provider_throttled);
  }
  const auto second_tries = it.first->asked.size() - count;
  CHECK(second_tries >= count / 10);
  CHECK(second_tries <= count / 10 + retry_limits{}.burst);
}

TEST_CASE("a call that waits to be tried again can be cancelled", "[router]") {
  retry_world it{3};
  it.first->script = answering(failing(errc::provider_throttled, 20s));
  const auto asked = it.ask_next();
  it.cancel({5, 5});
  CHECK(asked->code() == errc::cancelled);
  it.world.advance(60s);
  CHECK(asked->answers == 1);
  CHECK(it.first->asked.size() == 1);
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("calls that wait to be tried again are answered when the router ends",
          "[router]") {
  retry_world it{3};
  it.first->script = answering(failing(errc::provider_throttled, 20s));
  const auto asked = it.ask_next();
  it.world.end(it.router);
  CHECK(asked->code() == errc::unreachable);
  CHECK(it.account().reserved == protocol::money{});
}

TEST_CASE("a failure before the first piece of an answer is not seen",
          "[router]") {
  router_world it{3};
  it.second->deltas = {"hel", "lo"};
  it.first->script = answering(failing(errc::stream_truncated));
  it.second->script = answering(hello);
  const auto asked = it.ask(it.call());
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->has_value());
  CHECK(asked->deltas.size() == 2);
}

TEST_CASE("after the first piece of an answer a failure ends the call",
          "[router]") {
  const auto code = GENERATE(errc::stream_truncated, errc::provider_malformed,
                             errc::provider_timeout);
  router_world it{3};
  it.first->deltas = {"hel"};
  it.first->script = nullptr; // held open
  const auto asked = it.ask(it.call());
  REQUIRE(asked->deltas.size() == 1);
  it.first->release(0, protocol::fail(code, "cut"));
  it.world.run();
  REQUIRE(asked->code() == code);
  CHECK_FALSE(asked->outcome->error().retries_spent); // a new one may be asked
  CHECK(it.second->asked.empty());
  CHECK(it.account().unknown > protocol::money{});
}
