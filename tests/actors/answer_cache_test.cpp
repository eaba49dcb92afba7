#include "support/actors/cache_world.hpp"
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::fail;
using protocol::money;
using test::answer_in;
using test::cache_world;

TEST_CASE("an equal call gets the answer again, at no cost", "[answer_cache]") {
  cache_world it;
  const auto reply = cache_world::priced("hello");
  const auto first = it.ask_answered(it.call(), reply);
  CHECK(answer_in(first) == reply);
  const auto call = it.call();
  const auto second = it.ask(call);
  CHECK(it.router->asked.size() == 1);
  const auto& again = answer_in(second);
  CHECK(again.content == reply.content);
  CHECK(again.model == reply.model);
  CHECK(again.is_cached);
  CHECK(again.saved == reply.cost);
  CHECK(again.cost == money{});
  CHECK(again.used == protocol::usage{});
  CHECK(again.attempts == 0);
  CHECK((*second->outcome)->head.correlation == call.head.message);
}

TEST_CASE("a call that differs is another call", "[answer_cache]") {
  cache_world it;
  it.ask_answered(it.call("one"), cache_world::priced("1"));
  it.ask_answered(it.call("two"), cache_world::priced("2"));
  CHECK(it.router->asked.size() == 2);
  CHECK(text_of(answer_in(it.ask(it.call("one"))).content) == "1");
  CHECK(text_of(answer_in(it.ask(it.call("two"))).content) == "2");
  CHECK(it.router->asked.size() == 2);
}

TEST_CASE("no tenant gets an answer that another has paid for",
          "[answer_cache]") {
  cache_world it;
  it.ask_answered(it.call(), cache_world::priced("hello"));
  auto other = it.call();
  other.body.account = "u/m/a";
  CHECK(it.ask(other)->is_open());
  CHECK(it.router->asked.size() == 2);
  auto same = it.call();
  same.body.account = "t/other/b";
  CHECK(answer_in(it.ask(same)).is_cached);
}

