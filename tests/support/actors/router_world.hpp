#pragma once

#include "support/actors/spy.hpp"
#include "troupe/actors/billing.hpp"
#include "troupe/actors/router.hpp"

namespace troupe::test {

/// What a scripted provider does; none: it holds the call.
using call_outcome = std::optional<protocol::result<protocol::model_reply>>;

/// A script that does the same for every call.
inline auto answering(const call_outcome& with) {
  return [with](const provider_spy::ask&) {
    return with;
  };
}

/// A router with a ledger and two providers, each of one model: first/small,
/// which is cheaper, and second/big.
struct router_world {
  using reply = protocol::response<protocol::model_reply>;
  using state = protocol::response<protocol::account_state>;

  explicit router_world(std::uint32_t attempts_max = 3,
                        std::size_t calls_max = 100,
                        std::map<std::string, actors::rate_limits> rates = {},
                        actors::router_config config = {},
                        protocol::tier second_level = protocol::tier::basic) {
    config.models = {model_of("first/small", protocol::tier::basic, 1, 5),
                     model_of("second/big", second_level, 2, 10)};
    config.providers = {{"first", first_handle},
                        {"second", spawn_spy(world, second)}};
    config.budget = budget;
    config.counter = std::make_shared<protocol::token_estimator>();
    config.attempts_max = attempts_max;
    config.calls_max = calls_max;
    config.rates = std::move(rates);
    config.patience = std::chrono::seconds{60};
    config.clock = world.clock();
    router = world.keep(spawn_router(world.system(), std::move(config)));
    open_account(protocol::money::max());
  }

  static protocol::request<protocol::model_call> call() {
    protocol::request<protocol::model_call> ask;
    ask.head.message = {1, 1};
    ask.head.cancel_scope = {5, 5};
    ask.body.account = "t/m/a";
    ask.body.messages = {
        {protocol::chat_role::user, {protocol::text_part{"Say hello."}}}};
    return ask;
  }

  std::shared_ptr<asked<reply>>
  ask(const protocol::request<protocol::model_call>& what) {
    return world.ask<reply>(router, what);
  }

  void cancel(protocol::id scope) {
    protocol::coordination<protocol::cancel> msg;
    msg.body = {scope, "enough"};
    world.tell(router, msg);
  }

  void open_account(protocol::money limit) {
    protocol::request<protocol::open_account> msg;
    msg.body = {"t", limit};
    world.tell(budget, msg);
  }

  protocol::account_state account() {
    protocol::request<protocol::describe_account> ask;
    ask.body.path = "t";
    return world.answer<state>(budget, ask).value().body;
  }

  /// A call for which every provider fails with `code`.
  void router_ends_with(protocol::errc code) {
    const auto failing = [code](const provider_spy::ask&) {
      return std::optional{protocol::result<protocol::model_reply>{
          protocol::fail(code, "as told")}};
    };
    first->script = failing;
    second->script = failing;
    ask(call());
  }

  virtual_time world;
  std::shared_ptr<provider_spy> first = std::make_shared<provider_spy>();
  std::shared_ptr<provider_spy> second = std::make_shared<provider_spy>();
  actors::provider_actor first_handle = spawn_spy(world, first);
  actors::budget_actor budget = world.keep(
      actors::spawn_budget_manager(world.system(), {world.clock(), 1}));
  actors::router_actor router;
};

} // namespace troupe::test
