#include "support/actors/router_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "troupe/actors/model_policy.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using protocol::tier;
using test::model_of;
using test::router_world;

namespace {

constexpr std::size_t small = 0;
constexpr std::size_t big = 1;

std::vector<protocol::model_spec> two_models() {
  return {model_of("first/small", tier::basic, 1, 5),
          model_of("second/big", tier::basic, 2, 10)};
}

/// Calls one after another, each judged as `quality` says of its model.
/// Returns how many of the last hundred went to the big one.
template <class Quality>
int big_ones(model_policy& policy, int calls, Quality quality) {
  int count = 0;
  for (int i = 0; i < calls; ++i) {
    protocol::header head;
    head.message = {7, static_cast<std::uint64_t>(i) + 1};
    head.conversation = head.message;
    model_need need;
    need.prompt_tokens = 1'000;
    need.output_tokens = 1'000;
    std::vector<std::size_t> chosen{small, big};
    policy.order(chosen, head, router_world::call().body, need);
    REQUIRE(chosen.size() == 2);
    REQUIRE(chosen[0] != chosen[1]);
    const auto model = chosen.front();
    policy.answered(head.message, model,
                    {model == small ? 6'000'000 : 12'000'000});
    policy.judge(head.message, quality(model));
    count += i >= calls - 100 && model == big ? 1 : 0;
  }
  return count;
}

std::uint32_t only_big_is_good(std::size_t model) {
  return model == big ? 1'000 : 100;
}

} // namespace

TEST_CASE("the model whose answers are judged better is learned to go first",
          "[learned_policy]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    const auto policy = make_learned_policy({two_models(), {}, {}, seed});
    CHECK(big_ones(*policy, 300, only_big_is_good) > 90);
  }
}

TEST_CASE("a limit of what a call may cost keeps the better model for some",
          "[learned_policy]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    const auto policy =
        make_learned_policy({two_models(), {7'000'000}, {}, seed});
    CHECK(big_ones(*policy, 2'000, only_big_is_good) < 60);
  }
}

TEST_CASE("the turns of a conversation draw alike", "[learned_policy]") {
  const auto policy = make_learned_policy({two_models(), {}, {}, 3});
  for (std::uint64_t talk = 1; talk <= 50; ++talk) {
    protocol::header head;
    head.conversation = {talk, talk};
    std::vector<std::size_t> before{small, big};
    policy->order(before, head, router_world::call().body, {});
    auto later = router_world::call().body;
    later.messages.push_back(
        {protocol::chat_role::assistant, {protocol::text_part{"Yes."}}});
    std::vector<std::size_t> after{small, big};
    policy->order(after, head, later, {});
    CHECK(before == after);
  }
}

TEST_CASE("judgements of calls that nobody knows change nothing",
          "[learned_policy]") {
  const auto policy = make_learned_policy({two_models(), {}, {}, 1});
  policy->judge({1, 2}, 0);
  policy->answered({1, 2}, big, {5});
  protocol::header head;
  head.message = {1, 3};
  std::vector<std::size_t> chosen{small};
  policy->order(chosen, head, {}, {});
  policy->judge(head.message, 4'000'000'000); // nobody has answered it
  CHECK(chosen == std::vector<std::size_t>{small});
  std::vector<std::size_t> none;
  policy->order(none, head, {}, {});
  CHECK(none.empty());
}

TEST_CASE("a router with a policy asks the model that it puts first",
          "[learned_policy][router]") {
  router_world it;
  router_config config;
  config.models = two_models();
  config.providers = {{"first", it.first_handle},
                      {"second", test::spawn_spy(it.world, it.second)}};
  config.budget = it.budget;
  config.counter = std::make_shared<protocol::token_estimator>();
  config.clock = it.world.clock();
  config.policy = make_learned_policy({config.models, {}, {}, 1});
  big_ones(*config.policy, 300, only_big_is_good);
  const auto policy = config.policy;
  it.router = it.world.keep(spawn_router(it.world.system(), config));
  it.second->script =
      test::answering(test::call_outcome{test::reply_of("Yes.")});
  it.ask(router_world::call());
  CHECK(it.second->asked.size() == 1);
  CHECK(it.first->asked.empty());
}

namespace {

using judged = protocol::response<protocol::answer_judged>;

/// A router that learns, or one that does not.
struct judged_router : router_world {
  explicit judged_router(bool learns = true)
      : router_world(3, 100, {}, with_policy(learns)) {
    const test::call_outcome hello{test::reply_of("Hello.")};
    first->script = second->script = test::answering(hello);
  }

  static router_config with_policy(bool learns) {
    router_config config;
    if (learns)
      config.policy = make_learned_policy({two_models(), {}, {}, 1});
    return config;
  }

  protocol::result<std::string> judge(protocol::id call,
                                      std::uint32_t quality = 700) {
    protocol::request<protocol::judge_answer> msg;
    msg.head.message = {2, ++said};
    msg.body = {call, quality};
    const auto told = world.ask<judged>(router, msg);
    REQUIRE(told->outcome);
    if (!*told->outcome)
      return told->outcome->error();
    return (*told->outcome)->body.model;
  }

  std::uint64_t said = 0;
};

} // namespace

TEST_CASE("who judges an answer learns which model had given it, once",
          "[learned_policy][router]") {
  judged_router it;
  const auto call = router_world::call();
  const auto answer = it.ask(call);
  const auto model = it.judge(call.head.message);
  REQUIRE(model);
  CHECK(*model == (*answer->outcome)->body.model);
  CHECK(it.judge(call.head.message).error().code
        == protocol::errc::invalid_request);
}

TEST_CASE("what cannot be a judgement of an answer is refused",
          "[learned_policy][router]") {
  judged_router it;
  const auto call = router_world::call().head.message;
  CHECK(it.judge(call).error().code == protocol::errc::invalid_request);
  CHECK(it.judge({}).error().code == protocol::errc::invalid_request);
  it.ask(router_world::call());
  CHECK(it.judge(call, 1'001).error().code == protocol::errc::invalid_request);
  CHECK(it.judge(call, 1'000)); // the bad one had not used it up
}

TEST_CASE("a router that does not learn says so to who judges",
          "[learned_policy][router]") {
  judged_router it{false};
  it.ask(router_world::call());
  const auto said = it.judge(router_world::call().head.message);
  REQUIRE_FALSE(said);
  CHECK(said.error().code == protocol::errc::invalid_request);
  CHECK(said.error().detail.find("routing.learning") != std::string::npos);
}
