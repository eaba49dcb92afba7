#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

/// The other side of a model call: an endpoint on loopback, and the least that
/// a client can do.
namespace troupe::benchmarks {

/// Serves a fixed answer, in a process of its own: at /whole in one piece, at
/// /stream as events, the first of them by itself; at /hang it never answers,
/// at /drip not behind the first event.
/// Make it before any thread.
class loopback_model {
public:
  loopback_model();
  ~loopback_model();
  loopback_model(const loopback_model&) = delete;
  loopback_model& operator=(const loopback_model&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const;

  /// Waits for the next thing at /hang or /drip, at most ten seconds: true, a
  /// request has come; false, a connection was closed. `at`: when, in seconds.
  [[nodiscard]] bool next_event(double& at) const;

private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
  int events_ = -1;
};

/// What calls took, in microseconds.
struct call_times {
  std::vector<double> whole;
  std::vector<double> first; ///< Until the first piece of the body.
  double seconds = 0;        ///< All together.
  double cpu_seconds = 0;    ///< Of this process.
};

/// The value that this share of them does not pass; there must be one.
[[nodiscard]] double quantile(std::vector<double> values, double share);

/// Bare Beast: `count` POSTs of `body` to `target`, `at_once` at one time, each
/// on a connection that is kept.
[[nodiscard]] call_times bare_calls(const loopback_model& to,
                                    const std::string& target,
                                    const std::string& body, std::int64_t count,
                                    std::int64_t at_once);

} // namespace troupe::benchmarks
