#pragma once

#include "support/virtual_time.hpp"
#include "troupe/actors/state_store.hpp"
#include "troupe/actors/state_view.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::test {

/// What a follower has been sent.
struct follower_notes {
  actors::state_view view;
  std::vector<const protocol::state_update*> updates;
  std::size_t resyncs = 0;
  std::size_t gaps = 0;
  bool is_broken = false;
  bool saw_untrusted = false;
  std::vector<std::string> log; ///< Of one that subscribes by itself.

  [[nodiscard]] std::size_t messages() const {
    return updates.size() + resyncs + gaps;
  }
  template <class Message>
  void take(const Message& it) {
    is_broken |= view.apply(it.body) == actors::view_step::broken;
    saw_untrusted |= it.head.content == protocol::taint::untrusted;
  }
};

/// A state store in virtual time, with followers.
struct state_world {
  using written = protocol::response<protocol::state_written>;
  using value = protocol::response<protocol::state_value>;
  using subscribed = protocol::response<protocol::state_subscribed>;

  explicit state_world(actors::state_limits limits = {},
                       std::shared_ptr<actors::state_mark> mark = {})
      : store(world.keep(actors::spawn_state_store(
          world.system(), {limits, world.clock(), 1, std::move(mark)}))) {}

  protocol::result<written> write(std::vector<protocol::state_write> changes,
                                  protocol::header head = {}) {
    return world.answer<written>(
        store, protocol::request<protocol::write_state>{std::move(head),
                                                        {std::move(changes)}});
  }
  protocol::result<written> put(std::string key, std::string json,
                                protocol::duration ttl = {}) {
    return write({{std::move(key),
                   protocol::state_operation::put,
                   {},
                   std::move(json),
                   ttl}});
  }
  protocol::result<value> read(std::string key, std::uint64_t at_least = 0) {
    return world.answer<value>(store, protocol::request<protocol::read_state>{
                                          {}, {std::move(key), at_least}});
  }
  actors::state_follower_actor
  follower(const std::shared_ptr<follower_notes>& notes) {
    return world.keep(world.system().spawn(
        [notes]() -> actors::state_follower_actor::behavior_type {
          return {
              [notes](const protocol::state_update& it) {
                notes->updates.push_back(&it);
                notes->take(it);
              },
              [notes](
                  const protocol::notification<protocol::state_resync>& it) {
                ++notes->resyncs;
                notes->take(it);
              },
              [notes](const protocol::notification<protocol::subscription_gap>&
                          it) {
                ++notes->gaps;
                notes->take(it);
              },
          };
        }));
  }
  /// The subscription; "none" when it was refused.
  protocol::id follow(const actors::state_follower_actor& who,
                      protocol::subscribe_state ask) {
    const auto answer = world.answer<subscribed>(
        store, protocol::request<protocol::subscribe_state>{{}, std::move(ask)},
        who);
    return answer ? answer->body.subscription : protocol::id{};
  }
  void grant(protocol::id name, std::uint32_t count) {
    world.tell(store, protocol::coordination<protocol::grant_credit>{
                          {}, {name, count}});
  }
  bool unsubscribe(protocol::id name) {
    return world
        .answer<protocol::response<protocol::unsubscribed>>(
            store, protocol::request<protocol::unsubscribe>{{}, {name}})
        .has_value();
  }
  actors::state_figures figures() {
    return *world.answer<actors::state_figures>(store, actors::count_state{});
  }

  virtual_time world;
  actors::state_store_actor store;
};

} // namespace troupe::test
