#pragma once

#include "http/url.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace troupe::http {

/// A TCP connection to an origin, with TLS above it where the origin asks.
/// Used on the I/O thread only.
class connection {
public:
  using tcp = boost::asio::ip::tcp;
  using tls_stream = boost::asio::ssl::stream<tcp::socket&>;

  /// `context` is null for plain origins.
  connection(boost::asio::io_context& io,
             std::shared_ptr<boost::asio::ssl::context> context)
      : context_(std::move(context)), socket_(io) {
    if (context_)
      tls_.emplace(socket_, *context_);
  }

  [[nodiscard]] tcp::socket& socket() noexcept { return socket_; }
  [[nodiscard]] std::optional<tls_stream>& tls() noexcept { return tls_; }

  /// Calls `f` with the stream that carries HTTP.
  template <class F>
  void with_stream(F f) {
    if (tls_)
      f(*tls_);
    else
      f(socket_);
  }

  /// Closes at once, without TLS's farewell. Repeated: no effect.
  void close() noexcept;

  /// False when an idle peer has closed, or sent what nobody asked for.
  [[nodiscard]] bool is_quiet();

  std::chrono::steady_clock::time_point idle_since{};

private:
  std::shared_ptr<boost::asio::ssl::context> context_;
  tcp::socket socket_;
  std::optional<tls_stream> tls_;
};

} // namespace troupe::http
