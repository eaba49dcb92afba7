#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::shortage_step;
using protocol::stop_reason;
using protocol::tier;

namespace {

using steps = std::vector<shortage_step>;

/// first/small is basic, second/big an expert of twice its price.
struct two_tiers : test::router_world {
  two_tiers() : router_world(3, 100, {}, {}, tier::expert) {}

  /// Answers every call with so many tokens of output.
  void answer_with(std::uint64_t tokens,
                   stop_reason stop = stop_reason::complete) {
    auto answer = test::reply_of("hello", 10, tokens);
    answer.stop = stop;
    first->script = test::answering(test::call_outcome{answer});
    second->script = first->script;
  }

  /// What a call to first/small sets aside.
  money price_of(const protocol::request<protocol::model_call>& call) {
    open_account(money::max());
    first->script = nullptr;
    const auto before = first->asked.size();
    ask(call);
    const auto held = account().reserved;
    first->release(first->held.size() - 1, test::reply_of("hello", 0, 0));
    world.run();
    CHECK(first->asked.size() == before + 1);
    return held;
  }

  /// Leaves so much.
  void leave(money left) { open_account(account().spent + left); }
};

auto long_call(std::uint32_t cap, steps on_shortage = {}) {
  auto call = test::router_world::call();
  call.body.output_tokens_max = cap;
  call.body.on_shortage = std::move(on_shortage);
  return call;
}

} // namespace

