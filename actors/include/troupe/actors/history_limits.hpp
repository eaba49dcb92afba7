#pragma once

#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace troupe::actors {

/// The bounds of a history. Beyond the first three the oldest messages are
/// given up; a message beyond `body_bytes_max` is not recorded. All are at
/// least 1. Each message counts 64 bytes and its header besides its body.
struct history_limits {
  std::size_t entries_max = 100'000;
  std::size_t bytes_max = 64U << 20U; ///< Of all that is kept.
  protocol::duration age_max = std::chrono::hours{24};
  std::size_t body_bytes_max = 4U << 20U; ///< Of one body, as JSON text.
  std::size_t page_bytes_max = 1U << 20U; ///< Of one answer's bodies.
  std::size_t looked_at_max = 10'000;     ///< Messages for one answer.
  std::size_t waiting_max = 10'000;       ///< Messages not yet recorded.
  std::size_t waiting_bytes = 64U << 20U; ///< The same in bytes.
};

/// What must never be recorded.
struct redaction_config {
  /// Each is replaced wherever it stands, in whole, and in every piece of
  /// eight bytes or more. Empty ones are passed over.
  std::vector<std::string> secrets;
};

/// What a history holds at the moment.
struct history_figures {
  std::uint64_t recorded = 0;  ///< So far.
  std::uint64_t given_up = 0;  ///< Of these, for a bound.
  std::uint64_t too_large = 0; ///< Never recorded.
  std::size_t entries = 0;
  std::size_t bytes = 0;  ///< With book-keeping.
  std::size_t pieces = 0; ///< Pieces of bodies, each kept once.
  std::size_t conversations = 0;
};

} // namespace troupe::actors
