// Where a router sends calls that have failed at a model.
#include "support/actors/models_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::tier;
using protocol::test::random_source;
using test::model_of;
using test::models_world;

namespace {

using ids = std::vector<std::string>;

test::call_outcome failing(errc code) {
  return protocol::fail(code, "as told");
}

test::call_outcome refusal(std::uint64_t output = 5) {
  auto it = test::reply_of("I would rather not.", 10, output);
  it.stop = protocol::stop_reason::refusal;
  return it;
}

/// Four models of four providers, from cheap to dear.
router_config with(std::map<std::string, fallback_lists> fallbacks,
                   std::uint32_t attempts_max = 10) {
  router_config config;
  config.models = {model_of("a/1", tier::basic, 1, 5),
                   model_of("b/2", tier::basic, 2, 10),
                   model_of("c/3", tier::advanced, 3, 15),
                   model_of("d/4", tier::expert, 4, 20)};
  config.fallbacks = std::move(fallbacks);
  config.attempts_max = attempts_max;
  return config;
}

using asked_call = std::shared_ptr<test::asked<models_world::reply>>;

protocol::model_reply good(const asked_call& asked) {
  REQUIRE(asked->answers == 1);
  REQUIRE(asked->outcome->has_value());
  return (*asked->outcome)->body;
}

} // namespace

TEST_CASE("a chain comes in place of the other models that fit", "[router]") {
  models_world it{with({{"a/1", {{"d/4", "c/3"}, {}, {}}}})};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  it.outcomes["d/4"] = failing(errc::provider_rejected);
  CHECK(good(it.ask()).model == "c/3");
  CHECK(it.order() == ids{"a/1", "d/4", "c/3"});
  it.outcomes["c/3"] = failing(errc::provider_rejected);
  CHECK(it.ask()->code() == errc::provider_rejected);
  CHECK(it.order() == ids{"a/1", "d/4", "c/3"}); // b/2 is not asked
}

TEST_CASE("without a chain for it a call goes on as ever", "[router]") {
  models_world it{with({{"c/3", {{"a/1"}, {"a/1"}, {"a/1"}}}})};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  it.outcomes["b/2"] = failing(errc::context_too_long);
  it.outcomes["c/3"] = failing(errc::provider_rejected);
  CHECK(good(it.ask()).model == "d/4"); // a/1 has had its turn
  CHECK(it.order() == ids{"a/1", "b/2", "c/3", "d/4"});
}

TEST_CASE("each class of failures goes its own way", "[router]") {
  models_world it{with({{"basic", {{"b/2"}, {"c/3"}, {"d/4"}}}})};
  it.outcomes["a/1"] = failing(errc::context_too_long);
  CHECK(good(it.ask()).model == "c/3");
  it.outcomes["a/1"] = failing(errc::content_refused);
  CHECK(good(it.ask()).model == "d/4");
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  CHECK(good(it.ask()).model == "b/2");
}

TEST_CASE("a refusal ends the call where no chain is for it", "[router]") {
  models_world it{with({{"a/1", {{"b/2"}, {"b/2"}, {}}}})};
  it.outcomes["a/1"] = failing(errc::content_refused);
  CHECK(it.ask()->code() == errc::content_refused);
  it.outcomes["a/1"] = refusal();
  CHECK(good(it.ask()).stop == protocol::stop_reason::refusal);
  CHECK(it.order() == ids{"a/1", "a/1"});
}

TEST_CASE("a model that declines is left for the next, and is paid",
          "[router]") {
  models_world it{with({{"a/1", {{}, {}, {"b/2", "c/3"}}}})};
  it.outcomes["a/1"] = refusal();
  it.outcomes["b/2"] = refusal();
  const auto reply = good(it.ask());
  CHECK(reply.model == "c/3");
  CHECK(reply.attempts == 3);
  CHECK(reply.used.input == 30);
  CHECK(reply.used.output == 15);
  CHECK(it.account().spent == reply.cost);
  CHECK(it.account().reserved == money{});
}

TEST_CASE("when all decline the first refusal is the answer", "[router]") {
  models_world it{with({{"a/1", {{}, {}, {"b/2", "c/3"}}}})};
  it.outcomes["a/1"] = refusal();
  it.outcomes["b/2"] = refusal();
  it.outcomes["c/3"] = GENERATE(failing(errc::provider_rejected),
                                failing(errc::content_refused));
  const auto reply = good(it.ask());
  CHECK(reply.model == "a/1");
  CHECK(reply.stop == protocol::stop_reason::refusal);
  CHECK(reply.attempts == 3);
  CHECK(it.account().spent == reply.cost + it.account().unknown);
}

TEST_CASE("a refusal of which a piece is told stays the answer", "[router]") {
  models_world it{with({{"a/1", {{}, {}, {"b/2"}}}})};
  it.spies["a"]->deltas = {"I would"};
  it.outcomes["a/1"] = std::nullopt; // held, so that the piece comes first
  const auto asked = it.ask();
  REQUIRE(asked->deltas.size() == 1);
  it.spies["a"]->release(0, *refusal());
  it.world.run();
  CHECK(good(asked).model == "a/1");
}

