#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace troupe::tools {

/// Where one thread puts what another waits for.
template <class T>
class outcome_box {
public:
  void put(T outcome) {
    const std::lock_guard lock{mutex_};
    outcome_.emplace(std::move(outcome));
    changed_.notify_all();
  }

  /// Nothing: `due` has come, or a stop.
  [[nodiscard]] std::optional<T> take(std::chrono::steady_clock::time_point due,
                                      const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_until(lock, stop, due,
                             [this] { return outcome_.has_value(); }))
      return std::nullopt;
    return std::exchange(outcome_, std::nullopt);
  }

private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<T> outcome_;
};

} // namespace troupe::tools
