#include "support/actors/cascade_world.hpp"
#include "support/actors/show_result.hpp"

#include <stdexcept>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::shortage_step;
using protocol::tier;
using test::cascade_world;

namespace {

const protocol::model_reply& answer_in(const cascade_world::asked_reply& it) {
  return it->outcome.value().value().body;
}

std::string text_in(const cascade_world::asked_reply& it) {
  return text_of(answer_in(it).content);
}

} // namespace

TEST_CASE("a call whose cheap answer passes asks no dearer model",
          "[cascade]") {
  cascade_world it;
  const auto call = it.call();
  const auto asked = it.ask(call);
  CHECK(it.asked_of() == "1+1 0+0 0+0 ");
  const auto& reply = answer_in(asked);
  CHECK(text_of(reply.content) == "cheap answer");
  CHECK(reply.model == "cheap/model");
  CHECK(reply.escalations == 0);
  CHECK(reply.attempts == 2);
  CHECK(reply.cost == it.account().spent);
  CHECK(asked->answers == 1);
  CHECK((*asked->outcome)->head.correlation == call.head.message);
}

TEST_CASE("a call whose answers are not good enough ends at its own tier",
          "[cascade]") {
  cascade_world it;
  it.rating = "69";
  const auto asked = it.ask(it.call());
  CHECK(it.asked_of() == "1+2 1+0 1+0 ");
  CHECK(text_in(asked) == "dear answer");
  CHECK(answer_in(asked).escalations == 2);
  CHECK(answer_in(asked).cost == it.account().spent);
  CHECK(it.account().calls_made == 5);
}

TEST_CASE("a rating that cannot be read does not pass", "[cascade]") {
  cascade_world it;
  it.rating = "The answer is excellent: 100";
  CHECK(text_in(it.ask(it.call())) == "dear answer");
}

TEST_CASE("a call goes no higher than its own tier", "[cascade]") {
  cascade_world it;
  it.rating = "0";
  auto call = it.call();
  call.body.level = tier::advanced;
  CHECK(text_in(it.ask(call)) == "middle answer");
  CHECK(it.asked_of() == "1+1 1+0 0+0 ");
}

TEST_CASE("calls without a plan, and pinned ones, go to the router as they are",
          "[cascade]") {
  cascade_world it;
  auto plain = it.call();
  plain.body.terms.cascade.reset();
  it.providers[2]->deltas = {"de", "ar"};
  const auto first = it.ask(plain);
  CHECK(text_in(first) == "dear answer");
  CHECK(first->deltas.size() == 2);
  auto pinned = it.call();
  pinned.body.model = "middle/model";
  CHECK(text_in(it.ask(pinned)) == "middle answer");
  CHECK(it.asked_of() == "0+0 1+0 1+0 ");
}

TEST_CASE("a failure of a cheap model asks the next tier", "[cascade]") {
  cascade_world it;
  it.providers[0]->script = cascade_world::fails(errc::provider_unavailable);
  const auto asked = it.ask(it.call());
  // Its judge is a model of the lowest tier too: nobody can rate the answer.
  CHECK(text_in(asked) == "dear answer");
  CHECK(answer_in(asked).escalations == 2);
  auto by_form = it.call();
  by_form.body.terms.cascade->check = protocol::answer_check::form;
  CHECK(text_in(it.ask(by_form)) == "middle answer");
}

TEST_CASE("the failure of the last tier is the call's", "[cascade]") {
  cascade_world it;
  it.rating = "0";
  it.providers[2]->script = cascade_world::fails(errc::provider_timeout);
  const auto asked = it.ask(it.call());
  CHECK(asked->code() == errc::provider_timeout);
  CHECK(asked->answers == 1);
}

TEST_CASE("pieces of an answer are told when it is taken, as one; those of the "
          "last tier as they come",
          "[cascade]") {
  cascade_world it;
  it.providers[0]->deltas = {"chea", "p ans"}; // of one that streams unasked
  const auto call = it.call();
  const auto asked = it.ask(call);
  REQUIRE(asked->deltas.size() == 1);
  CHECK(asked->deltas[0].body.text == "cheap answer");
  CHECK(asked->deltas[0].head.correlation == call.head.message);
  it.rating = "0";
  it.providers[2]->deltas = {"dear", " answer"};
  const auto dear = it.ask(it.call());
  REQUIRE(dear->deltas.size() == 2);
  CHECK(dear->deltas[1].body.text == " answer");
  auto silent = it.call();
  silent.body.stream = false;
  CHECK(it.ask(silent)->deltas.empty());
}

TEST_CASE("a cheap model has half of the time, then the next is asked",
          "[cascade]") {
  cascade_world it;
  it.providers[0]->script = nullptr; // holds calls
  auto call = it.call();
  call.head.deadline = it.world.now() + 40s;
  const auto asked = it.ask(call);
  CHECK(it.providers[0]->asked[0].head.deadline == it.world.now() + 20s);
  it.world.advance(19s);
  CHECK(it.asked_of() == "1+0 0+0 0+0 ");
  it.world.advance(2s);
  CHECK(it.asked_of() == "1+1 1+0 0+0 "); // its judge is held as well
  it.world.advance(11s);
  CHECK(text_in(asked) == "dear answer");
  CHECK(it.world.now() < call.head.deadline);
}

