#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::certs {

/// What a node or client has to show, as PEM files.
struct link_files {
  std::string ca_file; ///< The authority's certificate, and no other.
  std::string cert_file;
  std::string key_file; ///< Ours alone: mode 0600 or stricter, no passphrase.
  std::string crl_file; ///< What is revoked; empty: nothing is.
};

/// The files of a certificate where a folder holds all: `ca.crt` beside it, its
/// own name with `.key`, and `ca.crl` if there is one. Blocking: looks for
/// that.
[[nodiscard]] link_files files_beside(const std::string& cert_file);

/// One thing that was looked at.
struct link_check {
  std::string what; ///< `authority`, `certificate`, `dates`, ...
  std::optional<protocol::error> problem;
};

/// Looks at all that a link needs, in order; what cannot be looked at because
/// of an earlier problem is left out. Blocking: reads the files, none larger
/// than 4 MiB. Thread safety: any thread.
[[nodiscard]] std::vector<link_check> check_link_files(const link_files& files,
                                                       protocol::instant now);

/// A context for both ends of links in a cluster: TLS 1.3 alone; the other side
/// must show a certificate of this authority that is valid, not revoked and
/// good for its side (a client's does not serve). The system's authorities
/// count for nothing. No session is resumed, so that whoever was revoked has to
/// show the certificate again; links that are open stay open. A file that
/// changes is seen by the next context, not by this one.
///
/// Who the peer is has to be asked with `peer_of` after the handshake. Under
/// TLS 1.3 the connecting side learns of its refusal with its first read.
///
/// `now` is for our own certificate; handshakes look at the system's clock.
/// Errors, one for each cause, with the file and the next step:
/// `file_unreadable`, `key_file_open`, `config_invalid`, `tls_untrusted`.
/// Blocking: as `check_link_files`. Thread safety: any thread; the context may
/// be used by several at once.
[[nodiscard]] protocol::result<std::shared_ptr<boost::asio::ssl::context>>
make_link_context(const link_files& files, protocol::instant now);

/// Why a handshake has refused the other side, as "certificate has expired";
/// empty when its certificate was not the reason.
[[nodiscard]] std::string refusal_of(const SSL* connection);

} // namespace troupe::certs
