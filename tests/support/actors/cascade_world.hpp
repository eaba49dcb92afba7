#pragma once

#include "judge_prompt.hpp"
#include "support/actors/spy.hpp"
#include "troupe/actors/cascade.hpp"

#include <array>

namespace troupe::test {

/// A cascade before a router with a ledger and a scripted model of each tier:
/// cheap/model, middle/model, dear/model, which cost 1, 10 and 100 dollars for
/// a million tokens.
struct cascade_world {
  using reply = protocol::response<protocol::model_reply>;
  using asked_reply = std::shared_ptr<asked<reply>>;
  using script =
      std::function<std::optional<protocol::result<protocol::model_reply>>(
          const provider_spy::ask&)>;

  explicit cascade_world(
      actors::answer_verifier verifier = {}, std::size_t calls_max = 100,
      std::shared_ptr<actors::model_policy> policy = nullptr) {
    actors::router_config config;
    config.models = models();
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& name = config.models[i].provider;
      config.providers.emplace(name, spawn_spy(world, providers[i]));
      providers[i]->script = answers(name + " answer");
    }
    config.budget = budget;
    config.counter = std::make_shared<protocol::token_estimator>();
    config.attempts_max = 1;
    config.policy = std::move(policy);
    config.patience = std::chrono::seconds{60};
    config.clock = world.clock();
    router = world.keep(spawn_router(world.system(), std::move(config)));
    actors::cascade_config to;
    to.router = router;
    to.models = models();
    to.verifier = std::move(verifier);
    to.calls_max = calls_max;
    to.patience = std::chrono::seconds{60};
    to.clock = world.clock();
    to.seed = 7;
    cascade = world.keep(spawn_cascade(world.system(), std::move(to)));
    open_account(protocol::money::max());
  }

  static std::vector<protocol::model_spec> models() {
    using protocol::tier;
    return {model_of("cheap/model", tier::basic, 1, 1),
            model_of("middle/model", tier::advanced, 10, 10),
            model_of("dear/model", tier::expert, 100, 100)};
  }

  /// Answers each question with that text, each judge with `rating`.
  script answers(const std::string& text) {
    return [this, text](const provider_spy::ask& msg) {
      return std::optional{protocol::result<protocol::model_reply>{
          reply_of(actors::is_judge_call(msg.body) ? rating : text)}};
    };
  }

  static script fails(protocol::errc code) {
    return [code](const provider_spy::ask&) {
      return std::optional{protocol::result<protocol::model_reply>{
          protocol::fail(code, "as told")}};
    };
  }

  /// A call of the expert tier with a plan from the basic one.
  protocol::request<protocol::model_call> call() {
    ++calls;
    protocol::request<protocol::model_call> ask;
    ask.head.message = {1, calls};
    ask.head.cancel_scope = {5, calls};
    ask.body.level = protocol::tier::expert;
    ask.body.account = "t/m/a";
    ask.body.output_tokens_max = 100;
    ask.body.messages = {
        {protocol::chat_role::user, {protocol::text_part{"Say hello."}}}};
    ask.body.terms.cascade = protocol::cascade_plan{};
    return ask;
  }

  asked_reply ask(const protocol::request<protocol::model_call>& what) {
    return world.ask<reply>(cascade, what);
  }

  void cancel(protocol::id scope) {
    protocol::coordination<protocol::cancel> msg;
    msg.body = {scope, "enough"};
    world.tell(cascade, msg);
  }

  void open_account(protocol::money limit) {
    protocol::request<protocol::open_account> msg;
    msg.body = {"t", limit};
    world.tell(budget, msg);
  }

  protocol::account_state account() {
    protocol::request<protocol::describe_account> ask;
    ask.body.path = "t";
    return world
        .answer<protocol::response<protocol::account_state>>(budget, ask)
        .value()
        .body;
  }

  /// Who was asked so far, in any order of time: questions, then judges.
  [[nodiscard]] std::string asked_of() const {
    std::string all;
    for (const auto& provider : providers) {
      std::size_t judges = 0;
      for (const auto& it : provider->asked)
        judges += actors::is_judge_call(it.body) ? 1U : 0U;
      all += std::to_string(provider->asked.size() - judges) + "+"
             + std::to_string(judges) + " ";
    }
    return all;
  }

  virtual_time world;
  std::array<std::shared_ptr<provider_spy>, 3> providers{
      std::make_shared<provider_spy>(), std::make_shared<provider_spy>(),
      std::make_shared<provider_spy>()};
  std::string rating = "90"; ///< What judges say.
  actors::budget_actor budget = world.keep(
      actors::spawn_budget_manager(world.system(), {world.clock(), 1}));
  actors::router_actor router;
  actors::router_actor cascade;
  std::uint64_t calls = 0;
};

} // namespace troupe::test
