#pragma once

#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>

namespace troupe::cluster {

/// How a node stands with another one. Times are monotonic.
enum class peer_state : std::uint8_t {
  joining, ///< It has never answered.
  up,
  suspect, ///< It has not answered for a while: it gets nothing new.
  down,    ///< What was asked of it has been answered as `unreachable`.
};
BOOST_DESCRIBE_ENUM(peer_state, joining, up, suspect, down)

[[nodiscard]] std::string_view name_of(peer_state it) noexcept;

struct watch_limits {
  std::chrono::milliseconds beat{500};
  std::chrono::milliseconds suspect_after{1'500}; ///< Of silence.
  std::chrono::milliseconds down_after{3'000};
  std::chrono::milliseconds retry_min{50}; ///< Between tries to connect.
  std::chrono::milliseconds retry_max{5'000};
  /// A connection that held so long was a good one.
  std::chrono::milliseconds settled_after{10'000};
};

/// Decides, from answers to pings, whether a node is there: whoever hears but
/// is not heard, as behind a link that is cut one way, does not answer; whoever
/// is slow is suspected before it is given up. Pure.
class peer_watch {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using milliseconds = std::chrono::milliseconds;

  peer_watch(const watch_limits& limits, time_point now)
      : limits_(limits), answered_(now) {}

  /// A connection is there, with both hellos.
  void connected(time_point now);
  /// It has ended. `is_refused`: nobody listens where the node was.
  void lost(bool is_refused, time_point now);
  /// The answer to a ping that was sent on this connection.
  void answered(time_point now);

  /// What it is now; to be asked with each beat.
  [[nodiscard]] peer_state look(time_point now);
  [[nodiscard]] peer_state state() const noexcept { return state_; }
  [[nodiscard]] bool is_connected() const noexcept { return is_connected_; }
  [[nodiscard]] milliseconds silence(time_point now) const;

  /// When to try again after a connection was lost or not to be had: twice as
  /// long each time, drawn at random up to that (`random`: any number).
  [[nodiscard]] milliseconds retry_pause(std::uint64_t random);

private:
  watch_limits limits_;
  peer_state state_ = peer_state::joining;
  bool is_connected_ = false;
  bool has_answered_ = false; ///< On this connection.
  bool is_refused_ = false;
  time_point answered_;
  time_point connected_at_{};
  std::uint32_t tries_ = 0; ///< Since a connection has settled.
};

} // namespace troupe::cluster
