#include "troupe/certs/handles.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace troupe::certs {

void openssl_free::operator()(X509* it) const noexcept {
  X509_free(it);
}

void openssl_free::operator()(X509_CRL* it) const noexcept {
  X509_CRL_free(it);
}

void openssl_free::operator()(EVP_PKEY* it) const noexcept {
  EVP_PKEY_free(it);
}

} // namespace troupe::certs