TEST_CASE("each hop must have what the call asks for", "[router]") {
  auto config = with({{"a/1", {{"b/2", "c/3", "d/4"}, {}, {}}}});
  config.models[0].skills = {"tools", "vision"};
  config.models[1].skills = {"vision"};
  config.models[2].skills = {"tools", "vision"};
  config.models[3].skills = {"tools", "vision"};
  config.models[0].regions = {"eu"};
  config.models[1].regions = {"eu"};
  config.models[2].regions = {"us"};
  config.models[3].regions = {"eu"};
  models_world it{std::move(config)};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  protocol::model_call body;
  body.tools = {{.name = "look"}};
  body.terms.skills = {"vision"};
  body.terms.regions = {"eu"};
  CHECK(good(it.ask(body)).model == "d/4");
  CHECK(it.order() == ids{"a/1", "d/4"});
}

TEST_CASE("a pinned call leaves its model only by that model's own chain",
          "[router]") {
  models_world it{
      with({{"a/1", {{"d/4"}, {}, {}}}, {"basic", {{"c/3"}, {}, {}}}})};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  it.outcomes["b/2"] = failing(errc::provider_rejected);
  protocol::model_call body;
  body.model = "a/1";
  CHECK(good(it.ask(body)).model == "d/4");
  body.model = "b/2";
  CHECK(it.ask(body)->code() == errc::provider_rejected);
  CHECK(it.order() == ids{"a/1", "d/4", "b/2"});
}

TEST_CASE("chains of a circle end", "[router]") {
  models_world it{
      with({{"a/1", {{"b/2"}, {}, {}}}, {"b/2", {{"a/1"}, {}, {}}}})};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  it.outcomes["b/2"] = failing(errc::provider_rejected);
  CHECK(it.ask()->code() == errc::provider_rejected);
  CHECK(it.order() == ids{"a/1", "b/2"});
}

TEST_CASE("the most attempts hold over chains too", "[router]") {
  models_world it{with({{"a/1", {{"b/2", "c/3", "d/4"}, {}, {"b/2"}}}}, 2)};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  it.outcomes["b/2"] = failing(errc::provider_rejected);
  const auto asked = it.ask();
  REQUIRE(asked->code() == errc::provider_rejected);
  CHECK(asked->outcome->error().retries_spent);
  CHECK(it.order() == ids{"a/1", "b/2"});
}

TEST_CASE("a model of a chain that is too dear is passed over", "[router]") {
  models_world it{with({{"a/1", {{"d/4", "b/2"}, {}, {}}}})};
  it.outcomes["a/1"] = failing(errc::provider_rejected);
  protocol::model_call body;
  body.output_tokens_max = 1'000;
  it.limit(money{15'000'000}); // for 1,000 tokens of b/2, not of d/4
  CHECK(good(it.ask(body)).model == "b/2");
  CHECK(it.order() == ids{"a/1", "b/2"});
  it.limit(money{8'000'000});
  CHECK(it.ask(body)->code() == errc::budget_exhausted);
}

TEST_CASE("what may work later is tried again behind the chain", "[router]") {
  models_world it{with({{"a/1", {{"d/4"}, {}, {}}}})};
  it.outcomes["a/1"] = failing(errc::provider_unavailable);
  it.outcomes["d/4"] = failing(errc::provider_rejected);
  const auto asked = it.ask();
  CHECK(it.order() == ids{"a/1", "d/4"});
  it.outcomes.erase("a/1");
  it.world.advance(1s);
  CHECK(good(asked).model == "a/1");
}

TEST_CASE("a cancelled call goes nowhere", "[router]") {
  models_world it{with({{"a/1", {{"b/2"}, {}, {"b/2"}}}})};
  it.outcomes["a/1"] = std::nullopt;
  const auto asked = it.ask();
  protocol::coordination<protocol::cancel> msg;
  msg.body = {{5, it.calls}, "enough"};
  it.spies["a"]->confirms_cancel = false;
  it.world.tell(it.router, msg);
  it.spies["a"]->release(0, *refusal());
  it.world.run();
  CHECK(asked->answers == 1);
  CHECK(it.order() == ids{"a/1"});
  CHECK(it.account().open_reservations == 0);
}

TEST_CASE("with any chains a call asks each model once and pays what it used",
          "[router]") {
  const std::vector<test::call_outcome> kinds{
      test::reply_of("hello"), refusal(), failing(errc::provider_rejected),
      failing(errc::context_too_long), failing(errc::content_refused)};
  const ids names{"a/1", "b/2", "c/3", "d/4", "basic", "expert"};
  std::size_t answered = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    std::map<std::string, fallback_lists> said;
    for (const auto& of : names)
      for (auto list :
           {&fallback_lists::general, &fallback_lists::context_window,
            &fallback_lists::content_policy})
        for (std::size_t i = 0; i < source.below(3); ++i)
          (said[of].*list).push_back(names[source.below(4)]);
    const auto most = static_cast<std::uint32_t>(1 + source.below(5));
    models_world it{with(std::move(said), most)};
    for (std::size_t i = 0; i < 4; ++i)
      it.outcomes[names[i]] = kinds[source.below(kinds.size())];
    const auto asked = it.ask();
    REQUIRE(asked->answers == 1);
    const auto order = it.order();
    REQUIRE(order.size() <= most);
    REQUIRE(std::set<std::string>(order.begin(), order.end()).size()
            == order.size());
    const auto books = it.account();
    REQUIRE(books.open_reservations == 0);
    if (!asked->outcome->has_value())
      continue;
    ++answered;
    const auto& reply = (*asked->outcome)->body;
    REQUIRE(reply.attempts == order.size());
    REQUIRE(books.spent == reply.cost + books.unknown);
  }
  CHECK(answered > 100);
}
