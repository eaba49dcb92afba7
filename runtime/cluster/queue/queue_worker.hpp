#pragma once

#include "mission_queue.hpp"

#include <troupe/runtime/runtime.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace troupe {
class engine;
class store_journal;
} // namespace troupe

namespace troupe::cluster {

struct queue_worker_config {
  std::string node;
  std::string journal; ///< The URL of the store that all nodes share.
  protocol::duration lease{};
  std::uint32_t runs_max = 1; ///< Of the queue, at one time.
  std::shared_ptr<const std::atomic<bool>> is_draining;
};

/// Works off the missions of a cluster's queue: claims one when there is room,
/// begins its run under the id that it was given with, or goes on with it, and
/// holds the claim until the run has ended. A thread of its own, with
/// connections of its own. `host` outlives it. Thread safety: any thread.
class queue_worker {
public:
  queue_worker(runtime& host, engine& at, queue_worker_config config);
  ~queue_worker();
  queue_worker(const queue_worker&) = delete;
  queue_worker& operator=(const queue_worker&) = delete;

  /// For clients. Blocking: as the store. Errors: as `mission_queue`.
  protocol::result<protocol::id> add(const ask_run& what);
  protocol::result<std::vector<queued_mission>> list();

private:
  struct held {
    mission_queue::claimed what;
    std::optional<mission_run> run; ///< None: somebody else goes on with it.
    std::chrono::steady_clock::time_point extended;
  };
  enum class past : std::uint8_t { none, open, ended };

  protocol::result<mission_queue*> queue(std::unique_ptr<mission_queue>& it);
  void work(const std::stop_token& stops);
  void look();
  void claim();
  void begin(held& it);
  /// True: somebody works on it, whose end is waited for.
  bool goes_on(protocol::id run, const protocol::error& why);
  bool is_open_here(protocol::id run);
  void hand_back(held& it, const protocol::error& why);
  /// True: there is nothing more to hold.
  bool attend(held& it);
  void finish(const protocol::result<void>& outcome, const held& it);
  protocol::result<past> past_of(protocol::id run);
  void leave();

  runtime& host_;
  engine& engine_;
  queue_worker_config config_;
  std::mutex asked_mutex_; ///< Guards what follows.
  std::unique_ptr<mission_queue> asked_;
  std::unique_ptr<mission_queue> own_; ///< Of the thread, as what follows.
  std::unique_ptr<store_journal> journal_;
  std::vector<held> held_; // bounded by runs_max
  std::mutex mutex_;
  std::condition_variable_any ends_;
  std::jthread thread_; ///< The last: it uses all above.
};

} // namespace troupe::cluster
