#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Messages for whoever is interested: by topic, or to all agents of a kind.
///
/// A topic is 1 to 255 bytes: at most 16 segments joined by '.', each of
/// letters, digits, '-' and '_', as in `market.eur.spot`. A filter is a topic,
/// or a prefix that ends with '.': `market.` stands for all topics below
/// `market`, but not for `market` itself; `.` alone stands for every topic.
namespace troupe::protocol {

[[nodiscard]] bool is_topic(std::string_view text) noexcept;
[[nodiscard]] bool is_topic_filter(std::string_view text) noexcept;

/// Whether `filter` stands for `topic`; both are taken to be well-formed.
[[nodiscard]] bool topic_matches(std::string_view filter,
                                 std::string_view topic) noexcept;

/// Tells something to whoever follows a topic. Answer: `published`; whoever
/// does not want it sends the request without waiting.
/// Errors: `invalid_request` (not a topic), `limit_exceeded` (too long).
struct publish {
  std::string topic{};
  std::string content_type{}; ///< Media type, <= 127 bytes; empty: plain text.
  std::string content{};      ///< UTF-8.

  bool operator==(const publish&) const = default;
};
BOOST_DESCRIBE_STRUCT(publish, (), (topic, content_type, content))
template <>
inline constexpr bool omits_defaults<publish> = true;

/// Answers `publish`: the message is kept. It is on its way to followers that
/// have credit; the others get it, or are told that they missed it.
struct published {
  std::uint64_t offset = 0;    ///< Of the message.
  std::uint32_t followers = 0; ///< Subscriptions that stand for its topic.

  bool operator==(const published&) const = default;
};
BOOST_DESCRIBE_STRUCT(published, (), (offset, followers))

/// Follows a topic or a prefix. Answer: `topic_subscribed`, then messages by
/// rising offset, at most as many as there is credit for (`grant_credit`).
/// One receiver's filters must not overlap, since messages do not name their
/// subscription. Errors: `invalid_request` (not a filter, overlap, window,
/// `from` ahead of all), `limit_exceeded` (too many subscriptions).
struct subscribe_topic {
  std::string filter{};
  std::uint32_t window = 256; ///< First credit and its limit; 1 to 10,000.
  /// The first offset wanted, as after a reconnect; what is no longer kept is
  /// told as a `subscription_gap`. 0: from now on.
  std::uint64_t from = 0;

  bool operator==(const subscribe_topic&) const = default;
};
BOOST_DESCRIBE_STRUCT(subscribe_topic, (), (filter, window, from))
template <>
inline constexpr bool omits_defaults<subscribe_topic> = true;

/// Answers `subscribe_topic`.
struct topic_subscribed {
  id subscription;
  std::uint64_t next = 0; ///< No message below this offset comes, but a gap.

  bool operator==(const topic_subscribed&) const = default;
};
BOOST_DESCRIBE_STRUCT(topic_subscribed, (), (subscription, next))

/// A published message, the same to all followers. The header is that of the
/// publisher, with the topic as receiver.
struct topic_message {
  std::string topic{};
  /// Rises with each message of the hub, whatever its topic; also when the hub
  /// is restarted.
  std::uint64_t offset = 0;
  std::string publisher{}; ///< As its header said; empty: unknown.
  std::string content_type{};
  std::string content{};

  bool operator==(const topic_message&) const = default;
};
BOOST_DESCRIBE_STRUCT(topic_message, (),
                      (topic, offset, publisher, content_type, content))
template <>
inline constexpr bool omits_defaults<topic_message> = true;

/// Tells something to every agent of a kind at once. Every field that is set
/// must match; none set: all agents. Answer: `broadcast_sent`.
/// Errors: `limit_exceeded` (too long), `overloaded` (too many at one time).
struct broadcast {
  std::string skill{};
  std::string tag{};
  std::string content_type{}; ///< As of `publish`.
  std::string content{};

  bool operator==(const broadcast&) const = default;
};
BOOST_DESCRIBE_STRUCT(broadcast, (), (skill, tag, content_type, content))
template <>
inline constexpr bool omits_defaults<broadcast> = true;

/// Answers `broadcast`, when it has gone out to everyone.
struct broadcast_sent {
  std::uint32_t reached = 0; ///< Agents whose mailbox took it.
  std::uint32_t refused = 0; ///< Agents that matched and could not take it.

  bool operator==(const broadcast_sent&) const = default;
};
BOOST_DESCRIBE_STRUCT(broadcast_sent, (), (reached, refused))

/// What a broadcast tells each agent.
struct announcement {
  std::string publisher{};
  std::string content_type{};
  std::string content{};

  bool operator==(const announcement&) const = default;
};
BOOST_DESCRIBE_STRUCT(announcement, (), (publisher, content_type, content))
template <>
inline constexpr bool omits_defaults<announcement> = true;

} // namespace troupe::protocol
