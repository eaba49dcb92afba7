#pragma once

#include "store/store_drivers.hpp"

#include <troupe/protocol/id.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>

namespace troupe {

/// The runs that this process works on, each by a lease in the store of a
/// journal that several processes use. A thread of its own extends them; with
/// the last copy they are let go. Thread-safe.
class run_leases {
public:
  using clock = std::function<protocol::instant()>;
  using opener = std::function<store::opened_store()>;

  /// Extended each fifth of it, so that what is left is longer than a store's
  /// failover: nobody loses a run to that.
  static constexpr std::chrono::seconds usual_ttl{30};

  /// `open` is called when the first run is taken: a connection of its own.
  run_leases(opener open, clock now, protocol::duration ttl = usual_ttl,
             bool extends_by_itself = true);
  ~run_leases();
  run_leases(run_leases&&) = delete;

  /// Takes a run that nobody else works on; one that is had already: no effect.
  /// Errors: `unknown_run` while another process works on it;
  /// `journal_failed`. Blocking: as the store, up to 40 s while it is away.
  [[nodiscard]] protocol::result<void> take(protocol::id run);

  /// What commits of a run must require; 0: it is not, or no longer, had.
  [[nodiscard]] std::uint64_t token_of(protocol::id run) const;

  /// Somebody else works on it now: it is not extended any more.
  void lose(protocol::id run);

  /// Lets go of a run, soon, so that another may go on with it. Blocking:
  /// never.
  void release(protocol::id run);

  /// Whether nobody works on a run. Errors: `journal_failed`.
  [[nodiscard]] protocol::result<bool> is_free(protocol::id run);

  /// Extends those that are had, and lets go of those that are released. False:
  /// the store is away.
  bool extend();

  [[nodiscard]] static std::string name_of(protocol::id run) {
    return "run/" + to_string(run);
  }

private:
  /// Both with `store_mutex_`.
  protocol::result<actors::durable_store*> store();
  protocol::result<std::uint64_t> try_take(protocol::id run);
  void let_go(const std::map<protocol::id, std::uint64_t>& which);
  void tick(const std::stop_token& stops);

  opener open_;
  clock now_;
  protocol::duration ttl_;
  bool extends_by_itself_;
  std::mutex store_mutex_; ///< Held while the store is asked.
  std::unique_ptr<actors::durable_store> store_;
  mutable std::mutex mutex_;                       ///< Guards what follows.
  std::map<protocol::id, std::uint64_t> tokens_;   // bounded by open runs
  std::map<protocol::id, std::uint64_t> released_; // until the next tick
  std::condition_variable_any wakes_;
  std::condition_variable never_; ///< For its time-out.
  std::jthread thread_;           ///< Begun with the first.
};

} // namespace troupe
