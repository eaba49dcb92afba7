#pragma once

#include "troupe/protocol/envelope.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What was said between agents, as the history keeps it: within its bounds,
/// oldest given up first, secrets replaced by `[redacted]`.
namespace troupe::protocol {

/// Asks for recorded messages; every filter that is set must hold. Answer:
/// `messages_found`, in the order of recording. Asking by conversation costs
/// time for the matches only, else for all that is looked at.
/// Errors: `invalid_request` for a bad `count_max`.
struct find_messages {
  id conversation{};                  ///< None: any.
  std::string agent{};                ///< Sender or receiver; empty: any.
  std::optional<message_kind> kind{}; ///< None: any.
  std::string type{};                 ///< As in `perform_task`; empty: any.
  instant from{};                     ///< Recorded then or later; epoch: any.
  instant until{};                    ///< Recorded before; epoch: any.
  std::uint64_t after = 0;            ///< Only sequences behind this one.
  std::uint32_t count_max = 100;      ///< 1 to 1,000.

  bool operator==(const find_messages&) const = default;
};
BOOST_DESCRIBE_STRUCT(find_messages, (),
                      (conversation, agent, kind, type, from, until, after,
                       count_max))
template <>
inline constexpr bool omits_defaults<find_messages> = true;

/// One message as it was when its receiver took it.
struct recorded_message {
  std::uint64_t sequence = 0; ///< Counts up; some may be missing.
  instant at{};               ///< When its receiver took it.
  message_kind kind = message_kind::notification;
  std::string type{};
  header head{};
  std::string body{}; ///< JSON text, redacted.

  bool operator==(const recorded_message&) const = default;
};
BOOST_DESCRIBE_STRUCT(recorded_message, (),
                      (sequence, at, kind, type, head, body))

/// Answers `find_messages`: one page, cut by `count_max`, by its bytes or by
/// the number of messages that were looked at, so it may be empty and have
/// more all the same.
struct messages_found {
  std::vector<recorded_message> messages{};
  bool has_more = false;     ///< Ask on with `after` = `reached`.
  std::uint64_t reached = 0; ///< The last sequence that was looked at.
  std::uint64_t oldest = 0;  ///< The first that is still kept; 0: none is.

  bool operator==(const messages_found&) const = default;
};
BOOST_DESCRIBE_STRUCT(messages_found, (), (messages, has_more, reached, oldest))

/// The message that was recorded, on one line as `encode_message` writes it.
/// Redaction may have made its body one that `decode_message` refuses.
/// Blocking: never. Thread safety: any thread.
[[nodiscard]] std::string to_line(const recorded_message& message);

} // namespace troupe::protocol
