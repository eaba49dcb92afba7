#pragma once

#include "http/url.hpp"

#include <troupe/protocol/result.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace troupe::http {

/// A client context: TLS 1.2 or later, the peer's chain is verified against
/// `ca_file` alone, or against the system's authorities when that is empty:
/// these are read once for the process, which takes milliseconds, and shared by
/// all. Errors: `config_invalid` when the file cannot be used. Thread safety:
/// any thread.
[[nodiscard]] protocol::result<std::shared_ptr<boost::asio::ssl::context>>
make_tls_context(const std::string& ca_file);

/// Makes a connection ask for, and insist on, the origin's name or address.
/// False when the library refuses it.
[[nodiscard]] bool expect_host(SSL* connection, const origin& peer);

/// Why a peer was not trusted, as "certificate has expired"; empty when its
/// certificate was not the reason.
[[nodiscard]] std::string verify_problem(SSL* connection);

} // namespace troupe::http
