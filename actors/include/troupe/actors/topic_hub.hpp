#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/clock.hpp"
#include "troupe/actors/topic_limits.hpp"

#include <caf/typed_actor.hpp>

namespace troupe::actors {

/// Whoever follows topics. It must end by itself (`quit`) or be ended: the hub
/// holds it, so it does not go away with its last handle elsewhere.
using topic_follower_actor = caf::typed_actor<
    // One message, shared by all its followers; takes one credit.
    caf::reacts_to<protocol::notification<protocol::topic_message>>,
    // What it missed. Comes in the place of the messages; takes no credit.
    caf::reacts_to<protocol::notification<protocol::subscription_gap>>,
    // The hub has ended the subscription, or ends itself.
    caf::reacts_to<protocol::notification<protocol::subscription_ended>>>;

/// TOPIC HUB: one per node; carries messages from publishers to followers. It
/// keeps the latest messages in one ring. A follower is a place in the ring and
/// a credit: one that is slow costs only itself, and is told what it missed.
using topic_hub_actor = caf::typed_actor<
    // Keeps a message and sends it to the followers that have credit.
    caf::replies_to<protocol::request<protocol::publish>>::with<
        protocol::response<protocol::published>>,
    // Starts a subscription of the given follower.
    caf::replies_to<protocol::request<protocol::subscribe_topic>,
                    topic_follower_actor>::
        with<protocol::response<protocol::topic_subscribed>>,
    // Lets a follower have more messages.
    caf::reacts_to<protocol::coordination<protocol::grant_credit>>,
    // Ends a subscription; nothing comes after the answer, when the follower
    // itself asks.
    caf::replies_to<protocol::request<protocol::unsubscribe>>::with<
        protocol::response<protocol::unsubscribed>>>;

struct topic_hub_config {
  topic_limits limits;
  wall_clock clock;
  std::uint64_t seed = 0; ///< Of the ids of its messages.
};

/// Its first offset is the time in microseconds, so that offsets rise over
/// restarts as long as it carries less than a million messages a second.
[[nodiscard]] topic_hub_actor spawn_topic_hub(caf::actor_system& system,
                                              topic_hub_config config = {});

} // namespace troupe::actors
