#pragma once

#include <troupe/actors/clock.hpp>
#include <troupe/actors/state_store.hpp>
#include <troupe/protocol/message_variant.hpp>

#include <memory>
#include <variant>

/// What a follower of the shared state is told when it is another node.
namespace troupe::cluster {

/// The answer to a subscription, then what follows, in order; an error ends it.
struct fed {
  std::uint64_t feed = 0; ///< Its number, by whoever is fed.
  protocol::result<std::shared_ptr<const protocol::any_message>> what;
};
using fed_actor = caf::typed_actor<caf::reacts_to<fed>>;

/// Asks a LINK for a feed of the state that its node leads, which takes the
/// place of the one before; or lets that go on.
struct feed_wish {
  std::uint64_t feed = 0;
  std::variant<protocol::request<protocol::subscribe_state>,
               protocol::grant_credit>
      what;
  fed_actor follower;
};

struct feed_config {
  std::uint64_t feed = 0;
  protocol::request<protocol::subscribe_state> what;
  fed_actor to;
};

/// Follows a state store for `to`, until it is told to exit; ends with the
/// store.
[[nodiscard]] caf::actor spawn_feed(caf::actor_system& system,
                                    const actors::wall_clock& clock,
                                    const actors::state_store_actor& store,
                                    feed_config config);

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::fed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::feed_wish)
