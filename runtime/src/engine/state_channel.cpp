#include "engine/state_channel.hpp"

#include <troupe/actors/actor_base.hpp>

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// Holds more than the greatest window, so that it never refuses.
constexpr actors::mailbox_limits tap_mailbox{20'000, 1ULL << 32};

class state_tap : public actors::actor_base<actors::state_follower_actor> {
public:
  state_tap(caf::actor_config& cfg, std::weak_ptr<state_stream::channel> to,
            const actors::state_store_actor& store,
            const actors::wall_clock& clock)
      : actor_base(cfg, clock, tap_mailbox), to_(std::move(to)) {
    set_down_handler([this](const caf::down_msg&) {
      quit(caf::exit_reason::remote_link_unreachable);
    });
    monitor(store);
  }

  const char* name() const override { return "state-tap"; }

  behavior_type make_behavior() override {
    return {
        [this](const protocol::state_update& msg) { pass(msg.body); },
        [this](const protocol::notification<protocol::state_resync>& msg) {
          pass(msg.body);
        },
        [this](const protocol::notification<protocol::subscription_gap>& msg) {
          pass(msg.body);
        },
    };
  }

  void on_exit() override {
    if (const auto to = to_.lock())
      to->end(fail(errc::unreachable, "the state store has ended"));
    to_.reset();
  }

private:
  template <class Body>
  void pass(const Body& body) {
    if (const auto to = to_.lock())
      to->push(body);
  }

  std::weak_ptr<state_stream::channel> to_;
};

} // namespace

actors::state_follower_actor spawn_state_tap(
    caf::actor_system& system, std::weak_ptr<state_stream::channel> to,
    const actors::state_store_actor& store, const actors::wall_clock& clock) {
  return system.spawn<state_tap>(std::move(to), store, clock);
}

state_stream::channel::~channel() {
  detach();
}

void state_stream::channel::push(state_event event) {
  {
    const std::lock_guard lock{mutex_};
    if (events_.size() < window_)
      events_.push_back(std::move(event));
    else if (!end_)
      end_ = fail(errc::internal, "more was sent than credit was granted");
  }
  changed_.notify_all();
}

void state_stream::channel::end(protocol::error why) {
  {
    const std::lock_guard lock{mutex_};
    if (!end_)
      end_ = std::move(why);
  }
  changed_.notify_all();
}

void state_stream::channel::bind(actors::state_store_actor store,
                                 caf::actor tap, protocol::id subscription) {
  const std::lock_guard lock{mutex_};
  store_ = std::move(store);
  tap_ = std::move(tap);
  subscription_ = subscription;
}

void state_stream::channel::detach() {
  const std::lock_guard lock{mutex_};
  if (tap_)
    caf::anon_send_exit(tap_, caf::exit_reason::user_shutdown);
  tap_ = nullptr;
  store_ = nullptr;
}

/// In lots, so that a fast reader does not double the messages.
void state_stream::channel::grant() {
  if (++taken_ < std::max(window_ / 2, 1U) || !store_)
    return;
  caf::anon_send(store_, protocol::coordination<protocol::grant_credit>{
                             {}, {subscription_, std::exchange(taken_, 0)}});
}

result<std::optional<state_event>>
state_stream::channel::next(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  reader_.wait(changed_, lock, patience,
               [&] { return !events_.empty() || end_.has_value(); });
  if (events_.empty())
    return end_ ? result<std::optional<state_event>>{*end_}
                : std::optional<state_event>{};
  std::optional<state_event> event{std::move(events_.front())};
  events_.pop_front();
  const auto step =
      std::visit([this](const auto& it) { return view_.apply(it); }, *event);
  if (step == actors::view_step::broken && !end_) {
    end_ = fail(errc::internal, "a version of the state is missing");
    events_.clear();
    return *end_;
  }
  grant();
  return event;
}

state_stream::state_stream(std::shared_ptr<channel> it)
    : channel_(std::move(it)) {}

result<std::optional<state_event>>
state_stream::next(std::chrono::milliseconds patience) {
  return channel_->next(patience);
}

std::optional<protocol::state_entry>
state_stream::find(std::string_view key) const {
  return channel_->look([&](const actors::state_view& view) {
    const auto* entry = view.find(key);
    return entry == nullptr ? std::optional<protocol::state_entry>{} : *entry;
  });
}

std::vector<protocol::state_entry> state_stream::entries() const {
  return channel_->look([](const actors::state_view& view) {
    std::vector<protocol::state_entry> all;
    all.reserve(view.entries().size());
    for (const auto& [key, entry] : view.entries())
      all.push_back(entry);
    return all;
  });
}

std::uint64_t state_stream::revision() const {
  return channel_->look(
      [](const actors::state_view& view) { return view.revision(); });
}

} // namespace troupe
