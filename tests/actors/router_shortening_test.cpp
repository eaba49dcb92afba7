// The steps on shortage that change what is asked.
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::protocol;

namespace {

using steps = std::vector<shortage_step>;

/// A talk with a tool whose result is most of the prompt.
protocol::request<model_call> tool_call_talk(steps on_shortage) {
  auto what = troupe::test::router_world::call();
  std::string result;
  for (int i = 0; i < 200; ++i)
    result += "The tide at pier " + std::to_string(i) + " was high that day. ";
  auto& body = what.body;
  body.output_tokens_max = 100;
  body.on_shortage = std::move(on_shortage);
  body.messages = {
      {chat_role::user, {text_part{"When was the tide high?"}}},
      {chat_role::assistant, {tool_call{"c1", "search", R"({"q":"tide"})"}}},
      {chat_role::user, {tool_result{"c1", result}}},
      {chat_role::assistant, {text_part{"One more look."}}},
      {chat_role::user, {text_part{"Go on."}}}};
  return what;
}

protocol::request<model_call> with_tools(steps on_shortage) {
  auto what = tool_call_talk(std::move(on_shortage));
  what.body.tools = {{"search", "Finds.", std::string(2'000, ' ')}};
  return what;
}

/// first/small is basic and has no tools, second/big an expert with tools.
struct short_world : troupe::test::router_world {
  using spy = troupe::test::provider_spy;

  short_world() {
    router_config config;
    config.models = {troupe::test::model_of("first/small", tier::basic, 1, 5),
                     troupe::test::model_of("second/big", tier::expert, 2, 10)};
    config.models[1].skills = {"tools"};
    config.providers = {{"first", first_handle},
                        {"second", spawn_spy(world, second)}};
    config.budget = budget;
    config.counter = std::make_shared<token_estimator>();
    config.clock = world.clock();
    router = world.keep(spawn_router(world.system(), std::move(config)));
    first->script = troupe::test::answering(
        troupe::test::call_outcome{troupe::test::reply_of("done")});
    second->script = first->script;
  }

  /// What a call to `at` sets aside.
  money price_of(spy& at, const protocol::request<model_call>& what) {
    const auto script = std::exchange(at.script, nullptr);
    ask(what);
    const auto held = account().reserved;
    REQUIRE(at.held.size() == 1);
    at.release(0, troupe::test::reply_of("done", 0, 0));
    world.run();
    at.script = script;
    return held;
  }

  void leave(money left) { open_account(account().spent + left); }

  const model_reply& reply_to(const protocol::request<model_call>& what) {
    answered.push_back(ask(what));
    REQUIRE(answered.back()->outcome);
    REQUIRE(answered.back()->outcome->has_value());
    return (*answered.back()->outcome)->body;
  }

  std::vector<std::shared_ptr<troupe::test::asked<reply>>> answered;
};

const model_call& sent_to(const troupe::test::provider_spy& who) {
  return who.asked.back().body;
}

} // namespace

TEST_CASE("a prompt that the money does not suffice for is cut down until it "
          "does",
          "[router][shortage]") {
  short_world it;
  const auto whole = it.price_of(*it.first, tool_call_talk({}));
  it.leave({whole.nano_usd / 2});
  const auto what = tool_call_talk({shortage_step::compact});
  CHECK(it.reply_to(what).degraded == steps{shortage_step::compact});
  CHECK(sent_to(*it.first).output_tokens_max == 100);
  CHECK(sent_to(*it.first).messages.front() == what.body.messages.front());
  CHECK(sent_to(*it.first).messages.back() == what.body.messages.back());
  const auto& kept =
      std::get<tool_result>(sent_to(*it.first).messages[2].content[0]).content;
  CHECK(kept.starts_with("[Cut down] "));
  CHECK(kept.size() > 1'000); // no more than was needed
  CHECK(it.account().reserved == money{});
}

TEST_CASE("a call whose money suffices is sent as it is",
          "[router][shortage]") {
  short_world it;
  const auto what = with_tools(
      {shortage_step::compact, shortage_step::wrap_up, shortage_step::shorter});
  it.leave(it.price_of(*it.second, what));
  CHECK(it.reply_to(what).degraded.empty());
  CHECK(sent_to(*it.second).messages == what.body.messages);
  CHECK(sent_to(*it.second).tools == what.body.tools);
}

TEST_CASE("a call that may be finished with what is there goes without tools",
          "[router][shortage]") {
  short_world it;
  const auto whole = it.price_of(*it.second, with_tools({}));
  it.leave(whole - money{1});
  CHECK(it.reply_to(with_tools({shortage_step::wrap_up})).degraded
        == steps{shortage_step::wrap_up});
  CHECK(sent_to(*it.second).tools.empty());
  CHECK(sent_to(*it.second).system.find("Finish now") != std::string::npos);
  CHECK(std::get<text_part>(sent_to(*it.second).messages[2].content[0])
            .text.find("pier 199")
        != std::string::npos);
}

TEST_CASE("a call that offers no tools cannot be finished earlier",
          "[router][shortage]") {
  short_world it;
  const auto whole = it.price_of(*it.first, tool_call_talk({}));
  it.leave(whole - money{1});
  const auto asked = it.ask(tool_call_talk({shortage_step::wrap_up}));
  CHECK(asked->code() == errc::budget_exhausted);
}

TEST_CASE("steps that change what is asked add up", "[router][shortage]") {
  short_world it;
  const auto whole = it.price_of(*it.second, with_tools({}));
  it.leave({whole.nano_usd / 5});
  const steps all{shortage_step::wrap_up, shortage_step::compact};
  CHECK(it.reply_to(with_tools(all)).degraded == all);
  CHECK(sent_to(*it.second).tools.empty());
}

TEST_CASE("a call that is to be finished may go to a cheaper model that has "
          "no tools",
          "[router][shortage]") {
  short_world it;
  const auto basic = it.price_of(*it.first, tool_call_talk({}));
  it.leave({basic.nano_usd + 1'000'000});
  auto what = with_tools({shortage_step::wrap_up, shortage_step::cheaper});
  what.body.level = tier::expert;
  const auto& reply = it.reply_to(what);
  CHECK(reply.model == "first/small");
  CHECK(reply.degraded == what.body.on_shortage);
}

TEST_CASE("where even the shortest prompt is too dear the call is refused",
          "[router][shortage]") {
  for (const auto left : {money{}, money{1}, money{1'000}}) {
    short_world it;
    it.leave(left);
    const auto asked =
        it.ask(tool_call_talk({shortage_step::compact, shortage_step::wrap_up,
                               shortage_step::compact}));
    CHECK(asked->code() == errc::budget_exhausted);
    CHECK(it.account().open_reservations == 0);
    CHECK(it.first->asked.empty());
  }
}

TEST_CASE("where tokens are short the prompt is cut as far as it goes",
          "[router][shortage]") {
  short_world it;
  open_account limits;
  limits.path = "t";
  limits.tokens_max = 5'000;
  it.world.tell(it.budget, protocol::request<open_account>{{}, limits});
  CHECK(it.reply_to(tool_call_talk({shortage_step::compact})).degraded
        == steps{shortage_step::compact});
}
