#pragma once

#include "troupe/protocol/envelope.hpp"
#include "troupe/protocol/result.hpp"

#include <cstdint>
#include <string>

namespace troupe::protocol {

/// What became of all messages between a node's actors since its start. Each
/// number is exact; they are read one after the other, so that sums of them
/// agree only when nothing is under way:
/// requests = answered + failed + timed_out + cancelled + unreachable.
struct message_counts {
  std::uint64_t requests = 0;    ///< Sent.
  std::uint64_t answered = 0;    ///< Their response came.
  std::uint64_t failed = 0;      ///< An error came, but for the next three.
  std::uint64_t timed_out = 0;   ///< Their deadline passed first.
  std::uint64_t cancelled = 0;   ///< They were ended on purpose.
  std::uint64_t unreachable = 0; ///< Their receiver was not there, or ended.
  std::uint64_t late = 0;        ///< Answers behind the outcome; dropped.
  std::uint64_t accepted = 0;    ///< Messages that a mailbox took in.
  std::uint64_t refused = 0;     ///< Messages that found a mailbox full.
  std::uint64_t expired = 0;     ///< Requests whose deadline passed unstarted.
  std::uint64_t repeated = 0;    ///< Requests answered by their key.
  std::uint64_t conflicting = 0; ///< Requests with a key of another body.
  std::uint64_t dropped = 0;     ///< Telemetry given up for newer telemetry.
  std::uint64_t undelivered = 0; ///< One-way, to a receiver that has ended.
  std::uint64_t unexpected = 0;  ///< Of a type that the receiver lacks.

  bool operator==(const message_counts&) const = default;
};
BOOST_DESCRIBE_STRUCT(message_counts, (),
                      (requests, answered, failed, timed_out, cancelled,
                       unreachable, late, accepted, refused, expired, repeated,
                       conflicting, dropped, undelivered, unexpected))

/// A message that nobody handled. Its body is not kept.
struct dead_letter {
  instant at{};
  message_kind kind = message_kind::notification;
  std::string type{};     ///< Of the body.
  std::string from{};     ///< As the header says.
  std::string receiver{}; ///< The actor's name.
  id message{};
  error why{};

  bool operator==(const dead_letter&) const = default;
};
BOOST_DESCRIBE_STRUCT(dead_letter, (),
                      (at, kind, type, from, receiver, message, why))

} // namespace troupe::protocol
