#include "state_feed.hpp"

#include "deadline_table.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

#include <caf/all.hpp>

namespace troupe::cluster {

using protocol::any_message;
using protocol::errc;
using protocol::fail;
using protocol::notification;
using protocol::state_resync;
using protocol::state_update;
using protocol::subscription_gap;

namespace {

using pipe_base =
    actors::state_follower_actor::extend<caf::reacts_to<actors::deadline_tick>>;
using subscribed = protocol::response<protocol::state_subscribed>;

/// Holds more than the greatest window, so that it never refuses.
constexpr actors::mailbox_limits pipe_mailbox{20'000, 1ULL << 32};

class feed_pipe final : public actors::actor_base<pipe_base> {
public:
  feed_pipe(caf::actor_config& cfg, const actors::wall_clock& clock,
            actors::state_store_actor store, feed_config config)
      : actor_base(cfg, clock, pipe_mailbox), store_(std::move(store)),
        config_(std::move(config)) {
    monitor(store_);
    set_down_handler([this](const caf::down_msg&) {
      end(fail(errc::unreachable, "the shared state has ended there"));
    });
  }

  const char* name() const override { return "state-feed"; }

  behavior_type make_behavior() override {
    actors::request_kept<subscribed>(
        this, table_, store_,
        [this](protocol::result<subscribed> outcome) {
          if (outcome)
            tell(std::move(*outcome));
          else
            end(outcome.error());
        },
        config_.what, actors::state_follower_actor{this});
    return {
        [this](const state_update& it) { tell(it); },
        [this](const notification<state_resync>& it) { tell(it); },
        [this](const notification<subscription_gap>& it) { tell(it); },
        [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
    };
  }

  void on_exit() override {
    table_.close();
    store_ = nullptr;
    config_.to = nullptr;
  }

private:
  void tell(any_message it) {
    send(config_.to,
         fed{config_.feed, std::make_shared<const any_message>(std::move(it))});
  }
  void end(const protocol::error& why) {
    if (config_.to)
      send(config_.to, fed{config_.feed, why});
    quit();
  }

  actors::deadline_table table_;
  actors::state_store_actor store_;
  feed_config config_;
};

} // namespace

caf::actor spawn_feed(caf::actor_system& system,
                      const actors::wall_clock& clock,
                      const actors::state_store_actor& store,
                      feed_config config) {
  return caf::actor_cast<caf::actor>(
      system.spawn<feed_pipe>(clock, store, std::move(config)));
}

} // namespace troupe::cluster