TEST_CASE("A3: a refusal names what the money suffices for", "[router]") {
  two_tiers it;
  auto call = long_call(1'000);
  const auto price = it.price_of(call);
  call.body.level = tier::expert;
  it.leave(price + money{1});
  const auto refused = it.ask(call);
  REQUIRE(refused->outcome);
  REQUIRE_FALSE(*refused->outcome);
  const auto& why = refused->outcome->error();
  CHECK(why.code == errc::budget_exhausted);
  CHECK(why.affordable == price.nano_usd + 1);
  CHECK(why.detail.find("tokens of output of second/big") != std::string::npos);
  CHECK(why.detail.find("first/small (tier basic), which may cost "
                        + to_text(price))
        != std::string::npos);
  CHECK(it.second->asked.empty());
}

TEST_CASE("a refusal names nothing that the money does not suffice for",
          "[router]") {
  two_tiers it;
  it.open_account(money{10});
  const auto refused = it.ask(long_call(1'000));
  REQUIRE(refused->outcome);
  CHECK(refused->outcome->error().detail.find("suffices") == std::string::npos);
}

TEST_CASE("a call that may be shorter is, as far as the money goes",
          "[router]") {
  two_tiers it;
  const auto price = it.price_of(long_call(1'000));
  it.leave(money{price.nano_usd * 3 / 4});
  it.answer_with(100);
  const auto asked = it.ask(long_call(1'000, {shortage_step::shorter}));
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.degraded == steps{shortage_step::shorter});
  const auto& sent = it.first->asked.back().body;
  CHECK(sent.output_tokens_max < 1'000);
  CHECK(sent.output_tokens_max > 300);
  CHECK(sent.system.find("at most " + std::to_string(sent.output_tokens_max))
        != std::string::npos);
  CHECK(it.account().reserved == money{});
}

TEST_CASE("a call that may not be shorter is refused", "[router]") {
  two_tiers it;
  const auto price = it.price_of(long_call(1'000));
  it.leave(price - money{1});
  const auto asked = it.ask(long_call(1'000));
  REQUIRE(asked->outcome);
  CHECK_FALSE(*asked->outcome);
}

TEST_CASE("a call that may be cheaper goes to a model of a lower tier",
          "[router]") {
  two_tiers it;
  auto call = long_call(1'000);
  const auto price = it.price_of(call);
  it.leave(price + money{1});
  it.answer_with(100);
  call.body.level = tier::expert;
  call.body.on_shortage = {shortage_step::cheaper};
  const auto asked = it.ask(call);
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.model == "first/small");
  CHECK((*asked->outcome)->body.degraded == steps{shortage_step::cheaper});
  CHECK(it.first->asked.back().body.output_tokens_max == 1'000);
}

TEST_CASE("steps are taken in the order in which they are named", "[router]") {
  two_tiers it;
  auto call = long_call(1'000);
  const auto price = it.price_of(call);
  it.answer_with(10);
  call.body.level = tier::expert;
  it.leave(price + money{1});
  call.body.on_shortage = {shortage_step::shorter, shortage_step::cheaper};
  const auto shorter = it.ask(call);
  REQUIRE(shorter->outcome);
  REQUIRE(*shorter->outcome);
  CHECK((*shorter->outcome)->body.model == "second/big");
  CHECK((*shorter->outcome)->body.degraded == steps{shortage_step::shorter});
}

TEST_CASE("where no step helps, the call is refused and nothing is held",
          "[router]") {
  two_tiers it;
  it.open_account(money{1'000});
  auto call = long_call(1'000, {shortage_step::cheaper, shortage_step::shorter,
                                shortage_step::shorter});
  call.body.level = tier::expert;
  const auto asked = it.ask(call);
  REQUIRE(asked->outcome);
  CHECK(asked->outcome->error().code == errc::budget_exhausted);
  CHECK(it.account().open_reservations == 0);
  CHECK(it.first->asked.empty());
  CHECK(it.second->asked.empty());
}

TEST_CASE("what is set aside follows how long answers are", "[router]") {
  two_tiers it;
  const auto full = it.price_of(long_call(4'000));
  it.answer_with(100);
  for (int i = 0; i < 100; ++i)
    it.ask(long_call(4'000));
  CHECK(it.first->asked.back().body.output_tokens_max < 200);
  const auto learned = it.price_of(long_call(4'000));
  CHECK(learned.nano_usd < full.nano_usd / 4);
  auto other = long_call(4'000);
  other.body.system = "Write at length.";
  CHECK(it.price_of(other) > learned);
}

TEST_CASE("an answer that the learned cap has cut is gone on with",
          "[router]") {
  two_tiers it;
  it.answer_with(100);
  for (int i = 0; i < 100; ++i)
    it.ask(long_call(4'000));
  const auto before = it.first->asked.size();
  it.first->script = [is_first = true](const auto& ask) mutable {
    auto answer = is_first ? test::reply_of("It was a dark", 10,
                                            ask.body.output_tokens_max)
                           : test::reply_of(" night.", 10, 5);
    answer.stop = is_first ? stop_reason::length : stop_reason::complete;
    is_first = false;
    return test::call_outcome{answer};
  };
  const auto asked = it.ask(long_call(4'000));
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  const auto& reply = (*asked->outcome)->body;
  CHECK(reply.content
        == std::vector<protocol::content_part>{
            protocol::text_part{"It was a dark night."}});
  CHECK(reply.stop == stop_reason::complete);
  CHECK(reply.continuations == 1);
  CHECK(reply.used.input == 20);
  REQUIRE(it.first->asked.size() == before + 2);
  const auto& sent = it.first->asked.back().body.messages;
  REQUIRE(sent.size() == 3);
  CHECK(std::get<protocol::text_part>(sent[1].content[0]).text
        == "It was a dark");
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("what was said before money ran out is still answered", "[router]") {
  two_tiers it;
  it.answer_with(100);
  for (int i = 0; i < 100; ++i)
    it.ask(long_call(4'000));
  it.first->script = nullptr;
  const auto asked = it.ask(long_call(4'000));
  auto cut = test::reply_of("It was a dark", 10, 120);
  cut.stop = stop_reason::length;
  it.open_account(it.account().spent + it.account().reserved);
  it.first->release(0, cut);
  it.world.run();
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.stop == stop_reason::length);
  CHECK((*asked->outcome)->body.content
        == std::vector<protocol::content_part>{
            protocol::text_part{"It was a dark"}});
}

TEST_CASE("an answer cut by the caller's own cap is left as it is",
          "[router]") {
  two_tiers it;
  it.answer_with(50, stop_reason::length);
  const auto asked = it.ask(long_call(50));
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  CHECK((*asked->outcome)->body.continuations == 0);
  CHECK(it.first->asked.size() == 1);
}

TEST_CASE("tags pay for a call as well", "[router]") {
  two_tiers it;
  it.answer_with(100);
  auto call = long_call(1'000);
  call.body.tags = {"tag:nightly"};
  const auto asked = it.ask(call);
  REQUIRE(asked->outcome);
  REQUIRE(*asked->outcome);
  protocol::request<protocol::describe_account> ask;
  ask.body.path = "tag:nightly";
  const auto tag = it.world.answer<test::router_world::state>(it.budget, ask);
  REQUIRE(tag);
  CHECK(tag->body.spent == (*asked->outcome)->body.cost);
}
