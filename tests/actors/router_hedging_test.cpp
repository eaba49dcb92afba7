// How a router sends a second call beside one that is slow.
#include "support/actors/hedge_world.hpp"
#include "support/actors/show_result.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using test::hedge_world;
using test::reply_of;

namespace {

/// A world in which a call to first/small is slow and has a second one at
/// second/big.
struct race_world : hedge_world {
  explicit race_world(router_config config = {})
      : hedge_world(std::move(config)) {
    learn();
    before = account().spent;
    first_at = first->held.size();
    asked = ask_next();
    world.advance(slow);
  }

  [[nodiscard]] const protocol::model_reply& reply() const {
    REQUIRE(asked->outcome);
    REQUIRE(asked->outcome->has_value());
    return (*asked->outcome)->body;
  }

  void check_books() {
    CHECK(account().open_reservations == 0);
    CHECK(account().reserved == money{});
    CHECK(asked->answers == 1);
  }

  money before;
  std::size_t first_at = 0;
  asked_call asked;
};

} // namespace

TEST_CASE("a call that is slow has a second one at the next model",
          "[router][hedging]") {
  race_world it;
  REQUIRE(it.second->asked.size() == 1);
  CHECK(it.account().open_reservations == 2);
  CHECK(it.second->asked[0].body.model == "wire-second/big");
  CHECK(it.second->asked[0].head.cancel_scope
        != it.first->asked.back().head.cancel_scope);
  it.world.advance(10s);
  CHECK(it.second->asked.size() == 1);
  CHECK(it.first->asked.size() == it.first_at + 1);
}

TEST_CASE("the second call's answer is told, and the first one cancelled",
          "[router][hedging]") {
  race_world it;
  it.answer(*it.second, 0, reply_of("hello", 10, 5));
  CHECK(it.reply().model == "second/big");
  CHECK(it.reply().hedges == 1);
  CHECK(it.reply().attempts == 2);
  CHECK(it.first->cancelled.back() == it.first->asked.back().head.cancel_scope);
  it.check_books();
  // What the first one may be billed for stays spent.
  CHECK(it.account().unknown > money{});
}

TEST_CASE("the first call's answer is told where it comes before the second's",
          "[router][hedging]") {
  race_world it;
  it.answer(*it.first, it.first_at, reply_of("hello", 10, 5));
  CHECK(it.reply().model == "first/small");
  CHECK(it.reply().hedges == 1);
  CHECK(it.second->cancelled
        == std::vector{it.second->asked[0].head.cancel_scope});
  it.check_books();
}

TEST_CASE("a failure of one is not told while the other runs",
          "[router][hedging]") {
  const bool is_first = GENERATE(true, false);
  race_world it;
  const auto down = protocol::fail(errc::provider_unavailable, "down");
  if (is_first)
    it.answer(*it.first, it.first_at, down);
  else
    it.answer(*it.second, 0, down);
  CHECK(it.asked->is_open());
  it.world.advance(5s);
  CHECK(it.first->asked.size() + it.second->asked.size() == it.first_at + 2);
  if (is_first)
    it.answer(*it.second, 0, reply_of("hello"));
  else
    it.answer(*it.first, it.first_at, reply_of("hello"));
  CHECK(it.reply().model == (is_first ? "second/big" : "first/small"));
  it.check_books();
  CHECK(it.account().unknown == money{});
}

TEST_CASE("when both have failed the call is tried again, then fails",
          "[router][hedging]") {
  const bool is_first = GENERATE(true, false);
  race_world it;
  const auto down = protocol::fail(errc::provider_unavailable, "down");
  const auto fail_first = [&] {
    it.answer(*it.first, it.first_at, down);
  };
  if (is_first)
    fail_first();
  it.answer(*it.second, 0, down);
  if (!is_first)
    fail_first();
  CHECK(it.asked->is_open());
  it.first->script = test::answering(test::call_outcome{down});
  it.second->script = it.first->script;
  it.world.advance(10s);
  REQUIRE(it.asked->code() == errc::provider_unavailable);
  CHECK(it.asked->outcome->error().retries_spent);
  CHECK(it.first->asked.size() + it.second->asked.size() == it.first_at + 3);
  it.check_books();
}

