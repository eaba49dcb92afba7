#pragma once

#include "troupe/protocol/header.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// What a commit to shared state looks like to those who follow it.
namespace troupe::protocol {

/// What happened to a key. `created`: it did not exist before.
enum class state_change_kind : std::uint8_t {
  created,
  changed,
  deleted, ///< By a write.
  expired, ///< By its time to live.
};
BOOST_DESCRIBE_ENUM(state_change_kind, created, changed, deleted, expired)

/// One version of one key. The versions of a key that exists rise by one;
/// those of a key that is created again are above all it ever had.
struct state_change {
  std::string key{};
  std::uint64_t version = 0; ///< Of the key, after the change; from 1.
  state_change_kind kind = state_change_kind::created;
  std::string value{};            ///< JSON text; empty when it is gone.
  taint content = taint::trusted; ///< Of the request that wrote it.
  instant expires{};              ///< Epoch: never.

  bool operator==(const state_change&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_change, (),
                      (key, version, kind, value, content, expires))
template <>
inline constexpr bool omits_defaults<state_change> = true;

/// All changes of one transaction, which nobody ever sees in part. A follower
/// gets those that its filter matches. Each key occurs once.
struct state_commit {
  std::uint64_t revision = 0; ///< Of the store; rises by one a commit.
  instant at{};               ///< By the store's clock.
  std::vector<state_change> changes{};

  bool operator==(const state_commit&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_commit, (), (revision, at, changes))

/// A key that exists, and its present version.
struct state_entry {
  std::string key{};
  std::uint64_t version = 0;
  std::uint64_t revision = 0; ///< The commit that wrote it.
  std::string value{};        ///< JSON text.
  taint content = taint::trusted;
  instant expires{}; ///< Epoch: never.

  bool operator==(const state_entry&) const = default;
};
BOOST_DESCRIBE_STRUCT(state_entry, (),
                      (key, version, revision, value, content, expires))
template <>
inline constexpr bool omits_defaults<state_entry> = true;

} // namespace troupe::protocol
