#pragma once

#include "troupe/actors/history.hpp"

#include <troupe/protocol/message_variant.hpp>

#include <cstddef>
#include <typeinfo>

namespace troupe::actors {

/// A copy of a message that an actor has taken, on its way to the HISTORY.
/// Stays within a process.
struct record_message {
  protocol::any_message message;
  protocol::instant at;
  std::size_t weight = 0; ///< In bytes, about.

  /// Mailboxes count and bound messages that have a weight.
  [[nodiscard]] std::size_t bytes() const noexcept { return weight; }
};

/// What a type of envelope needs to be recorded.
struct tapped_type {
  const protocol::header& (*head)(const void*) = nullptr;
  record_message (*copy)(const void*) = nullptr; ///< Without its time.
};

/// Null for types that are not recorded.
[[nodiscard]] const tapped_type*
find_tapped_type(const std::type_info* type) noexcept;

} // namespace troupe::actors
