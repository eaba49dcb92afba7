#pragma once

#include <troupe/certs/peer_identity.hpp>

#include <boost/asio/ssl/context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace troupe::test {

using tls = std::shared_ptr<boost::asio::ssl::context>;

/// What one end has seen of a handshake.
struct handshake_end {
  boost::system::error_code problem; ///< Of the handshake.
  std::string refusal;               ///< Of the other's certificate.
  std::string peer;                  ///< As a URI; empty: refused.
  bool is_resumed = false;
  bool can_resume = false; ///< It was given a ticket.
  std::string version;
};

struct handshake_outcome {
  handshake_end server;
  handshake_end client;
  /// A byte has come from each side to the other.
  bool is_open = false;
};

/// Lets two contexts meet on a pair of sockets, at most 20 s. `session`, when
/// it is not null, is offered by the client; it gets the new one. `look` is
/// shown both connections, the server's first, before they end.
[[nodiscard]] handshake_outcome
meet(const tls& server, const tls& client,
     std::shared_ptr<SSL_SESSION>* session = nullptr,
     const std::function<void(SSL*, SSL*)>& look = {});

} // namespace troupe::test
