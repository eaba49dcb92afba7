#pragma once

#include <troupe/protocol/result.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <openssl/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::certs {

enum class peer_role : std::uint8_t {
  node,   ///< Takes links and makes them.
  client, ///< Only makes them.
};
BOOST_DESCRIBE_ENUM(peer_role, node, client)

/// Whom a certificate names, by the URI `troupe://CLUSTER/ROLE/NAME` in it.
struct peer_identity {
  std::string cluster;
  peer_role role = peer_role::node;
  std::string name; ///< Unique in the cluster.

  bool operator==(const peer_identity&) const = default;
};
BOOST_DESCRIBE_STRUCT(peer_identity, (), (cluster, role, name))

/// True for 1 to 64 letters, digits, '-', '_' and '.', of which the first is a
/// letter or a digit. ASCII. Clusters, nodes and clients are named so.
[[nodiscard]] bool is_peer_name(std::string_view text) noexcept;

/// As it stands in a certificate: `troupe://CLUSTER/ROLE/NAME`.
[[nodiscard]] std::string to_uri(const peer_identity& who);

/// Reads a URI as `to_uri` writes it, byte for byte. Errors: `tls_untrusted`.
[[nodiscard]] protocol::result<peer_identity> read_uri(std::string_view uri);

/// Whom a certificate names. It must hold one URI and no other, be no
/// authority's, and be good for what its role does: servers and clients for a
/// node, clients alone for a client. Nothing is said about who has signed it:
/// ask only for certificates that a handshake has accepted.
/// Errors: `tls_untrusted`; the detail repeats nothing of what it holds.
/// Thread safety: any thread, also for one certificate.
[[nodiscard]] protocol::result<peer_identity> read_identity(const X509* cert);

/// Whom the other side of a connection has proved to be, once the handshake is
/// done: of the same cluster as our own certificate, or refused.
/// Errors: `tls_untrusted`. Thread safety: that of the connection.
[[nodiscard]] protocol::result<peer_identity> peer_of(const SSL* connection);

} // namespace troupe::certs
