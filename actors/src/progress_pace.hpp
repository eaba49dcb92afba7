#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace troupe::actors {

/// Of the note in a `task_progress`.
inline constexpr std::size_t progress_note_bytes_max = 512;

/// Keeps code that tells its progress all the time from filling mailboxes.
class progress_pace {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds least{100};

  /// True for what is to be told: the first, what comes `least` after the last
  /// that was told, and the end.
  bool lets_through(std::uint32_t permille, time_point now) {
    if (told_at_ && now - *told_at_ < least && permille < 1'000)
      return false;
    told_at_ = now;
    return true;
  }

private:
  std::optional<time_point> told_at_;
};

} // namespace troupe::actors
