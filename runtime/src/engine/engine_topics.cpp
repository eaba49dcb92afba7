// The part of the engine that carries topics and broadcasts.
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "engine/feed_state.hpp"

#include <caf/all.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::string_view ending = "the runtime is ending";
constexpr std::size_t feeds_max = 10'000;

} // namespace

actors::child_spec engine::topic_hub_child() {
  return {"topic-hub", [this](caf::actor_system& system) {
            return roles_.set(
                &roles::topics,
                actors::spawn_topic_hub(
                    system, {actors::topic_limits{}, clock_, next_seed()}));
          }};
}

result<protocol::published> engine::publish(protocol::publish message,
                                            std::string from) {
  protocol::request<protocol::publish> out{new_header(), std::move(message)};
  out.head.from = std::move(from);
  return ask_actor<protocol::published>(system_, roles_.get(&roles::topics),
                                        ending, std::move(out));
}

result<protocol::broadcast_sent> engine::broadcast(protocol::broadcast message,
                                                   std::string from) {
  protocol::request<protocol::broadcast> out{new_header(), std::move(message)};
  out.head.from = std::move(from);
  return ask_actor<protocol::broadcast_sent>(
      system_, roles_.get(&roles::registry), ending, std::move(out));
}

result<topic_feed> engine::follow(std::string filter, follow_options options) {
  auto state = std::make_shared<topic_feed::shared_state>();
  state->window = options.window;
  state->reader = waiting{system_};
  state->hub = roles_.get(&roles::topics);
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
  auto started = ask_actor<protocol::topic_subscribed>(
      system_, state->hub, ending, std::move(out), state->follower);
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
