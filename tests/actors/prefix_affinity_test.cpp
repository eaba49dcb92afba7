#include "prefix_affinity.hpp"
#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::instant;
using protocol::tier;
using test::model_of;
using test::router_world;

namespace {

constexpr std::size_t cheap = 0;
constexpr std::size_t dear = 1;
const instant start{std::chrono::hours{1}};

/// The dear one asks a tenth for what it reads from its cache.
std::vector<protocol::model_spec> two_models() {
  std::vector<protocol::model_spec> all{model_of("p/cheap", tier::basic, 1, 5),
                                        model_of("p/dear", tier::basic, 2, 6)};
  all[dear].prices.front().cache_read = {200'000'000};
  all[dear].prices.front().cache_write = {2'500'000'000};
  return all;
}

protocol::model_call call_of(const std::string& text) {
  protocol::model_call call;
  call.account = "tenant/run/task";
  call.messages = {{protocol::chat_role::user, {protocol::text_part{text}}}};
  return call;
}

/// With the first message as it was, and an answer and a question behind it.
protocol::model_call next_turn(protocol::model_call call) {
  call.messages.push_back(
      {protocol::chat_role::assistant, {protocol::text_part{"Yes."}}});
  call.messages.push_back(
      {protocol::chat_role::user, {protocol::text_part{"And?"}}});
  return call;
}

model_need need_of(std::uint64_t prompt) {
  model_need need;
  need.prompt_tokens = prompt;
  need.output_tokens = 100;
  return need;
}

protocol::usage wrote(std::uint64_t tokens) {
  protocol::usage used;
  used.cache_write = tokens;
  return used;
}

std::size_t first_of(const prefix_affinity& affinity,
                     const protocol::model_call& call, std::uint64_t prompt,
                     instant now) {
  std::vector<std::size_t> chosen{cheap, dear};
  affinity.prefer(chosen, call, need_of(prompt), now);
  REQUIRE(chosen.size() == 2);
  return chosen.front();
}

} // namespace

TEST_CASE("a conversation stays with the model that keeps its prefix",
          "[prefix_affinity]") {
  const auto models = two_models();
  prefix_affinity affinity{models};
  const auto call = call_of("Read this.");
  CHECK(first_of(affinity, call, 10'000, start) == cheap);
  affinity.note(call, dear, wrote(9'000), start);
  CHECK(first_of(affinity, next_turn(call), 10'000, start) == dear);
}

TEST_CASE("a conversation moves when the saving is worth the loss",
          "[prefix_affinity]") {
  const auto models = two_models();
  prefix_affinity affinity{models};
  const auto call = call_of("Read this.");
  affinity.note(call, dear, wrote(1'000), start);
  CHECK(first_of(affinity, next_turn(call), 1'000, start) == dear);
  CHECK(first_of(affinity, next_turn(call), 100'000, start) == cheap);
}

TEST_CASE("a prefix is forgotten five minutes after the last answer",
          "[prefix_affinity]") {
  const auto models = two_models();
  prefix_affinity affinity{models};
  const auto call = call_of("Read this.");
  affinity.note(call, dear, wrote(9'000), start);
  CHECK(first_of(affinity, call, 10'000, start + 299s) == dear);
  CHECK(first_of(affinity, call, 10'000, start + 300s) == cheap);
  affinity.note(call, dear, wrote(9'000), start + 299s);
  CHECK(first_of(affinity, call, 10'000, start + 500s) == dear);
}

TEST_CASE("another conversation, and another tenant, share no prefix",
          "[prefix_affinity]") {
  const auto models = two_models();
  prefix_affinity affinity{models};
  const auto call = call_of("Read this.");
  affinity.note(call, dear, wrote(9'000), start);
  CHECK(first_of(affinity, call_of("Read that."), 10'000, start) == cheap);
  auto other = call;
  other.account = "other/run/task";
  CHECK(first_of(affinity, other, 10'000, start) == cheap);
  other = call;
  other.system = "You are a poet.";
  CHECK(first_of(affinity, other, 10'000, start) == cheap);
}

TEST_CASE("a model that says nothing of its cache is expected to keep long "
          "prompts only where that is free",
          "[prefix_affinity]") {
  auto models = two_models();
  const auto call = call_of("Read this.");
  protocol::usage plain;
  plain.input = 9'000;
  prefix_affinity asked{models};
  asked.note(call, dear, plain, start);
  CHECK(first_of(asked, call, 10'000, start) == cheap);
  models[dear].prices.front().cache_write = {};
  prefix_affinity free{models};
  plain.input = 1'000;
  free.note(call, dear, plain, start);
  CHECK(first_of(free, call, 10'000, start) == cheap);
  plain.input = 9'000;
  free.note(call, dear, plain, start);
  CHECK(first_of(free, call, 10'000, start) == dear);
}

TEST_CASE("a model that may not be chosen is not preferred",
          "[prefix_affinity]") {
  const auto models = two_models();
  prefix_affinity affinity{models};
  const auto call = call_of("Read this.");
  affinity.note(call, dear, wrote(9'000), start);
  std::vector<std::size_t> chosen{cheap};
  affinity.prefer(chosen, call, need_of(10'000), start);
  CHECK(chosen == std::vector<std::size_t>{cheap});
}

TEST_CASE("no more than so many conversations are kept, the oldest given up",
          "[prefix_affinity]") {
  const auto models = two_models();
  prefix_affinity affinity{models};
  for (std::size_t i = 0; i <= prefix_affinity::kept_max; ++i)
    affinity.note(call_of(std::to_string(i)), dear, wrote(9'000), start);
  CHECK(affinity.size() == prefix_affinity::kept_max);
  CHECK(first_of(affinity, call_of("0"), 10'000, start) == cheap);
  CHECK(first_of(affinity, call_of("1"), 10'000, start) == dear);
  affinity.note(call_of("never"), dear, {}, start);
  CHECK(affinity.size() == prefix_affinity::kept_max);
}

TEST_CASE("after a fallback the router stays where the prefix is cached",
          "[prefix_affinity][router]") {
  router_world it;
  auto models = two_models();
  models[cheap].provider = "first";
  models[dear].provider = "second";
  router_config config;
  config.models = models;
  config.providers = {{"first", it.first_handle},
                      {"second", test::spawn_spy(it.world, it.second)}};
  config.budget = it.budget;
  config.counter = std::make_shared<protocol::token_estimator>();
  config.clock = it.world.clock();
  it.router = it.world.keep(spawn_router(it.world.system(), config));
  auto cached = test::reply_of("Yes.");
  cached.used = wrote(9'000);
  it.first->script = test::answering(test::call_outcome{
      protocol::fail(protocol::errc::provider_rejected, "no")});
  it.second->script = test::answering(test::call_outcome{cached});
  auto call = router_world::call();
  call.body = call_of(std::string(40'000, 'x'));
  it.ask(call);
  REQUIRE(it.second->asked.size() == 1);
  it.first->script = it.second->script;
  call.body = next_turn(call.body);
  call.head.message = {1, 2};
  it.ask(call);
  CHECK(it.second->asked.size() == 2);
  CHECK(it.first->asked.size() == 1);
}
