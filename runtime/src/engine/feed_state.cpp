#include "engine/feed_state.hpp"

#include <troupe/actors/actor_base.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe {

namespace {

using message = protocol::notification<protocol::topic_message>;
using gap = protocol::notification<protocol::subscription_gap>;
using ended = protocol::notification<protocol::subscription_ended>;

topic_item read(const caf::message& item) {
  if (item.match_elements<gap>())
    return item.get_as<gap>(0).body;
  return item.get_as<message>(0).body;
}

/// Passes on what it gets; it holds the state only as long as somebody reads.
class feed_follower : public actors::actor_base<actors::topic_follower_actor> {
public:
  feed_follower(caf::actor_config& cfg, const actors::wall_clock& clock,
                std::weak_ptr<topic_feed::shared_state> state)
      : actor_base(cfg, clock), state_(std::move(state)) {}

  const char* name() const override { return "topic-feed"; }

  behavior_type make_behavior() override {
    return {
        [this](const message&) { pass_on(); },
        [this](const gap&) { pass_on(); },
        [this](const ended& it) {
          if (const auto state = state_.lock())
            state->finish(it.body.reason);
          quit();
        },
    };
  }

private:
  void pass_on() {
    if (const auto state = state_.lock())
      state->push(current_mailbox_element()->copy_content_to_message());
  }

  std::weak_ptr<topic_feed::shared_state> state_;
};

} // namespace

void topic_feed::shared_state::push(caf::message item) {
  {
    const std::lock_guard lock{mutex};
    items.push_back(std::move(item));
  }
  changed.notify_one();
}

void topic_feed::shared_state::finish(protocol::error why) {
  {
    const std::lock_guard lock{mutex};
    if (!end)
      end = std::move(why);
  }
  changed.notify_all();
}

std::optional<topic_item>
topic_feed::shared_state::next(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex};
  reader.wait(changed, lock, patience,
              [&] { return !items.empty() || end.has_value(); });
  if (items.empty())
    return {};
  auto item = read(items.front());
  items.pop_front();
  const bool counts = std::holds_alternative<protocol::topic_message>(item);
  if (counts && ++taken >= (window + 1) / 2 && hub)
    caf::anon_send(hub, protocol::coordination<protocol::grant_credit>{
                            {}, {subscription, std::exchange(taken, 0)}});
  return item;
}

void topic_feed::shared_state::detach(protocol::error why) {
  finish(std::move(why));
  const std::lock_guard lock{mutex};
  if (follower) // the hub sees its end, and ends the subscription
    caf::anon_send_exit(follower, caf::exit_reason::user_shutdown);
  follower = nullptr;
  hub = nullptr;
}

actors::topic_follower_actor
spawn_feed_follower(caf::actor_system& system, const actors::wall_clock& clock,
                    const std::shared_ptr<topic_feed::shared_state>& state) {
  return system.spawn<feed_follower>(
      clock, std::weak_ptr<topic_feed::shared_state>{state});
}

topic_feed::topic_feed(std::shared_ptr<shared_state> state)
    : state_(std::move(state)) {}

topic_feed::topic_feed(topic_feed&&) noexcept = default;

topic_feed& topic_feed::operator=(topic_feed&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

topic_feed::~topic_feed() {
  if (state_)
    state_->detach({protocol::errc::cancelled, "the reader has gone"});
}

std::optional<topic_item> topic_feed::next(std::chrono::milliseconds patience) {
  return state_->next(patience);
}

std::optional<protocol::error> topic_feed::ended() const {
  const std::lock_guard lock{state_->mutex};
  return state_->end;
}

} // namespace troupe
