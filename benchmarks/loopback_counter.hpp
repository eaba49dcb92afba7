#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace troupe::benchmarks {

/// An HTTP server on loopback, in a process of its own, that counts what is
/// posted to it: each adds a line to a file, the body and its Idempotency-Key.
/// It does not look at the key otherwise, as many do. Make it before any
/// thread.
class loopback_counter {
public:
  explicit loopback_counter(const std::string& file);
  ~loopback_counter();
  loopback_counter(const loopback_counter&) = delete;
  loopback_counter& operator=(const loopback_counter&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

/// Posts to it and waits for the answer; false: there was none.
[[nodiscard]] bool post_to(std::uint16_t port, const std::string& body,
                           const std::string& key);

} // namespace troupe::benchmarks
