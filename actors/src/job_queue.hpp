#pragma once

#include <caf/policy/unprofiled.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace troupe::actors {

/// The actors that have something to do, first come, first served.
/// Each actor is in it once at most, and so their number bounds it.
/// Thread safety: any thread.
class job_queue {
public:
  void push(caf::resumable* job) {
    bool has_sleeper = false;
    {
      const std::lock_guard guard{mutex_};
      if (count_ == ring_.size())
        grow();
      ring_[(first_ + count_++) & (ring_.size() - 1)] = job;
      has_sleeper = sleepers_ > 0;
    }
    if (has_sleeper)
      awake_.notify_one();
  }

  /// Waits for a job; CAF's `stop` sends each worker one that ends it.
  [[nodiscard]] caf::resumable* pop() {
    std::unique_lock guard{mutex_};
    ++sleepers_;
    awake_.wait(guard, [&] { return count_ > 0; });
    --sleepers_;
    return take();
  }

  /// Null when there is none.
  [[nodiscard]] caf::resumable* try_pop() {
    const std::lock_guard guard{mutex_};
    return count_ > 0 ? take() : nullptr;
  }

private:
  [[nodiscard]] caf::resumable* take() {
    auto* job = ring_[first_];
    first_ = (first_ + 1) & (ring_.size() - 1);
    --count_;
    return job;
  }

  void grow() {
    std::vector<caf::resumable*> bigger(2 * ring_.size());
    for (std::size_t i = 0; i < count_; ++i)
      bigger[i] = ring_[(first_ + i) & (ring_.size() - 1)];
    ring_ = std::move(bigger);
    first_ = 0;
  }

  std::mutex mutex_; ///< Guards all of this.
  std::condition_variable awake_;
  /// Of a power of two; never smaller again.
  /// Its size is a power of two, and never shrinks.
  std::vector<caf::resumable*> ring_ = std::vector<caf::resumable*>(256);
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::size_t sleepers_ = 0;
};

/// A scheduling policy of CAF with one queue for all workers, as CAF's own
/// `sharing`, but without an allocation and a signal for each job. Any job may
/// go to any worker: none waits behind another's long work.
/// CAF calls these; their names are its own.
class shared_jobs : public caf::policy::unprofiled {
public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}
    job_queue queue;
  };
  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    d(self).queue.push(job);
  }
  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    central_enqueue(self->parent(), job);
  }
  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    central_enqueue(self->parent(), job);
  }
  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    central_enqueue(self->parent(), job);
  }
  template <class Worker>
  [[nodiscard]] caf::resumable* dequeue(Worker* self) {
    return d(self->parent()).queue.pop();
  }

  /// What is left when the workers have ended.
  template <class Worker, class F>
  void foreach_resumable(Worker*, F) {}
  template <class Coordinator, class F>
  void foreach_central_resumable(Coordinator* self, F f) {
    while (auto* job = d(self).queue.try_pop())
      f(job);
  }
};

} // namespace troupe::actors
