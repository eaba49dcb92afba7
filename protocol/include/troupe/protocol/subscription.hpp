#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/result.hpp"

#include <cstdint>

/// What every subscription has in common, whether it follows topics or state:
/// the receiver grants credit, the sender never has more messages under way
/// than that, and what was missed is told.
namespace troupe::protocol {

/// Allows the sender of a subscription to send `count` more messages. Nobody
/// answers. Unknown subscriptions: no effect. Credit beyond the window that was
/// asked for at subscribing is cut to it.
struct grant_credit {
  id subscription;
  std::uint32_t count = 0;

  bool operator==(const grant_credit&) const = default;
};
BOOST_DESCRIBE_STRUCT(grant_credit, (), (subscription, count))

/// Ends a subscription. Answer: `unsubscribed`, after which nothing more
/// comes. Unknown or ended before: the same answer.
struct unsubscribe {
  id subscription;

  bool operator==(const unsubscribe&) const = default;
};
BOOST_DESCRIBE_STRUCT(unsubscribe, (), (subscription))

/// Answers `unsubscribe`.
struct unsubscribed {
  id subscription;

  bool operator==(const unsubscribed&) const = default;
};
BOOST_DESCRIBE_STRUCT(unsubscribed, (), (subscription))

/// Tells a subscriber what it has missed: all from `first` to `last`, both
/// included, is gone for it; the stream goes on behind `last`.
struct subscription_gap {
  id subscription;
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  bool operator==(const subscription_gap&) const = default;
};
BOOST_DESCRIBE_STRUCT(subscription_gap, (), (subscription, first, last))

/// Tells a subscriber that its sender has ended the subscription; nothing more
/// comes. Reasons: `overloaded` (it missed messages and granted no credit for
/// too long), `unreachable` (the sender itself ends).
struct subscription_ended {
  id subscription;
  error reason;

  bool operator==(const subscription_ended&) const = default;
};
BOOST_DESCRIBE_STRUCT(subscription_ended, (), (subscription, reason))

} // namespace troupe::protocol
