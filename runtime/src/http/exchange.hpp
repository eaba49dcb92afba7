#pragma once

#include "http/call.hpp"
#include "http/connection.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <functional>
#include <memory>

namespace troupe::http {

/// One call on one connection, from opening it to the end of the body.
/// Used on the I/O thread only; kept alive by its own pending operations.
class exchange : public std::enable_shared_from_this<exchange> {
public:
  using error_code = boost::system::error_code;
  using tcp = boost::asio::ip::tcp;
  using tls_context = std::shared_ptr<boost::asio::ssl::context>;
  /// Told once, when the connection is free: to be used again, or null.
  using when_over = std::function<void(std::unique_ptr<connection>)>;

  exchange(boost::asio::io_context& io, tls_context tls, call_request request,
           std::shared_ptr<call_sink> sink);

  /// Starts the clock; the call may have to wait for its turn.
  void arm();
  /// Uses `reused`, or opens a connection when that is null.
  void start(std::unique_ptr<connection> reused, when_over over);
  /// Ends the call with `failure` and closes its connection. Once over: none.
  void abort(protocol::error failure);
  /// Told when the call ends before its turn came.
  std::function<void()> when_left;

private:
  enum class phase : std::uint8_t { waiting, opening, answer, body, rest };
  using response_parser =
      boost::beast::http::response_parser<boost::beast::http::buffer_body>;

  void open();
  [[nodiscard]] tcp::resolver::results_type given_addresses() const;
  void connect(const tcp::resolver::results_type& found);
  void shake_hands();
  void refuse_handshake(error_code why);
  void send();
  void read_head();
  void on_head_read(error_code why);
  /// True when bytes came that are not HTTP, or passed a bound.
  [[nodiscard]] static bool is_bad_http(error_code why);
  void lose_head(error_code why);
  [[nodiscard]] std::string framing_problem() const;
  void tell_head();
  void read_body();
  void on_body_read(error_code why);
  void take_piece(std::string_view piece);
  void end_body();

  void enter(phase next, std::chrono::milliseconds limit);
  [[nodiscard]] steady_time sink_due() const;
  void watch();
  void on_time();
  void tell_done(const std::optional<protocol::error>& failure);
  void finish(const std::optional<protocol::error>& failure, bool reusable);

  boost::asio::io_context& io_;
  tls_context tls_;
  call_request request_;
  std::shared_ptr<call_sink> sink_;
  when_over over_;
  std::unique_ptr<connection> connection_;
  std::unique_ptr<connection> stale_;
  tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
  steady_time due_{};       ///< What the timer waits for.
  steady_time phase_due_{}; ///< Without what the sink wants.
  phase phase_ = phase::waiting;
  bool is_reused_ = false;
  bool is_told_ = false;
  bool is_over_ = false;
  unsigned interim_heads_ = 0;
  std::size_t body_bytes_ = 0;
  boost::beast::http::request<boost::beast::http::string_body> message_;
  boost::beast::flat_buffer buffer_;
  std::optional<response_parser> parser_;
  std::array<char, 16384> piece_{};
};

} // namespace troupe::http
