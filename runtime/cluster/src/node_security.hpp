#pragma once

#include "connection.hpp"
#include "troupe/cluster/node.hpp"

namespace troupe::cluster {

/// With certificates, or without any. Errors: those of
/// `certs::make_link_context`.
[[nodiscard]] protocol::result<link_security>
make_security(const node_certificates& files);

/// Whether the certificate is the node's own. Errors: `config_invalid`.
[[nodiscard]] protocol::result<void> check_own_name(const node_config& config);

/// `localhost`, 127.0.0.0/8 or ::1.
[[nodiscard]] bool is_loopback(const std::string& host);

} // namespace troupe::cluster
