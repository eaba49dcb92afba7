#pragma once

#include "cli/far_node.hpp"

namespace troupe::cluster {

/// Connects to a node as a client. Errors: those of the certificate's files;
/// `unreachable` with what the node or the network says; `invalid_request` for
/// an address without a certificate that is not loopback. Blocking: up to 10 s.
[[nodiscard]] protocol::result<std::unique_ptr<cli::far_node>>
connect_client(const cli::node_access& to);

} // namespace troupe::cluster
