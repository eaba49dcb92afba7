#pragma once

#include <troupe/runtime/runtime.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace troupe::cluster {

/// Goes on with runs of a journal that several nodes share and whose node is
/// gone. Which of them gets a run is decided by its lease. A thread of its own
/// looks with a connection of its own.
class run_adopter {
public:
  /// `pace`: between two looks, drawn at random around it. `host` outlives it.
  run_adopter(runtime& host, std::string journal, protocol::duration pace,
              std::shared_ptr<const std::atomic<bool>> is_draining);
  run_adopter(const run_adopter&) = delete;
  run_adopter& operator=(const run_adopter&) = delete;

  /// How many runs it has gone on with.
  [[nodiscard]] std::uint64_t adopted() const { return adopted_; }

private:
  void work(const std::stop_token& stops);
  void look();
  void adopt(protocol::id run);

  static constexpr std::size_t refused_max = 10'000;
  using time_point = std::chrono::steady_clock::time_point;

  runtime& host_;
  std::string journal_;
  protocol::duration pace_;
  std::shared_ptr<const std::atomic<bool>> is_draining_;
  std::atomic<std::uint64_t> adopted_{0};
  std::map<protocol::id, time_point> refused_; // bounded by refused_max
  std::mutex mutex_;
  std::condition_variable_any ends_;
  std::jthread thread_; ///< The last: it uses all above.
};

} // namespace troupe::cluster
