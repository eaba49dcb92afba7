#pragma once

#include <troupe/protocol/message_variant.hpp>

#include <cstddef>
#include <span>
#include <vector>

/// Messages in their binary form: CAF's bytes in a frame that says which
/// message it is, and of which version. docs/wire.md describes it.
namespace troupe::actors {

/// What a message in binary form may be at most.
struct binary_limits {
  /// Of the whole message; at most 4 GiB less one.
  std::size_t bytes_max = 16U << 20U;
  /// In all lists together, which bounds memory: some 300 bytes each.
  std::size_t items_max = 1'000'000;
};

/// The bytes of a message. Errors: `limit_exceeded` when they are more than
/// `limits` allows, so that its reader would refuse them.
/// Blocking: never; time grows with the message. Thread safety: any thread.
[[nodiscard]] protocol::result<std::vector<std::byte>>
write_binary(const protocol::any_message& message, binary_limits limits = {});

/// Reads the one message that `bytes` hold, of whichever kind and type its
/// frame names. A size that the bytes claim is compared with what is there
/// before anything is allocated for it. What is read has a JSON form too. Of
/// the schema version any minor of this major is accepted; what a later one has
/// added to the end of header or body is skipped. Errors: `limit_exceeded`
/// (bytes, before the first of them is looked at, and items),
/// `malformed_message`; the detail starts with the place: `document` for the
/// whole, or the offset, as in `byte 17: `. Blocking: never; time grows with
/// the bytes. Thread safety: any thread.
[[nodiscard]] protocol::result<protocol::any_message>
read_binary(std::span<const std::byte> bytes, binary_limits limits = {});

} // namespace troupe::actors
