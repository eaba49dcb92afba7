#pragma once

#include <troupe/certs/handles.hpp>

#include <string>
#include <vector>

namespace troupe::test {

/// An alternative name, of any kind and with any bytes.
struct odd_name {
  int kind;
  std::string bytes;
};

/// A certificate that no authority of ours would sign.
struct odd_certificate {
  /// A list for each extension of alternative names.
  std::vector<std::vector<odd_name>> names;
  std::vector<int> usages; ///< By OpenSSL's numbers; empty: no extension.
  bool is_authority = false;
};

/// Signed by itself, valid for an hour. Throws when OpenSSL refuses.
[[nodiscard]] certs::credential make_odd(const odd_certificate& wish);

/// Its bytes (DER).
[[nodiscard]] std::string bytes_of(const X509* cert);

/// Reads bytes (DER); null when they are no certificate.
[[nodiscard]] certs::certificate from_bytes(const std::string& bytes);

} // namespace troupe::test