TEST_CASE("a call whose models are all slow ends at its deadline",
          "[cascade]") {
  cascade_world it;
  for (auto& provider : it.providers)
    provider->script = nullptr;
  auto call = it.call();
  call.head.deadline = it.world.now() + 10s;
  const auto asked = it.ask(call);
  it.world.advance(14s);
  CHECK(asked->code() == errc::deadline_exceeded);
  CHECK(asked->answers == 1);
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("a cancel of the asker's scope ends its call at whatever step",
          "[cascade]") {
  for (const std::string held : {"question", "judge", "last"}) {
    cascade_world it;
    it.rating = "0";
    const auto is_held = [held](const test::provider_spy::ask& msg) {
      return held == (is_judge_call(msg.body) ? "judge" : "question");
    };
    const auto answers = it.answers("cheap answer");
    if (held == "last")
      it.providers[2]->script = nullptr;
    else
      it.providers[0]->script = [=](const test::provider_spy::ask& msg) {
        return is_held(msg) ? std::nullopt : answers(msg);
      };
    const auto call = it.call();
    const auto asked = it.ask(call);
    const auto before = it.asked_of();
    REQUIRE(asked->is_open());
    it.cancel({8, 8}); // somebody else's
    CHECK(asked->is_open());
    it.cancel(call.head.cancel_scope);
    CHECK(asked->code() == errc::cancelled);
    CHECK(it.asked_of() == before); // nothing is begun after it
    CHECK(it.account().open_reservations == 0);
  }
}

TEST_CASE("a cheap answer is given, and marked, when the money suffices for no "
          "better one and cheaper is allowed",
          "[cascade]") {
  cascade_world it;
  it.rating = "10";
  it.open_account({6'000'000}); // less than a call of the next tier may cost
  auto call = it.call();
  call.body.output_tokens_max = 1'000;
  call.body.on_shortage = {shortage_step::cheaper};
  const auto asked = it.ask(call);
  CHECK(it.asked_of() == "1+1 0+0 0+0 ");
  CHECK(text_in(asked) == "cheap answer");
  CHECK(answer_in(asked).degraded
        == std::vector<shortage_step>{shortage_step::cheaper});
  CHECK(answer_in(asked).cost == it.account().spent);
  CHECK(asked->deltas.size() == 1);
  auto strict = it.call();
  strict.body.output_tokens_max = 1'000;
  CHECK(it.ask(strict)->code() == errc::budget_exhausted);
}

TEST_CASE("a program's own verifier decides in place of a model", "[cascade]") {
  std::vector<std::string> seen;
  cascade_world it{[&](const auto&, const auto& reply) -> std::uint32_t {
    seen.push_back(text_of(reply.content));
    if (seen.back() == "cheap answer")
      throw std::runtime_error("a fault of the program");
    return 700;
  }};
  CHECK(text_in(it.ask(it.call())) == "middle answer");
  CHECK(seen == std::vector<std::string>{"cheap answer", "middle answer"});
  CHECK(it.asked_of() == "1+0 1+0 0+0 ");
  auto by_form = it.call();
  by_form.body.terms.cascade->check = protocol::answer_check::form;
  CHECK(text_in(it.ask(by_form)) == "cheap answer");
  CHECK(seen.size() == 2);
}

TEST_CASE("M1: calls with a plan beyond the most that may be open are refused",
          "[cascade]") {
  cascade_world it{{}, 2};
  it.providers[0]->script = nullptr;
  const auto one = it.ask(it.call());
  const auto two = it.ask(it.call());
  CHECK(it.ask(it.call())->code() == errc::overloaded);
  auto plain = it.call();
  plain.body.terms.cascade.reset();
  CHECK(text_in(it.ask(plain)) == "dear answer");
  it.providers[0]->release(0, test::reply_of("cheap answer"));
  it.world.run();
  it.providers[0]->release(2, test::reply_of("90")); // its judge
  it.world.run();
  CHECK(text_in(one) == "cheap answer");
  CHECK(it.ask(it.call())->is_open());
  CHECK(two->is_open());
}

TEST_CASE("calls that are open when the cascade ends are answered, and ended",
          "[cascade]") {
  cascade_world it;
  it.providers[0]->script = nullptr;
  const auto call = it.call();
  const auto asked = it.ask(call);
  it.world.end(it.cascade);
  CHECK(asked->code() == errc::unreachable);
  CHECK(it.providers[0]->cancelled
        == std::vector<protocol::id>{call.head.cancel_scope});
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("a router that dies fails the call", "[cascade]") {
  cascade_world it;
  it.providers[0]->script = nullptr;
  const auto asked = it.ask(it.call());
  it.world.end(it.router, caf::exit_reason::kill);
  CHECK(asked->code() == errc::unreachable);
  CHECK(asked->answers == 1);
}

TEST_CASE("what a judge is asked counts as untrusted, and is its asker's",
          "[cascade]") {
  cascade_world it;
  auto call = it.call();
  call.head.from = "writer";
  call.head.trace = {3, 3};
  (void)it.ask(call);
  REQUIRE(it.providers[0]->asked.size() == 2);
  const auto& judge = it.providers[0]->asked[1];
  CHECK(judge.head.content == protocol::taint::untrusted);
  CHECK(judge.head.trace == call.head.trace);
  CHECK(judge.head.cancel_scope == call.head.cancel_scope);
  CHECK(judge.body.account == "t/m/a");
  CHECK(it.providers[0]->asked[0].head.content == protocol::taint::trusted);
}
