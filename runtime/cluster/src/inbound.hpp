#pragma once

#include "frame.hpp"

#include <troupe/protocol/message_variant.hpp>

#include <string>
#include <variant>
#include <vector>

namespace troupe::cluster {

/// A frame that has come, its body read where that may be done without the
/// session.
struct inbound {
  frame_kind kind = frame_kind::bye;
  std::uint64_t number = 0;
  std::uint64_t acked = 0;
  /// What is left of the deadline of a message, in microseconds; 0: it has
  /// none.
  std::uint64_t left_us = 0;
  std::variant<std::string, protocol::any_message> body{};
};

/// What one read has given.
struct inbound_batch {
  std::vector<inbound> frames; // bounded by `bytes`
  std::size_t bytes = 0;       ///< On the wire.
};

/// What a node takes from another one.
struct inbound_limits {
  std::size_t message_bytes = 16U << 20U; ///< Of one message.
  std::size_t items = 1'000'000;          ///< In the lists of one message.
};

/// Reads the whole frames at the beginning of `bytes`, and takes them off.
/// Errors: `limit_exceeded`, `malformed_message`: the other side is not to be
/// trusted with more. Blocking: never; time grows with the bytes.
[[nodiscard]] protocol::result<inbound_batch>
read_inbound(std::string_view& bytes, const inbound_limits& limits);

/// The body of a message's frame. Errors: `limit_exceeded`.
[[nodiscard]] protocol::result<std::string>
message_body(const protocol::any_message& message, std::uint64_t left_us,
             const inbound_limits& limits = {});

} // namespace troupe::cluster
