#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace troupe::protocol {

/// How urgent a message or a task is; decides queues and the model's tier.
enum class priority : std::uint8_t { low, medium, high, critical };
BOOST_DESCRIBE_ENUM(priority, low, medium, high, critical)

/// Whether the content came from the user's own configuration (trusted) or
/// from models, tools, documents and peers (untrusted).
enum class taint : std::uint8_t { trusted, untrusted };
BOOST_DESCRIBE_ENUM(taint, trusted, untrusted)

/// The version of the message forms: major * 256 + minor. A reader accepts any
/// minor of its own major.
inline constexpr std::uint16_t schema_version = 1 * 256 + 0;

/// What every message carries beside its body. Members that hold their default
/// are left out of text forms and cost four bytes together in binary ones.
struct header {
  id message;                    ///< This message; unique per node incarnation.
  id correlation;                ///< In an answer: the request's `message`.
  id conversation;               ///< What belongs together over many messages.
  id trace;                      ///< W3C trace id; the same over a whole run.
  std::uint64_t parent_span = 0; ///< W3C span id of the sender; 0: none.
  std::string from;              ///< Name of the agent or role that sends.
  std::string to; ///< Name of the agent, role or topic that receives.
  priority urgency = priority::medium;
  instant deadline; ///< Absolute; shrinks on its way down. Epoch: none.
  id cancel_scope;  ///< A cancel of this id ends the work.
  std::string idempotency_key; ///< Same key and body: same effect, once.
  taint content = taint::trusted;
  std::uint16_t version = schema_version;
  bool confirm = false; ///< The receiver says `delivered` when it starts.

  bool operator==(const header&) const = default;
};
BOOST_DESCRIBE_STRUCT(header, (),
                      (message, correlation, conversation, trace, parent_span,
                       from, to, urgency, deadline, cancel_scope,
                       idempotency_key, content, version, confirm))
template <>
inline constexpr bool omits_defaults<header> = true;

/// The header of a request made while `parent` is being worked on: same
/// conversation, trace, urgency, scope and taint; deadline no later than the
/// parent's.
[[nodiscard]] header child_of(const header& parent, id message,
                              instant deadline = {});

/// The header of the answer to `request`, from its receiver to its sender.
[[nodiscard]] header answer_to(const header& request, id message);

/// The earlier of two deadlines, where the epoch means "none".
[[nodiscard]] instant earlier_deadline(instant a, instant b) noexcept;

} // namespace troupe::protocol
