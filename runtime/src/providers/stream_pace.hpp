#pragma once

#include <troupe/protocol/result.hpp>

#include <chrono>
#include <cstdint>

/// What keeps a provider from holding a call with signs of life alone.
namespace troupe::providers {

/// What counts is content: text, reasoning and tool calls. Comments and empty
/// events keep a connection alive, not a call.
struct pace_limits {
  std::chrono::milliseconds first{300'000}; ///< From the head on.
  std::chrono::milliseconds next{120'000};  ///< Between two pieces.
  /// Least content of each window, from the first piece on; 0: no limit.
  std::uint64_t bytes_min = 0;
  std::chrono::milliseconds window{30'000};
};

/// Watches how fast an answer comes. A rule: time is told. Not thread-safe.
class stream_pace {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit stream_pace(const pace_limits& limits) : limits_(limits) {}

  /// The head has come.
  void begin(time_point now) noexcept;
  /// So much content has come so far.
  void note(std::uint64_t bytes, time_point now) noexcept;
  /// When `check` is to be asked; `max` before the head.
  [[nodiscard]] time_point due() const noexcept;
  /// Errors: `provider_timeout`. Asked early: none.
  [[nodiscard]] protocol::result<void> check(time_point now);

private:
  [[nodiscard]] bool has_begun() const noexcept { return bytes_ > 0; }
  [[nodiscard]] time_point next_due() const noexcept;
  [[nodiscard]] time_point window_due() const noexcept;

  pace_limits limits_;
  bool is_watched_ = false;
  time_point heard_{}; ///< Of content last; at first, of the head.
  std::uint64_t bytes_ = 0;
  time_point window_start_{};
  std::uint64_t window_bytes_ = 0; ///< `bytes_` when it began.
};

} // namespace troupe::providers
