#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/state.hpp>
#include <troupe/protocol/state_subscription.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe {

/// What a follower of the state is told: the changes of one commit, the state
/// at one revision (or a part of it), or that it was too slow and has missed
/// something, after which the state comes anew.
using state_event = std::variant<protocol::state_commit, protocol::state_resync,
                                 protocol::subscription_gap>;

/// Follows a key or a prefix, and keeps a copy of its state. At most `window`
/// events wait to be taken; a follower that is slower for long is told a gap
/// and gets the state anew, so it never holds others up. Copies refer to the
/// same follower; the last one to go ends it.
/// Thread safety: any thread; each event goes to one caller.
class state_stream {
public:
  class channel;
  explicit state_stream(std::shared_ptr<channel> it);

  /// The next event, in order; the copy of the state is then that of the event.
  /// Nothing when `patience` has passed. Errors: `unreachable` when the state
  /// store or the runtime has ended; what waited before is still given out.
  /// Blocking: up to `patience`.
  [[nodiscard]] protocol::result<std::optional<state_event>>
  next(std::chrono::milliseconds patience);

  /// A key of the copy, or all of it. It is always the state of `revision`,
  /// which is 0 before the first state has been taken.
  [[nodiscard]] std::optional<protocol::state_entry>
  find(std::string_view key) const;
  [[nodiscard]] std::vector<protocol::state_entry> entries() const;
  [[nodiscard]] std::uint64_t revision() const;

private:
  std::shared_ptr<channel> channel_;
};

/// The state that all agents and threads of a runtime share: keys with JSON
/// values and versions. In memory: it ends with its runtime. In a node of a
/// cluster with a `store` it is one for all nodes and outlives them; writes and
/// reads go to the node that leads then, and when that is lost before it has
/// answered (`unreachable`) nobody knows whether a write is kept.
/// Errors of all calls: those of the messages they send (troupe/protocol/
/// state.hpp), `unreachable` when the store or the runtime has ended.
/// Blocking: a fraction of a millisecond, at most ten seconds; not for agents
/// that run inline. Thread safety: any thread.
class shared_state {
public:
  class access;
  explicit shared_state(std::shared_ptr<access> it);

  /// The same state, for an agent that writes as itself: once a later life of
  /// it has begun, its writes end with `outdated_incarnation`.
  [[nodiscard]] shared_state as(std::string writer,
                                std::uint64_t incarnation) const;

  /// Writes many keys, all or none. With an idempotency key a repeated call
  /// gets the first answer and has no second effect.
  protocol::result<protocol::state_written>
  write(std::vector<protocol::state_write> changes,
        std::string idempotency_key = {});

  /// Writes one key. With `expected` only if the key has that version (0: does
  /// not exist), else `version_conflict`. Returns the new version.
  protocol::result<std::uint64_t>
  put(std::string key, std::string json,
      std::optional<std::uint64_t> expected = {}, protocol::duration ttl = {});

  /// Deletes one key; 0 when it did not exist, else its new version.
  protocol::result<std::uint64_t>
  remove(std::string key, std::optional<std::uint64_t> expected = {});

  /// Reads one key. Shows every write that was answered before.
  [[nodiscard]] protocol::result<protocol::state_value>
  read(std::string key) const;
  [[nodiscard]] protocol::result<protocol::state_listed>
  list(protocol::list_state ask) const;
  [[nodiscard]] protocol::result<protocol::state_history>
  history(protocol::read_state_history ask) const;

  /// Follows a key, or all keys with a prefix: first the state, then every
  /// commit behind it.
  [[nodiscard]] protocol::result<state_stream>
  follow(protocol::subscribe_state ask) const;

private:
  std::shared_ptr<access> access_;
  std::string writer_; ///< Empty: nobody's.
  std::uint64_t incarnation_ = 0;
};

} // namespace troupe
