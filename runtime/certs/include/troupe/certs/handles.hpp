#pragma once

#include <openssl/types.h>

#include <memory>

namespace troupe::certs {

/// Frees what OpenSSL has made.
struct openssl_free {
  void operator()(X509* it) const noexcept;
  void operator()(X509_CRL* it) const noexcept;
  void operator()(EVP_PKEY* it) const noexcept;
};

using certificate = std::unique_ptr<X509, openssl_free>;
using revocation_list = std::unique_ptr<X509_CRL, openssl_free>;
using private_key = std::unique_ptr<EVP_PKEY, openssl_free>;

/// A certificate and the key that belongs to it. Thread safety: none.
struct credential {
  certificate cert;
  private_key key;
};

} // namespace troupe::certs
