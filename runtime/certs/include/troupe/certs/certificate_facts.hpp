#pragma once

#include "troupe/certs/handles.hpp"

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::certs {

/// What a certificate of a cluster says, for people.
struct certificate_facts {
  std::string cluster;
  std::string role; ///< `authority`, `node` or `client`.
  std::string name; ///< Empty for the authority.
  std::vector<std::string> addresses;
  std::string serial;      ///< Hexadecimal.
  std::string fingerprint; ///< SHA-256 of the whole, hexadecimal.
  protocol::instant valid_from;
  protocol::instant valid_until;

  bool operator==(const certificate_facts&) const = default;
};
BOOST_DESCRIBE_STRUCT(certificate_facts, (),
                      (cluster, role, name, addresses, serial, fingerprint,
                       valid_from, valid_until))

/// Errors: `tls_untrusted` (it names neither a peer nor an authority).
[[nodiscard]] protocol::result<certificate_facts> read_facts(const X509* cert);

/// The same of a PEM file with one certificate. Errors: `file_unreadable`,
/// `config_invalid` (no certificate, or several), `tls_untrusted`. Blocking:
/// reads one file of at most 64 KiB.
[[nodiscard]] protocol::result<certificate_facts>
read_facts(const std::string& file);

/// Whole days until then; negative when it has passed.
[[nodiscard]] std::int64_t days_until(protocol::instant end,
                                      protocol::instant now) noexcept;

} // namespace troupe::certs
