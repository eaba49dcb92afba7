#pragma once

#include "troupe/protocol/state_commit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Writing and reading shared state. A key is 1 to 256 bytes without control
/// characters; a value is JSON text. Every answer names the revision of the
/// store that it shows.
namespace troupe::protocol {

enum class state_operation : std::uint8_t {
  put,    ///< Writes `value`.
  remove, ///< Deletes the key; no effect where it does not exist.
  check,  ///< Writes nothing: only `expected` is looked at.
};
BOOST_DESCRIBE_ENUM(state_operation, put, remove, check)

/// What a transaction does to one key.
struct state_write {
  std::string key{};
  state_operation operation = state_operation::put;
  /// The version that the key must have; 0: it must not exist. None: any.
  std::optional<std::uint64_t> expected{};
  std::string value{}; ///< JSON text, for `put`.
  duration ttl{};      ///< For `put`; zero: never expires. At most 10 years.

  bool operator==(const state_write&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_write, (), (key, operation, expected, value, ttl))
template <>
inline constexpr bool omits_defaults<state_write> = true;

/// Writes many keys, all or none. Each key at most once. Answer:
/// `state_written`.
/// Errors: `version_conflict` (nothing is written; read again, then retry),
/// `invalid_request` (key, value, ttl), `limit_exceeded` (one of the store's
/// bounds, which the detail names), `outdated_incarnation`.
struct write_state {
  std::vector<state_write> changes{};
  /// Who writes, and in which of its lives; once a later one is known, nothing
  /// of an earlier is taken. Empty: the write is nobody's.
  std::string writer{};
  std::uint64_t incarnation = 0;

  bool operator==(const write_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(write_state, (), (changes, writer, incarnation))
template <>
inline constexpr bool omits_defaults<write_state> = true;

/// Answers `write_state`.
struct state_written {
  std::uint64_t revision = 0; ///< Shows the writes, to `at_least` too.
  /// Of each change's key, in the order of the request; 0: does not exist and
  /// was not written.
  std::vector<std::uint64_t> versions{};

  bool operator==(const state_written&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_written, (), (revision, versions))

/// Asks for the present value of a key. Answer: `state_value`. Errors:
/// `invalid_request` (key; a revision that the store has not reached).
struct read_state {
  std::string key{};
  std::uint64_t at_least = 0; ///< Revision that the answer must show.

  bool operator==(const read_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(read_state, (), (key, at_least))
template <>
inline constexpr bool omits_defaults<read_state> = true;

/// Answers `read_state`.
struct state_value {
  std::uint64_t revision = 0;
  std::optional<state_entry> entry{}; ///< None: the key does not exist.

  bool operator==(const state_value&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_value, (), (revision, entry))

/// Asks for the keys that begin with `prefix`, in byte order. Answer:
/// `state_listed`. Errors: as `read_state`, bad `count_max`, `overloaded`.
struct list_state {
  std::string prefix{};          ///< Empty: all keys.
  std::string after{};           ///< Only keys behind this one.
  std::uint32_t count_max = 100; ///< 1 to 1,000.
  std::uint64_t at_least = 0;

  bool operator==(const list_state&) const = default;
};
BOOST_DESCRIBE_STRUCT(list_state, (), (prefix, after, count_max, at_least))
template <>
inline constexpr bool omits_defaults<list_state> = true;

/// Answers `list_state`: one page, cut by `count_max` or by its bytes.
struct state_listed {
  std::uint64_t revision = 0;
  std::vector<state_entry> entries{};
  bool has_more = false; ///< Ask on with `after` = the last entry's key.

  bool operator==(const state_listed&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_listed, (), (revision, entries, has_more))

/// Asks for the versions of a key that the store still has, newest first;
/// deletions are versions too. Answer: `state_history`. Errors: as
/// `list_state`.
struct read_state_history {
  std::string key{};
  std::uint64_t before = 0;     ///< Only versions below this one; 0: all.
  std::uint32_t count_max = 10; ///< 1 to 1,000.

  bool operator==(const read_state_history&) const = default;
};
BOOST_DESCRIBE_STRUCT(read_state_history, (), (key, before, count_max))
template <>
inline constexpr bool omits_defaults<read_state_history> = true;

/// One version of a key, with the commit that made it.
struct state_version {
  std::uint64_t revision = 0;
  instant at{};
  state_change change{};

  bool operator==(const state_version&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_version, (), (revision, at, change))

/// Answers `read_state_history`; empty for a key that nobody remembers.
struct state_history {
  std::uint64_t revision = 0;
  std::vector<state_version> versions{};

  bool operator==(const state_history&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_history, (), (revision, versions))

} // namespace troupe::protocol
