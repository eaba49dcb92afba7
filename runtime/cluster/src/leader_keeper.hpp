#pragma once

#include "leader_fence.hpp"
#include "singleton_lease.hpp"
#include "store/store_drivers.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace troupe::cluster {

/// What a node does while it leads.
struct leader_duties {
  /// It leads from now on. An error: it lets go of that again.
  std::function<protocol::result<void>(const leader_fence& mine)> begin;
  /// It leads no more; nothing of it may be left when this returns.
  std::function<void()> end;
};

/// Has this node lead while it holds the lease of that name in a store which
/// all nodes of a cluster have. Its duties are done by a thread of its own,
/// which may block. The destructor ends them and lets go of the lease.
class leader_keeper {
public:
  using opener = std::function<store::opened_store()>;
  using clock = std::function<protocol::instant()>;

  leader_keeper(std::string lease, opener open, clock now,
                const singleton_limits& limits, leader_duties duties,
                std::shared_ptr<const std::atomic<bool>> is_draining);
  ~leader_keeper();
  leader_keeper(const leader_keeper&) = delete;
  leader_keeper& operator=(const leader_keeper&) = delete;

  /// Whether what was begun under that token may be gone on with at this
  /// moment. Thread-safe; never blocks for long.
  [[nodiscard]] bool may_serve(std::uint64_t token) const;

  /// The duties of that token cannot be done: somebody else may try.
  /// Thread-safe; never blocks for long.
  void give_up(std::uint64_t token);

private:
  void work(const std::stop_token& stops);
  /// How long to wait until there is something to do again.
  protocol::duration step();
  void ask();
  void serve();
  void see_begun();
  void stop_serving();
  void let_go();
  protocol::result<actors::durable_store*> store();

  const std::string name_;
  const opener open_;
  const clock now_;
  const singleton_limits limits_;
  const leader_duties duties_;
  const std::shared_ptr<const std::atomic<bool>> is_draining_;
  std::unique_ptr<actors::durable_store> store_; ///< The thread's.
  std::uint64_t serving_ = 0;                    ///< The same: its token.
  /// The same: what has begun, beside which the lease is extended.
  std::future<protocol::result<void>> beginning_;
  bool is_away_ = false;     ///< The same: the store did not answer.
  mutable std::mutex mutex_; ///< Guards what follows.
  singleton_lease lease_;
  bool has_news_ = false;
  std::uint64_t given_up_ = 0; ///< Token of duties that could not be done.
  std::condition_variable_any changed_;
  std::jthread thread_;
};

/// This machine's clock that never steps, and counts while it is suspended
/// (CLOCK_BOOTTIME).
[[nodiscard]] protocol::duration since_boot() noexcept;

} // namespace troupe::cluster
