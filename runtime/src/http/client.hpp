#pragma once

#include "http/call.hpp"
#include "http/io_thread.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace troupe::http {

struct client_config {
  std::uint32_t connections_max = 32; ///< Per origin; at least 1.
  std::uint32_t waiting_max = 1024;   ///< Calls that wait, per origin.
  std::chrono::milliseconds idle_limit{30'000};
  std::string ca_file; ///< PEM; empty: the system's authorities.
};

/// HTTP/1.1 calls with kept connections. Follows no redirects, asks for no
/// content coding, sends no cookies.
/// Thread safety: any thread. Blocking: never. Lifetime: its `io_thread`
/// outlives it; calls still open when it ends are told `cancelled`.
class client {
public:
  using call_id = std::uint64_t;

  /// Errors: `config_invalid` (CA file).
  [[nodiscard]] static protocol::result<std::unique_ptr<client>>
  make(io_thread& io, client_config config);

  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Starts a call; `sink` hears exactly one `on_done`, on the I/O thread:
  /// `overloaded` (the queue is full), `provider_unavailable` (no
  /// connection), `tls_untrusted`, `provider_timeout`, `provider_malformed`,
  /// `stream_truncated` (also when it was closed without an answer),
  /// `deadline_exceeded`, `cancelled`. A kept connection that turns out to be
  /// dead before any byte of the answer is replaced once.
  call_id start(call_request request, std::shared_ptr<call_sink> sink);

  /// Ends a call and closes its connection; its sink hears `cancelled`.
  /// Unknown, over, or repeated: no effect.
  void cancel(call_id call);

private:
  class core;
  explicit client(std::shared_ptr<core> made);

  std::shared_ptr<core> core_;
};

} // namespace troupe::http
