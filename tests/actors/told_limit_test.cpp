// What a provider says is left of its limits.
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"
#include "told_limit.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::instant;
using protocol::test::random_source;
using test::router_world;

namespace {

constexpr instant start{std::chrono::seconds{1'000'000}};
const test::call_outcome hello{test::reply_of("hello", 10, 5)};

} // namespace

TEST_CASE("no more goes at once than is left, and then as it fills up",
          "[told_limit]") {
  told_limit limit;
  CHECK(limit.ready_at(1'000'000) <= start); // nothing was told
  limit.tell({rate_kind::tokens, 6'000, 0, 60s}, start);
  CHECK(limit.ready_at(100) == start + 1s);
  CHECK(limit.ready_at(6'000) == start + 60s);
  CHECK(limit.ready_at(9'000) == start + 60s); // more than there ever is
  limit.tell({rate_kind::tokens, 6'000, 500, 55s}, start);
  CHECK(limit.ready_at(500) <= start);
  limit.take(500);
  CHECK(limit.ready_at(100) == start + 1s);
  limit.correct(500, 400);
  CHECK(limit.ready_at(100) <= start);
}

TEST_CASE("what is told counts until the limit is whole again, and a minute at "
          "most",
          "[told_limit]") {
  told_limit limit;
  limit.tell({rate_kind::requests, 0, 0, 20s}, start); // without its size
  CHECK(limit.ready_at(1) == start + 20s);
  limit.tell({rate_kind::requests, 0, 0, 24h}, start);
  CHECK(limit.ready_at(1) == start + 1min);
  limit.tell({rate_kind::requests, 200, 0, 24h}, start); // 200 a day
  CHECK(limit.ready_at(1) == start + 1min);
  limit.tell({rate_kind::requests, 200, 0, 0s}, start);
  CHECK(limit.ready_at(1) <= start);
  limit.tell({rate_kind::requests, 200, 0, -5s}, start);
  CHECK(limit.ready_at(1) <= start);
}

TEST_CASE("whatever is told and taken, nobody waits for more than a minute",
          "[told_limit]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 20));
  CAPTURE(seed);
  random_source random{seed};
  const auto any = [&]() -> std::uint64_t {
    switch (random.below(4)) {
    case 0:
      return 0;
    case 1:
      return UINT64_MAX - random.below(3);
    case 2:
      return random.next();
    default:
      return random.below(10'000);
    }
  };
  told_limit limit;
  auto told = start;
  for (int i = 0; i < 2'000; ++i) {
    if (random.below(3) == 0) {
      told += std::chrono::milliseconds{random.below(5'000)};
      limit.tell({rate_kind::tokens, any(), any(),
                  protocol::duration{static_cast<std::int64_t>(any() >> 1U)}},
                 told);
    }
    if (random.coin())
      limit.take(any());
    else
      limit.correct(any(), any());
    REQUIRE(limit.ready_at(any()) <= told + 1min);
  }
}

TEST_CASE("a router sends no more than a good answer says is left",
          "[router]") {
  router_config config;
  config.told = std::make_shared<rate_board>();
  const auto told = config.told;
  router_world it{3, 100, {}, std::move(config)};
  auto ask_next = [&, calls = 10U]() mutable {
    auto what = it.call();
    what.head.message = {1, ++calls};
    what.body.model = "first/small";
    return it.ask(what);
  };
  it.first->script = [&](const test::provider_spy::ask&) {
    told->tell("first", {{rate_kind::requests, 60, 2, 58s}});
    return hello;
  };
  CHECK(ask_next()->outcome->has_value());
  it.first->script = test::answering(hello); // says nothing more
  for (int i = 0; i < 5; ++i)
    ask_next();
  CHECK(it.first->asked.size() == 3);
  it.world.advance(1s);
  CHECK(it.first->asked.size() == 4);
  it.world.advance(2s);
  CHECK(it.first->asked.size() == 6);
}

TEST_CASE("what is left never lets more through than the configuration",
          "[router]") {
  router_config config;
  config.told = std::make_shared<rate_board>();
  const auto told = config.told;
  router_world it{3, 100, {{"first", {6, 0, 0, 0}}}, std::move(config)};
  it.first->script = [&](const test::provider_spy::ask&) {
    told->tell("first", {{rate_kind::requests, 60'000, 60'000, 0s}});
    return hello;
  };
  for (unsigned i = 0; i < 5; ++i) {
    auto what = it.call();
    what.head.message = {2, i + 1};
    what.body.model = "first/small";
    it.ask(what);
  }
  CHECK(it.first->asked.size() == 1);
}
