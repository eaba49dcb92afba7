#pragma once

#include "support/cluster/descriptor.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace troupe::test {

/// Reads what a process prints, on a thread of its own, so that the process
/// never waits for its reader. Thread safety: any thread.
class line_log {
public:
  explicit line_log(descriptor from);
  ~line_log();
  line_log(const line_log&) = delete;
  line_log& operator=(const line_log&) = delete;

  /// The next line with that text, behind the one that the last call has found;
  /// none when it does not come in time, or the output ends before.
  [[nodiscard]] std::optional<std::string>
  wait(std::string_view text, std::chrono::milliseconds within);

  /// The last lines, for a test that fails.
  [[nodiscard]] std::string tail(std::size_t lines_max = 40) const;

private:
  void read();
  void take(std::string_view bytes);

  static constexpr std::size_t lines_kept = 20'000;
  static constexpr std::size_t line_bytes_max = 4'096;

  descriptor from_;
  descriptor stop_;
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::deque<std::string> lines_; // bounded by lines_kept
  std::size_t forgotten_ = 0;     ///< How many lines came before `lines_`.
  std::size_t seen_ = 0;          ///< How many lines `wait` has gone past.
  std::string open_line_;
  bool has_ended_ = false;
  std::thread reader_;
};

} // namespace troupe::test
