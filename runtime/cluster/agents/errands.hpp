#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace troupe::cluster {

/// Threads for what blocks: one that does short things in order, and looks
/// around in between, and one for each long thing. Thread safety: any thread.
class errands {
public:
  static constexpr std::size_t short_max = 1'000;
  static constexpr std::size_t long_max = 8;
  static constexpr std::chrono::milliseconds pace{500};

  errands() = default;
  ~errands() { close(); }
  errands(const errands&) = delete;
  errands& operator=(const errands&) = delete;

  /// `look`: called each `pace`.
  void begin(std::function<void()> look);
  /// What has not begun is given up; waits for the rest.
  void close();

  /// False: as many wait as may.
  [[nodiscard]] bool add_short(std::function<void()> what);
  /// False: as many are under way as may be.
  [[nodiscard]] bool add_long(std::function<void()> what);

private:
  struct one_long {
    std::thread thread;
    bool has_ended = false;
  };

  void work();
  void sweep();

  std::mutex mutex_; ///< Guards what follows.
  std::condition_variable changed_;
  std::deque<std::function<void()>> short_; // bounded by short_max
  std::map<std::uint64_t, one_long> long_;  // bounded by long_max
  std::uint64_t last_ = 0;
  bool is_closed_ = true;
  std::function<void()> look_;
  std::thread worker_;
};

} // namespace troupe::cluster
