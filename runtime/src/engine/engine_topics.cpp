// The part of the engine that carries topics and broadcasts.
#include "engine/engine.hpp"
#include "engine/feed_state.hpp"

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds patience{10};
constexpr std::size_t feeds_max = 10'000;

/// Asks an actor and waits for its answer's body.
template <class Body, class Handle, class... Ts>
result<Body> ask(caf::actor_system& system, const Handle& to, Ts... message) {
  result<Body> outcome = fail(errc::unreachable, "the runtime is ending");
  if (!to)
    return outcome;
  caf::scoped_actor self{system};
  self->request(to, patience, std::move(message)...)
      .receive(
          [&](protocol::response<Body>& answer) {
            outcome = std::move(answer.body);
          },
          [&](const caf::error& failure) {
            outcome = actors::from_caf(failure);
          });
  return outcome;
}

} // namespace

actors::child_spec engine::topic_hub_child() {
  return {"topic-hub", [this](caf::actor_system& system) {
            auto it = actors::spawn_topic_hub(
                system, {actors::topic_limits{}, clock_, next_seed()});
            const std::lock_guard lock{roles_.mutex};
            roles_.topics = it;
            return caf::actor_cast<caf::actor>(it);
          }};
}

result<protocol::published> engine::publish(protocol::publish message,
                                            std::string from) {
  protocol::request<protocol::publish> out{new_header(), std::move(message)};
  out.head.from = std::move(from);
  actors::topic_hub_actor hub;
  {
    const std::lock_guard lock{roles_.mutex};
    hub = roles_.topics;
  }
  return ask<protocol::published>(system_, hub, std::move(out));
}

result<protocol::broadcast_sent> engine::broadcast(protocol::broadcast message,
                                                   std::string from) {
  protocol::request<protocol::broadcast> out{new_header(), std::move(message)};
  out.head.from = std::move(from);
  actors::registry_actor registry;
  {
    const std::lock_guard lock{roles_.mutex};
    registry = roles_.registry;
  }
  return ask<protocol::broadcast_sent>(system_, registry, std::move(out));
}

result<topic_feed> engine::follow(std::string filter, follow_options options) {
  auto state = std::make_shared<topic_feed::shared_state>();
  state->window = options.window;
  {
    const std::lock_guard lock{roles_.mutex};
    state->hub = roles_.topics;
  }
  state->follower = spawn_feed_follower(system_, clock_, state);
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(feeds_, [](const auto& it) { return it.expired(); });
    if (feeds_.size() >= feeds_max) {
      state->detach({errc::overloaded, ""});
      return fail(errc::overloaded, "10,000 feeds are open");
    }
    feeds_.push_back(state);
  }
  protocol::request<protocol::subscribe_topic> out{
      new_header(), {std::move(filter), options.window, options.from}};
  auto started = ask<protocol::topic_subscribed>(
      system_, state->hub, std::move(out), state->follower);
  if (!started) {
    state->detach(started.error());
    return started.error();
  }
  {
    const std::lock_guard lock{state->mutex};
    state->subscription = started->subscription;
  }
  return topic_feed{std::move(state)};
}

void engine::end_feeds() {
  std::vector<std::weak_ptr<topic_feed::shared_state>> feeds;
  {
    const std::lock_guard lock{mutex_};
    feeds.swap(feeds_);
  }
  for (const auto& it : feeds)
    if (const auto feed = it.lock())
      feed->detach({errc::unreachable, "the runtime is ending"});
}

} // namespace troupe