TEST_CASE("an answer is given out until its time has passed",
          "[answer_cache]") {
  answer_limits limits;
  limits.ttl = 10s;
  cache_world it{limits};
  it.ask_answered(it.call(), cache_world::priced("hello"));
  it.world.advance(9'999ms);
  CHECK_FALSE(it.ask(it.call())->is_open());
  it.world.advance(1ms);
  CHECK(it.ask(it.call())->is_open());
}

TEST_CASE("a call with a temperature goes its own way", "[answer_cache]") {
  cache_world it;
  for (const std::uint32_t permille : {700, 700}) {
    auto call = it.call();
    call.body.temperature_permille = permille;
    it.ask_answered(call, cache_world::priced("hello"));
  }
  CHECK(it.router->asked.size() == 2);
}

TEST_CASE("1,000 equal calls at one time are one call of a provider, paid once",
          "[answer_cache]") {
  test::router_world it;
  answer_cache_config config;
  config.router = it.router;
  config.clock = it.world.clock();
  const auto cache =
      it.world.keep(spawn_answer_cache(it.world.system(), std::move(config)));
  using reply = test::router_world::reply;
  std::vector<std::shared_ptr<test::asked<reply>>> asks;
  for (std::uint64_t i = 1; i <= 1'000; ++i) {
    auto call = test::router_world::call();
    call.head.message = {1, i};
    call.head.cancel_scope = {5, i};
    asks.push_back(it.world.ask<reply>(cache, call));
  }
  REQUIRE(it.first->asked.size() == 1);
  CHECK(it.account().open_reservations == 1);
  it.first->release(0, test::reply_of("hello", 100, 50));
  it.world.run();
  money paid, saved;
  for (const auto& one : asks) {
    REQUIRE(one->outcome);
    REQUIRE(*one->outcome);
    paid += (*one->outcome)->body.cost;
    saved += (*one->outcome)->body.saved;
  }
  CHECK(it.first->asked.size() == 1);
  CHECK(it.account().spent == paid);
  CHECK(saved.nano_usd == paid.nano_usd * 999);
  CHECK(it.account().calls_made == 1);
}

TEST_CASE("when the call that leads fails, the next one leads",
          "[answer_cache]") {
  cache_world it;
  const auto first = it.ask(it.call());
  auto next = it.call();
  next.body.account = "t/other";
  const auto second = it.ask(next);
  const auto third = it.ask(it.call());
  it.release(0, fail(errc::provider_unavailable, "down"));
  CHECK(first->code() == errc::provider_unavailable);
  REQUIRE(it.router->asked.size() == 2);
  CHECK(it.router->asked[1].body.account == "t/other");
  CHECK(it.router->asked[1].head.cancel_scope == next.head.cancel_scope);
  it.release(1, cache_world::priced("hello"));
  CHECK_FALSE(answer_in(second).is_cached);
  CHECK(answer_in(third).is_cached);
}

TEST_CASE("a failure that every equal call would meet is told to all of them",
          "[answer_cache]") {
  cache_world it;
  const auto first = it.ask(it.call());
  const auto second = it.ask(it.call());
  it.release(0, fail(errc::context_too_long, "too long"));
  CHECK(first->code() == errc::context_too_long);
  CHECK(second->code() == errc::context_too_long);
  CHECK(it.router->asked.size() == 1);
  CHECK(it.ask(it.call())->is_open()); // and is not remembered
}

TEST_CASE("a cancelled leader hands over to the next, others are not touched",
          "[answer_cache]") {
  cache_world it;
  const auto call = it.call();
  const auto first = it.ask(call);
  const auto second = it.ask(it.call());
  it.cancel(call.head.cancel_scope);
  REQUIRE(it.router->cancelled
          == std::vector<protocol::id>{call.head.cancel_scope});
  CHECK(first->code() == errc::cancelled);
  REQUIRE(it.router->asked.size() == 2);
  it.release(1, cache_world::priced("hello"));
  CHECK(answer_in(second).cost == cache_world::priced("").cost);
}

TEST_CASE("one that waits ends with its own cancel and its own deadline",
          "[answer_cache]") {
  cache_world it;
  const auto leader = it.ask(it.call());
  const auto cancelled = it.call();
  auto hasty = it.call();
  hasty.head.deadline = it.world.now() + 2s;
  const auto one = it.ask(cancelled);
  const auto two = it.ask(hasty);
  const auto three = it.ask(it.call());
  it.cancel(cancelled.head.cancel_scope);
  CHECK(one->code() == errc::cancelled);
  CHECK(two->is_open());
  it.world.advance(3s);
  CHECK(two->code() == errc::deadline_exceeded);
  CHECK(leader->is_open());
  it.release(0, cache_world::priced("hello"));
  CHECK(answer_in(three).is_cached);
  CHECK(one->answers == 1);
  CHECK(two->answers == 1);
}

TEST_CASE("a call without a deadline waits no longer than patience allows",
          "[answer_cache]") {
  cache_world it;
  it.router->confirms_cancel = false;
  const auto first = it.ask(it.call());
  it.world.advance(30s);
  const auto second = it.ask(it.call());
  it.world.advance(59s); // the router has kept no deadline either
  CHECK(first->code() == errc::deadline_exceeded);
  it.world.advance(4s);
  CHECK(second->code() == errc::deadline_exceeded);
}

TEST_CASE("an answer that is not kept is for its own asker; the others ask",
          "[answer_cache]") {
  cache_world it;
  auto cut = cache_world::priced("hel");
  cut.stop = protocol::stop_reason::length;
  const auto first = it.ask(it.call());
  const auto second = it.ask(it.call());
  const auto third = it.ask(it.call());
  it.release(0, cut);
  CHECK(answer_in(first) == cut);
  REQUIRE(it.router->asked.size() == 3); // both at one time
  it.release(1, cut);
  it.release(2, cache_world::priced("hello"));
  CHECK(answer_in(second) == cut);
  CHECK_FALSE(answer_in(third).is_cached);
}

TEST_CASE("one that asked for a stream gets a repeated text as one piece",
          "[answer_cache]") {
  cache_world it;
  it.router->deltas = {"hel", "lo"};
  const auto first_call = it.call();
  const auto first = it.ask(first_call);
  auto silent = it.call();
  silent.body.stream = false;
  const auto second_call = it.call();
  const auto second = it.ask(second_call);
  const auto third = it.ask(silent);
  it.release(0, cache_world::priced("hello"));
  const auto late_call = it.call();
  const auto late = it.ask(late_call);
  REQUIRE(first->deltas.size() == 2);
  CHECK(first->deltas[1].body.text == "lo");
  CHECK(first->deltas[1].head.correlation == first_call.head.message);
  REQUIRE(second->deltas.size() == 1);
  CHECK(second->deltas[0].body.text == "hello");
  CHECK(second->deltas[0].head.correlation == second_call.head.message);
  CHECK(third->deltas.empty());
  REQUIRE(late->deltas.size() == 1);
  CHECK(late->deltas[0].head.correlation == late_call.head.message);
}

TEST_CASE("M1: calls beyond the most that may be open are refused",
          "[answer_cache]") {
  cache_world it{{}, 3};
  const auto one = it.ask(it.call());
  const auto two = it.ask(it.call());
  const auto three = it.ask(it.call("other"));
  CHECK(it.ask(it.call())->code() == errc::overloaded);
  it.release(0, cache_world::priced("hello"));
  CHECK(two->outcome);
  const auto four = it.ask(it.call("new"));
  const auto five = it.ask(it.call("newer"));
  CHECK(four->is_open());
  CHECK(five->is_open());
  CHECK(it.ask(it.call("newest"))->code() == errc::overloaded);
}

TEST_CASE("calls that are open when the cache ends are answered",
          "[answer_cache]") {
  cache_world it;
  const auto call = it.call();
  const auto one = it.ask(call);
  const auto two = it.ask(it.call());
  it.world.end(it.cache);
  CHECK(one->code() == errc::unreachable);
  CHECK(two->code() == errc::unreachable);
  CHECK(it.router->cancelled
        == std::vector<protocol::id>{call.head.cancel_scope});
}

TEST_CASE("a router that dies fails its call, and those that wait",
          "[answer_cache]") {
  cache_world it;
  const auto one = it.ask(it.call());
  const auto two = it.ask(it.call());
  it.world.end(it.router_handle, caf::exit_reason::kill);
  CHECK(one->code() == errc::unreachable);
  CHECK(two->code() == errc::unreachable);
}

TEST_CASE("a judgement reaches the router under the id that it knows",
          "[answer_cache]") {
  cache_world it;
  const auto judge = [&](protocol::id call) {
    protocol::request<protocol::judge_answer> msg;
    msg.head.message = {2, call.low};
    msg.body = {call, 800};
    const auto told = it.world.ask<protocol::response<protocol::answer_judged>>(
        it.cache, msg);
    REQUIRE(told->outcome);
    CHECK(*told->outcome);
    return it.router->judged.back();
  };
  const auto shared = it.call();
  it.ask_answered(shared, cache_world::priced("hello"));
  auto alone = it.call();
  alone.body.temperature_permille = 700;
  it.ask_answered(alone, cache_world::priced("hello"));
  REQUIRE(it.router->asked.size() == 2);
  CHECK(judge(shared.head.message)
        == protocol::judge_answer{it.router->asked[0].head.message, 800});
  CHECK(judge(alone.head.message).call == it.router->asked[1].head.message);
}
