#pragma once

#include "http/call.hpp"
#include "http/connection.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace troupe::http {

/// The connections to one origin: at most `connections_max` in use and idle
/// together, and at most `waiting_max` calls that wait for one.
/// Used on the I/O thread only.
class connection_pool {
public:
  /// Told when a call may go: with a connection to use again, or null to open
  /// one of its own.
  using go = std::function<void(std::unique_ptr<connection>)>;

  connection_pool(std::uint32_t connections_max, std::uint32_t waiting_max)
      : connections_max_(connections_max), waiting_max_(waiting_max) {}

  /// Calls `on_go` now or later. False when the queue is full: never called.
  [[nodiscard]] bool take(std::uint64_t call, go on_go);
  /// Forgets a call that waits.
  void forget(std::uint64_t call);
  /// Ends a call's use; a connection that may serve again, or null.
  void give_back(std::unique_ptr<connection> reusable, steady_time now);
  /// Closes what has been idle since before `limit`.
  void drop_idle(steady_time limit);

  [[nodiscard]] bool has_idle() const noexcept { return !idle_.empty(); }

private:
  struct waiting {
    std::uint64_t call;
    go on_go;
  };

  [[nodiscard]] std::unique_ptr<connection> take_idle();

  std::uint32_t connections_max_;
  std::uint32_t waiting_max_;
  std::uint32_t in_use_ = 0;
  std::vector<std::unique_ptr<connection>> idle_;
  std::deque<waiting> queue_; // bounded by waiting_max_
};

} // namespace troupe::http
