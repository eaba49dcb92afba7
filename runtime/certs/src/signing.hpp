#pragma once

#include "troupe/certs/authority.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What the making of all certificates has in common.
namespace troupe::certs {

/// Clocks of a cluster may be apart by so much.
inline constexpr auto clock_slack = std::chrono::minutes{5};

/// What a certificate is to say.
struct certificate_plan {
  std::string organization; ///< The cluster; for people.
  std::string common_name;  ///< For people.
  std::string uri;
  std::vector<std::string> addresses;
  bool is_authority = false;
  bool serves = false; ///< It may be shown by a server.
  protocol::instant now;
  protocol::instant until;
};

/// A new P-256 key; null when there is none to be had.
[[nodiscard]] private_key make_key();

/// A certificate for `key`, signed by `issuer`, or by itself when that is null.
/// Null when OpenSSL refuses.
[[nodiscard]] certificate sign_certificate(const certificate_plan& plan,
                                           EVP_PKEY* key,
                                           const credential* issuer);

/// Adds who has signed, by its key. False when OpenSSL refuses.
[[nodiscard]] bool add_issuer_key(X509_CRL* list, X509* issuer);

} // namespace troupe::certs
