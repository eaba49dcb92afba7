#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/task.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>

namespace troupe::actors {

/// Where the thread of an agent waits for what another agent answers.
/// Thread-safe.
class colleague_answer {
public:
  void set(protocol::result<protocol::task_result> outcome) {
    {
      const std::lock_guard lock{mutex_};
      if (!outcome_)
        outcome_ = std::move(outcome);
    }
    changed_.notify_all();
  }

  [[nodiscard]] bool is_there() const {
    const std::lock_guard lock{mutex_};
    return outcome_.has_value();
  }

  /// Blocks until there is an answer or `stop` is requested, then for
  /// `cancelled`; at most for `longest`.
  protocol::result<protocol::task_result>
  wait(const std::stop_token& stop,
       std::chrono::steady_clock::duration longest) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, longest,
                      [this] { return outcome_.has_value(); });
    if (outcome_)
      return *outcome_;
    if (stop.stop_requested())
      return protocol::fail(protocol::errc::cancelled, "");
    return protocol::fail(protocol::errc::deadline_exceeded,
                          "no answer came in time");
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<protocol::result<protocol::task_result>> outcome_;
};

} // namespace troupe::actors
