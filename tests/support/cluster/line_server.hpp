#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace troupe::test {

/// A server on loopback, on a thread of its own, that sends back each line it
/// is sent. Thread safety: any thread.
class line_server {
public:
  line_server();
  ~line_server();
  line_server(const line_server&) = delete;
  line_server& operator=(const line_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// How many lines it was sent.
  [[nodiscard]] std::uint64_t lines() const;
  /// Waits until it was sent so many; false when they do not come in time.
  [[nodiscard]] bool wait_lines(std::uint64_t count,
                                std::chrono::milliseconds within) const;
  /// Until so many callers have ended their half of the connection, or all.
  [[nodiscard]] bool wait_ended(std::uint64_t count,
                                std::chrono::milliseconds within) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace troupe::test
