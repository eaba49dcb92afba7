// How a router keeps to what a provider's key allows.
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

const outcome hello{test::reply_of("hello", 10, 5)};

/// Calls of one model only, first/small, whose provider has limits.
struct limited_world : router_world {
  explicit limited_world(const rate_limits& limits)
      : router_world(3, 10'000, {{"first", limits}}) {}

  asked_call ask_next(protocol::priority urgency = protocol::priority::medium,
                      protocol::duration patience = {}) {
    auto what = call();
    what.head.message = {1, ++calls};
    what.head.urgency = urgency;
    what.body.model = "first/small";
    what.body.output_tokens_max = 100;
    if (patience > protocol::duration{})
      what.head.deadline = world.now() + patience;
    return ask(what);
  }

  std::vector<asked_call> ask_many(int count) {
    std::vector<asked_call> all;
    for (int i = 0; i < count; ++i)
      all.push_back(ask_next());
    return all;
  }

  std::uint64_t calls = 10;
};

rate_limits at_one_time(std::uint32_t calls) {
  return {0, 0, 0, calls};
}

} // namespace

TEST_CASE("no more calls are open than a key allows, and those that wait hold "
          "no money",
          "[router]") {
  limited_world it{at_one_time(3)};
  const auto calls = it.ask_many(50);
  CHECK(it.first->asked.size() == 3);
  CHECK(it.account().open_reservations == 3);
  for (std::size_t i = 0; i < 50; ++i) {
    REQUIRE(it.first->asked.size() == std::min<std::size_t>(i + 3, 50));
    it.first->release(i, *hello);
    it.world.run();
    CHECK(calls[i]->outcome->has_value()); // in order of arrival
  }
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("the most urgent of those that wait goes first", "[router]") {
  limited_world it{at_one_time(1)};
  const auto busy = it.ask_next();
  const auto low = it.ask_next(protocol::priority::low);
  const auto medium = it.ask_next();
  const auto critical = it.ask_next(protocol::priority::critical);
  for (std::size_t i = 0; i < 3; ++i) {
    it.first->release(i, *hello);
    it.world.run();
  }
  CHECK(critical->outcome.has_value());
  CHECK(medium->outcome.has_value());
  CHECK(low->is_open());
}

TEST_CASE("C6: calls per minute are kept to, and none is lost", "[router]") {
  limited_world it{{60, 0, 0, 0}}; // ten at once, then one a second
  it.first->script = answering(hello);
  const auto calls = it.ask_many(30);
  CHECK(it.first->asked.size() == 10);
  it.world.advance(10s);
  CHECK(it.first->asked.size() == 20);
  it.world.advance(10s);
  CHECK(it.first->asked.size() == 30);
  for (const auto& call : calls)
    CHECK(call->outcome->has_value());
}

TEST_CASE("C6: tokens are charged before a call and corrected after it",
          "[router]") {
  // 1,000 at once; a call may write 100 and writes 5.
  limited_world it{{0, 0, 6'000, 0}};
  const auto held = it.ask_many(12);
  CHECK(it.first->asked.size() == 10);
  it.first->release(0, *hello);
  it.world.run();
  CHECK(it.first->asked.size() == 10); // 95 came back, 100 are asked for
  it.first->release(1, *hello);
  it.world.run();
  CHECK(it.first->asked.size() == 11);
}

TEST_CASE("a 429 leaves fewer calls at one time", "[router]") {
  limited_world it{at_one_time(20)};
  const auto calls = it.ask_many(40);
  REQUIRE(it.first->asked.size() == 20);
  it.first->release(0, protocol::fail(errc::provider_throttled, "429"));
  it.world.run();
  // 14 may be open: the next goes when six more have ended.
  for (std::size_t i = 1; i <= 5; ++i)
    it.first->release(i, *hello);
  it.world.run();
  CHECK(it.first->asked.size() == 20);
  it.first->release(6, *hello);
  it.world.run();
  CHECK(it.first->asked.size() == 21);
}

TEST_CASE("a place that comes after the deadline is not waited for",
          "[router]") {
  limited_world it{{6, 0, 0, 0}}; // one every ten seconds
  it.first->script = answering(hello);
  CHECK(it.ask_next()->outcome->has_value());
  const auto late = it.ask_next(protocol::priority::medium, 5s);
  REQUIRE(late->code() == errc::provider_throttled);
  CHECK(late->outcome->error().retry_after == 10s);
  CHECK(it.ask_next(protocol::priority::medium, 15s)->is_open());
}

TEST_CASE("a call that waits for a place ends at its deadline", "[router]") {
  limited_world it{at_one_time(1)};
  const auto busy = it.ask_next();
  const auto waits = it.ask_next(protocol::priority::medium, 5s);
  it.world.advance(5s);
  REQUIRE(waits->code() == errc::provider_throttled);
  it.first->release(0, *hello);
  it.world.run();
  CHECK(it.first->asked.size() == 1);
  CHECK(waits->answers == 1);
}

TEST_CASE("R5: a call that waits for a place can be cancelled", "[router]") {
  limited_world it{at_one_time(1)};
  const auto calls = it.ask_many(3);
  it.first->confirms_cancel = true;
  it.cancel({5, 5});
  for (const auto& call : calls)
    CHECK(call->code() == errc::cancelled);
  CHECK(it.first->asked.size() == 1);
  auto other = it.call();
  other.head.message = {1, 2};
  other.head.cancel_scope = {6, 6};
  other.body.model = "first/small";
  const auto next = it.ask(other); // the place is free again
  CHECK(it.first->asked.size() == 2);
}

TEST_CASE("a call that finds no money gives its place back", "[router]") {
  limited_world it{at_one_time(1)};
  it.open_account({1});
  CHECK(it.ask_next()->code() == errc::budget_exhausted);
  it.open_account(protocol::money::max());
  it.first->script = answering(hello);
  CHECK(it.ask_next()->outcome->has_value());
}

TEST_CASE("where one provider has no place another is asked", "[router]") {
  router_world it{3, 100, {{"first", at_one_time(1)}}};
  auto busy = it.call();
  busy.head.message = {1, 2};
  const auto first = it.ask(busy);
  it.second->script = answering(hello);
  const auto asked = it.ask(it.call());
  REQUIRE(asked->outcome);
  CHECK((*asked->outcome)->body.model == "second/big");
}
