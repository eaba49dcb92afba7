#pragma once

#include "connection.hpp"

namespace troupe::cluster {

/// A connection that has not begun yet. Private to connections.
class opening_connection : public connection {
public:
  /// Waits for the other side, in the thread of the socket's executor.
  virtual void start_accepted() = 0;
  /// Connects; `hello` is the first frame. Any thread.
  virtual void start_dialled(const std::string& host, const std::string& port,
                             std::string hello) = 0;
};

struct connection_start {
  link_security security;
  connection_limits limits;
  std::shared_ptr<connection_owner> owner;
  std::shared_ptr<boost::asio::ssl::context> context{}; ///< Made from these.
};

/// Over TLS, or plain where `security` has no context.
[[nodiscard]] std::shared_ptr<opening_connection>
make_connection(boost::asio::ip::tcp::socket socket, connection_start start);

} // namespace troupe::cluster
