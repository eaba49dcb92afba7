#pragma once

#include "support/actors/router_world.hpp"

#include <map>

namespace troupe::test {

/// A router with a ledger and providers that answer as a table says.
struct models_world {
  using reply = protocol::response<protocol::model_reply>;
  using state = protocol::response<protocol::account_state>;

  explicit models_world(actors::router_config config) {
    for (const auto& model : config.models)
      if (config.providers.count(model.provider) == 0)
        config.providers[model.provider] = start(model.provider);
    config.budget = budget;
    config.counter = std::make_shared<protocol::token_estimator>();
    config.patience = std::chrono::seconds{60};
    config.clock = world.clock();
    router = world.keep(spawn_router(world.system(), std::move(config)));
    limit(protocol::money::max());
  }

  /// Each call is another one; `outcomes` are by the model's id, and what is
  /// not there answers "hello".
  std::shared_ptr<asked<reply>> ask(protocol::model_call body = {}) {
    protocol::request<protocol::model_call> ask;
    ask.head.message = {1, ++calls};
    ask.head.cancel_scope = {5, calls};
    ask.body = std::move(body);
    ask.body.account = "t/m/a";
    if (ask.body.messages.empty())
      ask.body.messages = {
          {protocol::chat_role::user, {protocol::text_part{"Say hello."}}}};
    return world.ask<reply>(router, ask);
  }

  void limit(protocol::money it) {
    protocol::request<protocol::open_account> msg;
    msg.body = {"t", it};
    world.tell(budget, msg);
  }

  protocol::account_state account() {
    protocol::request<protocol::describe_account> ask;
    ask.body.path = "t";
    return world.answer<state>(budget, ask).value().body;
  }

  /// What was asked since the last time.
  std::vector<std::string> order() { return std::exchange(asked_, {}); }

  virtual_time world;
  std::map<std::string, call_outcome> outcomes;
  std::map<std::string, std::shared_ptr<provider_spy>> spies;
  actors::budget_actor budget = world.keep(
      actors::spawn_budget_manager(world.system(), {world.clock(), 1}));
  actors::router_actor router;
  std::uint64_t calls = 0;

private:
  actors::provider_actor start(const std::string& name) {
    auto it = std::make_shared<provider_spy>();
    spies[name] = it;
    it->script = [this](const provider_spy::ask& msg) {
      const auto id = msg.body.model.substr(5); // behind "wire-"
      asked_.push_back(id);
      const auto found = outcomes.find(id);
      return found == outcomes.end() ? call_outcome{reply_of("hello")}
                                     : found->second;
    };
    return spawn_spy(world, it);
  }

  std::vector<std::string> asked_;
};

} // namespace troupe::test
