#pragma once

#include <troupe/actors/journal.hpp>
#include <troupe/actors/supervisor.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace troupe {

/// What has befallen a runtime's tree of actors as a whole. Thread-safe.
class fault_desk {
public:
  using listener = std::function<void(const protocol::error&)>;

  /// `at_failure` is called once, on a thread of the actor system, when the
  /// tree has ended by itself and the journal is on the disk.
  explicit fault_desk(listener at_failure)
      : at_failure_(std::move(at_failure)) {}

  /// Why the tree ends, or has ended, by itself; none: it does not.
  [[nodiscard]] std::optional<protocol::error> failure() const;

  /// The tree begins to end: the first reason counts. False: it was stopped.
  bool fail(const protocol::error& why);

  /// Waits for the end of the tree, then of the journal.
  void watch(caf::actor_system& system, const actors::supervisor_actor& root,
             const actors::journal_actor& journal);

  /// The tree is stopped on purpose: what ends from now on is no failure.
  void close();

private:
  friend class tree_warden;
  void has_ended(const caf::error& why);
  void tell();

  mutable std::mutex mutex_; ///< Guards what follows.
  listener at_failure_;
  std::optional<protocol::error> failure_;
  caf::actor warden_;
  bool is_closed_ = false;
};

} // namespace troupe
