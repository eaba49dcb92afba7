// What a router does with models that keep failing.
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

const outcome down{protocol::fail(errc::provider_unavailable, "down")};
const outcome hello{test::reply_of("hello")};

struct failing_world : router_world {
  /// One attempt at each model.
  explicit failing_world(router_config config = {})
      : router_world(2, 100, {}, std::move(config)) {
    first->script = answering(down);
    second->script = answering(hello);
  }

  std::shared_ptr<test::asked<reply>> ask_next() {
    auto ask = call();
    ask.head.message = {1, ++calls};
    return router_world::ask(ask);
  }

  /// Until the first model rests.
  void tire_first() {
    for (std::uint32_t i = 0; i < breaker_limits{}.consecutive; ++i)
      REQUIRE(ask_next()->outcome->has_value());
    first->asked.clear();
    second->asked.clear();
  }

  /// Until both rest.
  void tire_both() {
    second->script = answering(down);
    for (std::uint32_t i = 0; i < breaker_limits{}.consecutive; ++i)
      CHECK(ask_next()->code() == errc::provider_unavailable);
    first->asked.clear();
    second->asked.clear();
  }

  std::uint64_t calls = 10;
};

} // namespace

TEST_CASE("C1: a model that keeps failing is not asked, the next one is",
          "[router]") {
  failing_world it;
  it.tire_first();
  const auto asked = it.ask_next();
  CHECK(it.first->asked.empty());
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.model == "second/big");
  CHECK((*asked->outcome)->body.attempts == 1);
}

TEST_CASE("C1: one call finds out whether a model works again", "[router]") {
  failing_world it;
  it.tire_first();
  it.world.advance(10s);
  it.first->script = nullptr; // holds what it is asked
  const auto probe = it.ask_next();
  for (int i = 0; i < 100; ++i)
    REQUIRE(it.ask_next()->outcome->has_value());
  CHECK(it.first->asked.size() == 1);
  CHECK(it.second->asked.size() == 100);
  it.first->release(0, *hello);
  it.world.run();
  REQUIRE(*probe->outcome);
  it.first->script = answering(hello);
  CHECK((*it.ask_next()->outcome)->body.model == "first/small");
}

TEST_CASE("calls wait while all models that fit rest, and hold no money",
          "[router]") {
  failing_world it;
  it.tire_both();
  std::vector<std::shared_ptr<test::asked<router_world::reply>>> waiting;
  for (int i = 0; i < 20; ++i)
    waiting.push_back(it.ask_next());
  CHECK(it.first->asked.empty());
  CHECK(it.second->asked.empty());
  CHECK(it.account().open_reservations == 0);
  it.first->script = answering(hello);
  it.second->script = answering(hello);
  it.world.advance(10s);
  for (const auto& call : waiting) {
    REQUIRE(call->answers == 1);
    CHECK(call->outcome->has_value());
  }
}

TEST_CASE("a call whose deadline is too near to wait fails at once",
          "[router]") {
  failing_world it;
  it.tire_both();
  auto ask = it.call();
  ask.head.deadline = it.world.now() + 1s;
  const auto asked = it.ask(ask);
  REQUIRE(asked->code() == errc::provider_unavailable);
  CHECK(asked->outcome->error().detail.find("rest after failures, until")
        != std::string::npos);
}

TEST_CASE("a call that waits for a model can be cancelled", "[router]") {
  failing_world it;
  it.tire_both();
  const auto asked = it.ask_next();
  CHECK(asked->answers == 0);
  it.cancel({5, 5});
  CHECK(asked->code() == errc::cancelled);
  it.world.advance(60s);
  CHECK(asked->answers == 1);
  CHECK(it.first->asked.empty());
}

TEST_CASE("C2: a probe that could not be paid for leaves its place to others",
          "[router]") {
  failing_world it;
  it.tire_first();
  it.second->script = answering(hello);
  it.world.advance(10s);
  it.open_account({1});
  CHECK(it.ask_next()->code() == errc::budget_exhausted);
  it.open_account(protocol::money::max());
  it.first->script = answering(hello);
  CHECK((*it.ask_next()->outcome)->body.model == "first/small");
}

