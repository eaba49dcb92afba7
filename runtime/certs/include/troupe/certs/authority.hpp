#pragma once

#include "troupe/certs/handles.hpp"
#include "troupe/certs/peer_identity.hpp"

#include <troupe/protocol/time.hpp>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// The authority of a cluster: what it signs, as plain functions. They take the
/// time as an argument and touch no file; keys and serials are random.
/// Blocking: a millisecond of arithmetic. Thread safety: distinct objects, any
/// thread.
namespace troupe::certs {

struct authority_options {
  protocol::instant now;
  std::chrono::days valid{3'650}; ///< 1 to 36,500.
};

/// A P-256 key and a certificate signed with it that may sign those of nodes
/// and clients, and nothing below them. Valid from five minutes ago on, for
/// clocks that are behind. Errors: `invalid_request`, `internal`.
[[nodiscard]] protocol::result<credential>
make_authority(const std::string& cluster, const authority_options& options);

/// What a certificate is asked for.
struct issue_request {
  peer_role role = peer_role::node;
  std::string name;
  /// Host names and IP addresses, at most 32. A node needs one.
  std::vector<std::string> addresses;
  protocol::instant now;
  std::chrono::days valid{365}; ///< 1 to 36,500; not beyond the authority's.
};

/// A new P-256 key and its certificate, with a serial of 128 random bits.
/// Errors: `invalid_request` says which field and what it may be,
/// `config_invalid` (the authority cannot sign: not one, its key is another's,
/// its time is over), `internal`.
[[nodiscard]] protocol::result<credential> issue(const credential& authority,
                                                 const issue_request& what);

/// The cluster that an authority's certificate is for.
/// Errors: `config_invalid`; it is not one that `make_authority` made.
[[nodiscard]] protocol::result<std::string> cluster_of(const X509* authority);

/// One certificate that is not to be trusted any more.
struct revoked_serial {
  std::string serial; ///< Hexadecimal, as `serial_of` writes it.
  protocol::instant when;
};

/// The list of what is revoked, as nodes read it. It holds until the
/// authority's own end: it is a file beside others, and a node that refused all
/// links on the day when a list was not renewed would be no safer. `number`
/// rises with each list. Errors: `invalid_request`, `internal`.
[[nodiscard]] protocol::result<revocation_list>
make_revocations(const credential& authority,
                 std::span<const revoked_serial> revoked, std::uint64_t number,
                 protocol::instant now);

/// A certificate's serial in lower-case hexadecimal.
[[nodiscard]] std::string serial_of(const X509* cert);

} // namespace troupe::certs
