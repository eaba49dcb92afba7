#pragma once

#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

namespace troupe {

/// How fast runs end, and so when those who are refused may come again: each as
/// if it stood in line, so that they do not all come at once. Thread safety:
/// any thread.
class run_pace {
public:
  /// So many of the last ends tell the pace.
  static constexpr std::size_t ends_max = 16;
  static constexpr protocol::duration wait_min = std::chrono::milliseconds{10};
  static constexpr protocol::duration wait_max = std::chrono::seconds{30};
  /// Between two ends, where nothing is known.
  static constexpr protocol::duration unknown_gap = std::chrono::seconds{1};

  void ended(protocol::instant at);

  /// How long one more who is refused had better wait, within those bounds.
  [[nodiscard]] protocol::duration refuse();

private:
  mutable std::mutex mutex_;           ///< Guards what follows.
  std::deque<protocol::instant> ends_; // bounded by ends_max
  std::int64_t refused_ = 0;           ///< More than have ended since.
};

} // namespace troupe
