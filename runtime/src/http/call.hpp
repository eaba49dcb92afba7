#pragma once

#include "http/url.hpp"

#include <troupe/protocol/result.hpp>

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a call over HTTP is made of, and what its caller hears.
namespace troupe::http {

using steady_time = std::chrono::steady_clock::time_point;
using header_list = std::vector<std::pair<std::string, std::string>>;

/// Limits of the phases of a call; the deadline of the call bounds them all.
struct call_timeouts {
  std::chrono::milliseconds connect{10'000};     ///< Name, TCP and TLS.
  std::chrono::milliseconds first_byte{120'000}; ///< From sending on.
  std::chrono::milliseconds idle{60'000};        ///< Between two reads.
};

struct call_request {
  origin to;
  std::string method = "POST";
  std::string target = "/";
  header_list headers; ///< Without Host, Content-Length, Accept-Encoding.
  std::string body;
  steady_time deadline;
  call_timeouts timeouts;
  std::size_t body_bytes_max = 16U << 20U; ///< Of the response.
  /// Where to connect, in this order; empty: where the name leads to.
  std::vector<boost::asio::ip::address> addresses{};
};

struct response_head {
  unsigned status = 0;
  header_list headers; ///< Names in lower case.

  /// The first value of a header (name in lower case), or empty.
  [[nodiscard]] std::string_view value_of(std::string_view name) const;
};

/// Whether the caller wants more of the body. After `enough` the call ends
/// well at once; the rest is read for a moment so that the connection can
/// serve again.
enum class appetite : std::uint8_t { more, enough };

/// Hears of one call, on the I/O thread. Nothing is told after `on_done`,
/// which is told exactly once.
class call_sink {
public:
  call_sink() = default;
  call_sink(const call_sink&) = delete;
  call_sink& operator=(const call_sink&) = delete;
  virtual ~call_sink() = default;

  virtual void on_head(const response_head& head) = 0;
  /// An error ends the call with that error.
  virtual protocol::result<appetite> on_piece(std::string_view piece) = 0;
  /// Until when more must have been told, beside the call's own limits; asked
  /// after the head and after each piece.
  [[nodiscard]] virtual steady_time due() const { return steady_time::max(); }
  /// That time has come. An error ends the call with that error; without one,
  /// `due` is asked again.
  virtual protocol::result<void> on_due(steady_time /*now*/) { return {}; }
  /// Empty: the whole body was told, or enough of it.
  virtual void on_done(const std::optional<protocol::error>& failure) = 0;
};

} // namespace troupe::http