TEST_CASE("a cancel of the asker's scope ends both", "[router][hedging]") {
  race_world it;
  it.cancel({5, it.calls});
  CHECK(it.asked->code() == errc::cancelled);
  it.check_books();
  CHECK(it.account().unknown > money{});
  it.world.advance(5min);
  CHECK(it.first->asked.size() == it.first_at + 1);
  CHECK(it.second->asked.size() == 1);
}

TEST_CASE("a cancel while the lost call is still open changes nothing",
          "[router][hedging]") {
  race_world it;
  it.first->confirms_cancel = false;
  it.answer(*it.second, 0, reply_of("hello", 10, 5));
  const auto reply = it.reply();
  CHECK(it.account().open_reservations == 1);
  it.cancel({5, it.calls});
  CHECK(it.account().open_reservations == 1);
  it.answer(*it.first, it.first_at, reply_of("late", 10, 7));
  it.check_books();
  CHECK(it.account().unknown == money{});
  // Its bill is the ledger's; the reply had gone.
  CHECK(it.account().spent
        == it.before + reply.cost + money{(10 * 1 + 7 * 5) * 1'000});
}

TEST_CASE("a lost call that is never heard of is settled after its deadline",
          "[router][hedging]") {
  race_world it;
  it.first->confirms_cancel = false;
  it.answer(*it.second, 0, reply_of("hello", 10, 5));
  it.world.advance(61s);
  it.check_books();
  CHECK(it.account().unknown > money{});
}

TEST_CASE("the first piece decides, and the other's are not told",
          "[router][hedging]") {
  const bool is_first = GENERATE(true, false);
  race_world it;
  it.first->confirms_cancel = false;
  it.second->confirms_cancel = false;
  if (is_first)
    it.tell_piece(*it.first, it.first_at, "one");
  else
    it.tell_piece(*it.second, 0, "two");
  it.tell_piece(*it.first, it.first_at, "one");
  it.tell_piece(*it.second, 0, "two");
  REQUIRE(it.asked->deltas.size() == 2);
  CHECK(it.asked->deltas[1].body.text == (is_first ? "one" : "two"));
  CHECK(it.asked->deltas[1].head.correlation == protocol::id{1, it.calls});
  CHECK((is_first ? it.second : it.first)->cancelled.size() == 1);
  // The lost one is billed before the other has ended.
  const auto late = reply_of("lost", 10, 20);
  const auto told = reply_of("told", 10, 20);
  it.answer(*it.first, it.first_at, late);
  it.answer(*it.second, 0, told);
  if (is_first) {
    CHECK(it.reply().model == "first/small");
    CHECK(it.reply().cost == money{110'000});
  } else {
    CHECK(it.reply().model == "second/big");
    CHECK(it.reply().cost == money{330'000});
    CHECK(it.reply().used.output == 40);
  }
  CHECK(it.account().spent == it.before + money{330'000});
  it.check_books();
}

TEST_CASE("there is no second call after the first piece",
          "[router][hedging]") {
  hedge_world it;
  it.learn();
  const auto at = it.first->held.size();
  const auto asked = it.ask_next();
  it.tell_piece(*it.first, at, "hel");
  it.world.advance(10s);
  CHECK(it.second->asked.empty());
  it.answer(*it.first, at, protocol::fail(errc::stream_truncated, "cut"));
  CHECK(asked->code() == errc::stream_truncated);
}

TEST_CASE("an answer that is not streamed is waited for as long as answers "
          "take",
          "[router][hedging]") {
  hedge_world it;
  it.learn();
  auto what = it.hedged(7);
  what.body.stream = false;
  it.ask(what);
  it.world.advance(hedge_world::slow);
  CHECK(it.second->asked.size() == 1);
}

TEST_CASE("calls that do not allow it, and models not known, have no second",
          "[router][hedging]") {
  hedge_world it;
  it.ask_next();
  it.world.advance(50s);
  CHECK(it.second->asked.empty());
  it.learn();
  auto what = it.hedged(7);
  what.body.terms.hedge = false;
  it.ask(what);
  it.world.advance(20s);
  CHECK(it.second->asked.empty());
  CHECK(it.first->asked.back().head.cancel_scope == protocol::id{5, 7});
}

TEST_CASE("where no other model fits the same is asked", "[router][hedging]") {
  hedge_world it;
  it.learn();
  const auto before = it.first->asked.size();
  auto what = it.hedged(7);
  what.body.model = "first/small";
  const auto asked = it.ask(what);
  it.world.advance(hedge_world::slow);
  REQUIRE(it.first->asked.size() == before + 2);
  it.answer(*it.first, before + 1, reply_of("hello"));
  REQUIRE(asked->outcome);
  CHECK((*asked->outcome)->body.hedges == 1);
  CHECK(it.first->cancelled
        == std::vector{it.first->asked[before].head.cancel_scope});
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("a slow provider sends a share of its calls to others, not all",
          "[router][hedging]") {
  router_config config;
  config.hedging = {700, 100, 5};
  hedge_world it{config};
  it.learn(20);
  constexpr int count = 300;
  for (int i = 0; i < count; ++i) { // every fourth is slow
    const auto at = it.first->held.size();
    it.ask_next();
    it.world.advance(i % 4 == 0 ? 2 * hedge_world::slow : hedge_world::usual);
    it.answer(*it.first, at, reply_of("hello"));
  }
  CHECK(it.second->asked.size() >= 20);
  CHECK(it.second->asked.size() <= (count + 20) / 10 + 5);
}

TEST_CASE("with a share of nothing there are no second calls",
          "[router][hedging]") {
  router_config config;
  config.hedging.share_permille = 0;
  const race_world it{config};
  CHECK(it.second->asked.empty());
}

TEST_CASE("a second call that would have less time than the first is not made",
          "[router][hedging]") {
  hedge_world it;
  it.learn();
  auto what = it.hedged(7);
  what.head.deadline = it.world.now() + 180ms;
  it.ask(what);
  it.world.advance(170ms);
  CHECK(it.second->asked.empty());
}

TEST_CASE("no second call goes where others wait, nor past a limit",
          "[router][hedging]") {
  hedge_world it{{}, {{"second", {0, 0, 0, 1}}}};
  it.learn();
  auto busy = it.hedged(7);
  busy.body.model = "second/big";
  it.ask(busy);
  REQUIRE(it.second->asked.size() == 1);
  const auto at = it.first->asked.size();
  it.ask_next();
  it.world.advance(hedge_world::slow);
  CHECK(it.second->asked.size() == 1);
  CHECK(it.first->asked.size() == at + 2); // the same model has a place
}

TEST_CASE("where the money is enough for one call there is no second",
          "[router][hedging]") {
  hedge_world it;
  it.learn();
  const auto at = it.first->held.size();
  const auto asked = it.ask_next();
  it.open_account(it.account().spent + it.account().reserved + money{1'000});
  it.world.advance(10s);
  CHECK(it.second->asked.empty());
  CHECK(it.account().open_reservations == 1);
  it.answer(*it.first, at, reply_of("hello"));
  REQUIRE(asked->outcome);
  REQUIRE(asked->outcome->has_value());
  CHECK((*asked->outcome)->body.hedges == 0);
  CHECK((*asked->outcome)->body.attempts == 1);
}

TEST_CASE("a call whose second found no money still falls back",
          "[router][hedging]") {
  hedge_world it;
  it.learn();
  const auto at = it.first->held.size();
  const auto asked = it.ask_next();
  it.open_account(it.account().spent + it.account().reserved + money{1'000});
  it.world.advance(hedge_world::slow);
  it.open_account(money::max());
  it.answer(*it.first, at, protocol::fail(errc::provider_unavailable, "down"));
  REQUIRE(it.second->asked.size() == 1);
  it.answer(*it.second, 0, reply_of("hello"));
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->has_value());
}

TEST_CASE("both calls are settled when the router ends", "[router][hedging]") {
  race_world it;
  it.world.end(it.router);
  CHECK(it.asked->code() == errc::unreachable);
  it.check_books();
  const auto& ended = it.first->cancelled;
  CHECK(std::count(ended.begin(), ended.end(),
                   it.first->asked.back().head.cancel_scope)
        == 1);
}

TEST_CASE("an answer that settled its call settles no other",
          "[router][hedging]") {
  race_world it;
  it.answer(*it.second, 0, reply_of("hello", 10, 5));
  const auto books = it.account();
  it.answer(*it.second, 0, reply_of("again", 10, 5));
  it.world.advance(5min);
  CHECK(it.account() == books);
}
