#pragma once

#include "support/actors/spy.hpp"
#include "troupe/actors/answer_cache.hpp"

namespace troupe::test {

/// An answer cache before a router that a test answers for.
struct cache_world {
  using reply = protocol::response<protocol::model_reply>;
  using asked_reply = std::shared_ptr<asked<reply>>;

  explicit cache_world(actors::answer_limits limits = {},
                       std::size_t calls_max = 2'000) {
    actors::answer_cache_config config;
    config.router = router_handle;
    config.limits = limits;
    config.setting = "models of today";
    config.calls_max = calls_max;
    config.patience = std::chrono::seconds{60};
    config.clock = world.clock();
    cache = world.keep(spawn_answer_cache(world.system(), std::move(config)));
  }

  /// A call of its own scope, which no other has.
  protocol::request<protocol::model_call> call(std::string say = "Say hello.") {
    ++calls;
    protocol::request<protocol::model_call> ask;
    ask.head.message = {1, calls};
    ask.head.cancel_scope = {5, calls};
    ask.body.account = "t/m/a";
    ask.body.messages = {
        {protocol::chat_role::user, {protocol::text_part{std::move(say)}}}};
    return ask;
  }

  asked_reply ask(const protocol::request<protocol::model_call>& what) {
    return world.ask<reply>(cache, what);
  }

  /// Asks without a script, and answers the router's newest call.
  asked_reply ask_answered(const protocol::request<protocol::model_call>& what,
                           protocol::result<protocol::model_reply> with) {
    const auto before = router->held.size();
    auto it = ask(what);
    if (router->held.size() > before)
      release(before, std::move(with));
    return it;
  }

  void release(std::size_t at, protocol::result<protocol::model_reply> with) {
    router->release(at, std::move(with));
    world.run();
  }

  void cancel(protocol::id scope) {
    protocol::coordination<protocol::cancel> msg;
    msg.body = {scope, "enough"};
    world.tell(cache, msg);
  }

  /// A reply with a price.
  static protocol::model_reply priced(std::string text) {
    auto it = reply_of(std::move(text), 100, 50);
    it.model = "first/small";
    it.provider = "first";
    it.cost.nano_usd = 350'000;
    return it;
  }

  virtual_time world;
  std::shared_ptr<provider_spy> router = std::make_shared<provider_spy>();
  provider_spy::handle router_handle = spawn_spy(world, router);
  actors::router_actor cache;
  std::uint64_t calls = 0;
};

/// The answer that has come; fails the test when there is none.
inline const protocol::model_reply&
answer_in(const cache_world::asked_reply& it) {
  return it->outcome.value().value().body;
}

} // namespace troupe::test
