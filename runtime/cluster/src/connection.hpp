#pragma once

#include "hello.hpp"
#include "inbound.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace troupe::cluster {

class connection;

/// Who is told of a connection, on its thread; must not block.
class connection_owner {
public:
  virtual ~connection_owner() = default;
  /// The other side has said who it is. Nothing more is read before `adopt`.
  virtual void on_hello(const std::shared_ptr<connection>& it, hello theirs,
                        std::optional<peer_name> certified) = 0;
  virtual void on_frames(const connection& it, inbound_batch what) = 0;
  /// Once, the last. `is_refused`: nobody listens at that address.
  virtual void on_closed(const connection& it, const protocol::error& why,
                         bool is_refused) = 0;
};

/// With what a connection is made safe.
struct link_security {
  /// The context of a new connection, of the files as they are then; never
  /// null. Empty: neither certificates nor encryption, for loopback only.
  std::function<std::shared_ptr<boost::asio::ssl::context>()> context{};
  /// Reads who the other side is; set when `context` is.
  std::function<protocol::result<peer_name>(SSL*)> identify{};
  /// Whether the other side of an open connection is trusted by a newer
  /// context than it was made with; set when `context` is.
  std::function<protocol::result<void>(boost::asio::ssl::context&, SSL*)>
      still_good{};
};

struct connection_limits {
  inbound_limits inbound{};
  std::chrono::milliseconds opening{5'000}; ///< Until both have said hello.
  /// Read and not yet dealt with by the owner: more is left in the socket.
  std::size_t unread_bytes = 8U << 20U;
  std::size_t unsent_bytes = 160U << 20U; ///< More: the other side is too slow.
};

/// One connection between two nodes, or a client and a node: frames over TLS.
/// Owned by itself while it is open. Thread safety: any thread.
class connection : public std::enable_shared_from_this<connection> {
public:
  using tcp = boost::asio::ip::tcp;

  connection() = default;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  virtual ~connection() = default;

  /// One that was accepted: waits for the other side's hello.
  static std::shared_ptr<connection>
  accept(tcp::socket socket, const link_security& security,
         const connection_limits& limits,
         std::shared_ptr<connection_owner> owner);

  /// Connects to `host:port` and says hello.
  static std::shared_ptr<connection>
  dial(boost::asio::io_context& io, const std::string& address,
       const hello& mine, const link_security& security,
       const connection_limits& limits,
       std::shared_ptr<connection_owner> owner);

  /// Goes on reading, for `owner`. On the accepting side `first` is what is
  /// sent at once, with the hello at its beginning.
  virtual void adopt(std::shared_ptr<connection_owner> owner,
                     std::string first) = 0;

  /// Whole frames; no effect on a closed connection. Never blocks.
  virtual void send(std::string bytes) = 0;

  /// The owner has dealt with so much of what was read.
  virtual void consumed(std::size_t bytes) = 0;

  /// Sends what is unsent as far as that can be done at once, and ends. The
  /// owner is told.
  virtual void close(const std::string& why) = 0;

  /// What one asks of `host:port`. Errors: `invalid_request`.
  [[nodiscard]] static protocol::result<std::pair<std::string, std::string>>
  parse_address(const std::string& address);
};

} // namespace troupe::cluster
