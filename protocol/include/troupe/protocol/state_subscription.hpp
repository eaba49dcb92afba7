#pragma once

#include "troupe/protocol/state_commit.hpp"
#include "troupe/protocol/subscription.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Following shared state. What every subscription has in common (credit, gap,
/// end) is in subscription.hpp.
namespace troupe::protocol {

/// Follows one key, or all that begin with a prefix. Answer:
/// `state_subscribed`; then come `state_resync` (the state at one revision) and
/// `state_update`, one a commit behind it that touches the filter. A follower
/// that falls too far behind is sent `subscription_gap` and `state_resync`.
/// Each message takes one credit; without credit nothing is sent.
/// The subscriptions of one follower must not overlap: by its keys it knows
/// which one an update belongs to.
/// Errors: `invalid_request` (key, window, overlap, a revision that the store
/// has not reached), `overloaded` (too many subscriptions).
struct subscribe_state {
  std::string key{};      ///< May be empty for a prefix: all keys.
  bool is_prefix = false; ///< False: exactly this key.
  /// 0: the state first. Else the revision whose state the follower has: what
  /// came behind it, or a gap and the state when that is not kept any more.
  std::uint64_t from = 0;
  std::uint32_t window = 100; ///< Credit at the start, and at most; to 10,000.

  bool operator==(const subscribe_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(subscribe_state, (), (key, is_prefix, from, window))
template <>
inline constexpr bool omits_defaults<subscribe_state> = true;

/// Answers `subscribe_state`; comes before the first message.
struct state_subscribed {
  id subscription{};
  std::uint64_t revision = 0; ///< Of the store at that moment.

  bool operator==(const state_subscribed&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_subscribed, (), (subscription, revision))

/// The state under a filter at one revision, in parts. Part 0 voids what the
/// follower has and any parts it got before; the last part makes the state
/// whole. Then the stream goes on behind `revision`.
struct state_resync {
  id subscription{};
  std::uint64_t revision = 0;
  std::uint32_t part = 0; ///< From 0, without gaps.
  bool is_last = true;
  std::vector<state_entry> entries{}; ///< In byte order of their keys.

  bool operator==(const state_resync&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_resync, (),
                      (subscription, revision, part, is_last, entries))

} // namespace troupe::protocol