TEST_CASE("C2: a probe that tells nothing leaves its place to who waits",
          "[router]") {
  failing_world it;
  it.tire_both();
  it.first->script = nullptr; // hold what they are asked
  it.second->script = nullptr;
  std::vector<std::shared_ptr<test::asked<router_world::reply>>> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back(it.ask_next());
  it.world.advance(10s);
  REQUIRE(it.first->asked.size() == 1);
  REQUIRE(it.second->asked.size() == 1);
  it.first->release(0, protocol::fail(errc::content_refused, "no"));
  it.world.run();
  CHECK(it.first->asked.size() == 2);
}

TEST_CASE("where a configuration says so, calls fail while all models rest",
          "[router]") {
  router_config config;
  config.when_all_open = all_open_policy::fail;
  failing_world it{config};
  it.tire_both();
  const auto asked = it.ask_next();
  REQUIRE(asked->code() == errc::provider_unavailable);
  CHECK(asked->outcome->error().retry_after >= 5s);
  CHECK(it.first->asked.empty());
  it.first->script = answering(hello);
  it.world.advance(10s);
  CHECK(it.ask_next()->outcome->has_value());
}

TEST_CASE("where it says so, they go to the model whose rest ends first",
          "[router]") {
  router_config config;
  config.when_all_open = all_open_policy::least_bad;
  breaker_limits longer;
  longer.open_first = 60s;
  config.breakers_at["first"] = longer;
  failing_world it{config};
  it.tire_both();
  it.second->script = answering(hello);
  for (int i = 0; i < 3; ++i)
    CHECK((*it.ask_next()->outcome)->body.model == "second/big");
  CHECK(it.first->asked.empty());
}

TEST_CASE("who asked to be left alone is, also when all models rest",
          "[router]") {
  router_config config;
  config.when_all_open = all_open_policy::least_bad;
  failing_world it{config};
  auto busy = protocol::fail(errc::provider_unavailable, "down");
  busy.retry_after = 30s;
  it.first->script = answering(test::call_outcome{busy});
  it.second->script = answering(test::call_outcome{busy});
  auto ask = it.call();
  ask.head.deadline = it.world.now() + 20s;
  CHECK(it.ask(ask)->code() == errc::provider_unavailable);
  CHECK(it.first->asked.size() == 1);
  const auto next = it.ask_next();
  CHECK(it.first->asked.size() + it.second->asked.size() == 2);
  CHECK(next->is_open());
}

TEST_CASE("a provider has its own settings for when its models rest",
          "[router]") {
  router_config config;
  breaker_limits strict;
  strict.consecutive = 1;
  config.breakers_at["first"] = strict;
  failing_world it{config};
  CHECK(it.ask_next()->outcome->has_value());
  CHECK(it.ask_next()->outcome->has_value());
  CHECK(it.first->asked.size() == 1);
}

TEST_CASE("calls that wait for a model come back to it step by step",
          "[router]") {
  router_config config;
  config.breakers.slow_start = 10s;
  config.breakers.consecutive = 1;
  failing_world it{config};
  it.second->script = answering(down);
  CHECK(it.ask_next()->code() == errc::provider_unavailable);
  std::vector<std::shared_ptr<test::asked<router_world::reply>>> waiting;
  for (int i = 0; i < 60; ++i)
    waiting.push_back(it.ask_next());
  it.first->script = answering(hello);
  it.second->script = answering(hello);
  it.first->asked.clear();
  it.second->asked.clear();
  it.world.advance(7s);
  CHECK(it.first->asked.size() < 10);
  it.world.advance(20s);
  for (const auto& call : waiting) {
    REQUIRE(call->answers == 1);
    CHECK(call->outcome->has_value());
  }
}

TEST_CASE("C4: throttling does not make a model rest", "[router]") {
  failing_world it;
  it.first->script =
      answering(outcome{protocol::fail(errc::provider_throttled, "slowly")});
  for (int i = 0; i < 20; ++i)
    REQUIRE(it.ask_next()->outcome->has_value());
  CHECK(it.first->asked.size() == 20);
}
