#pragma once

#include <cstddef>
#include <cstdint>

namespace troupe::actors {

/// The bounds of a state store. A request beyond one is answered
/// `limit_exceeded`, beyond `subscriptions` or `reads` with `overloaded`; what
/// is only remembered is forgotten, oldest first. All are at least 1. A key or
/// value counts its bytes and 128 more for its book-keeping.
struct state_limits {
  std::size_t keys = 100'000;             ///< That exist.
  std::size_t bytes = 256U << 20U;        ///< Of these and their values.
  std::size_t value_bytes = 256U << 10U;  ///< Of one value.
  std::size_t changes = 128;              ///< Of one transaction.
  std::size_t change_bytes = 4U << 20U;   ///< Of all these together.
  std::size_t history = 16;               ///< Past versions of a key.
  std::size_t history_bytes = 64U << 20U; ///< Of those of all keys.
  std::size_t deleted_keys = 10'000;      ///< Remembered with versions.
  std::size_t log_commits = 4'096;        ///< How far a follower may lag.
  std::size_t log_bytes = 32U << 20U;     ///< The same in bytes.
  std::size_t subscriptions = 10'000;     ///< At one time.
  std::size_t page_bytes = 256U << 10U;   ///< Of a page or a resync's part.
  std::size_t reads = 1'000;              ///< Listings, histories that wait.
  std::size_t reads_bytes = 4U << 20U;    ///< Of these requests.
  /// What is read for listings, histories and resyncs before other messages get
  /// their turn. One more step is begun below it, so a turn may cost twice
  /// this.
  std::size_t turn_bytes = 32U << 10U;
};

/// What a state store holds at the moment.
struct state_figures {
  std::uint64_t revision = 0;
  std::size_t keys = 0;
  std::size_t bytes = 0;
  std::size_t history_bytes = 0;
  std::size_t deleted_keys = 0;
  std::size_t log_commits = 0;
  std::size_t log_bytes = 0;
  std::size_t subscriptions = 0;
  std::size_t live = 0;   ///< Subscriptions that have all and have credit.
  std::size_t behind = 0; ///< Those with credit that wait for their turn.
  std::uint64_t gaps = 0; ///< Told to followers so far.
  std::size_t reads = 0;  ///< Listings and histories that wait.
};

} // namespace troupe::actors
