#pragma once

#include "support/actors/router_world.hpp"

namespace troupe::test {

/// A router that knows how long first/small takes: 100 ms to a first piece and
/// to the end. Calls may have a second one beside them.
struct hedge_world : router_world {
  using asked_call = std::shared_ptr<asked<reply>>;
  using outcome = protocol::result<protocol::model_reply>;

  static constexpr std::chrono::milliseconds usual{100};
  /// Later than 950 of a thousand.
  static constexpr std::chrono::milliseconds slow{250};

  explicit hedge_world(actors::router_config config = {},
                       std::map<std::string, actors::rate_limits> rates = {})
      : router_world(3, 1'000, std::move(rates), std::move(config)) {}

  static protocol::request<protocol::model_call> hedged(std::uint64_t number) {
    auto what = call();
    what.head.message = {1, number};
    what.head.cancel_scope = {5, number};
    what.body.terms.hedge = true;
    what.body.output_tokens_max = 100;
    return what;
  }

  asked_call ask_next() { return ask(hedged(++calls)); }

  /// So many calls that take as long as usual.
  void learn(int count = 20) {
    for (int i = 0; i < count; ++i) {
      auto what = hedged(++calls);
      what.body.model = "first/small";
      ask(what);
      const auto at = first->held.size() - 1;
      world.advance(usual);
      answer(*first, at, reply_of("hello", 10, 5));
    }
  }

  void answer(provider_spy& who, std::size_t at, outcome with) {
    who.release(at, std::move(with));
    world.run();
  }

  /// A piece of an answer to the call that came there as number `at`.
  void tell_piece(const provider_spy& who, std::size_t at,
                  const std::string& text) {
    const auto& head = who.asked.at(at).head;
    world.tell(router, protocol::notification<protocol::model_delta>{
                           answer_to(head, head.message), {text}});
  }

  std::uint64_t calls = 100;
};

} // namespace troupe::test
