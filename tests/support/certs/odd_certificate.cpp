#include "support/certs/odd_certificate.hpp"

#include "asn1_access.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace troupe::test {

namespace {

using namespace certs;

void need(bool good) {
  if (!good)
    throw std::runtime_error("odd certificate");
}

void push(GENERAL_NAMES* into, const odd_name& wish) {
  auto* name = GENERAL_NAME_new();
  auto* value = ASN1_IA5STRING_new();
  need(ASN1_STRING_set(value, wish.bytes.data(),
                       static_cast<int>(wish.bytes.size()))
       == 1);
  GENERAL_NAME_set0_value(name, wish.kind, value);
  need(sk_GENERAL_NAME_push(into, name) > 0);
}

void add_names(X509* cert, const std::vector<odd_name>& wish) {
  const owned_names names{GENERAL_NAMES_new()};
  for (const auto& each : wish)
    push(names.get(), each);
  need(X509_add1_ext_i2d(cert, NID_subject_alt_name, names.get(), 0,
                         X509V3_ADD_APPEND)
       == 1);
}

void add_usages(X509* cert, const std::vector<int>& wish) {
  const owned_usages usages{EXTENDED_KEY_USAGE_new()};
  for (const auto each : wish)
    need(sk_ASN1_OBJECT_push(usages.get(), OBJ_nid2obj(each)) > 0);
  need(X509_add1_ext_i2d(cert, NID_ext_key_usage, usages.get(), 0,
                         X509V3_ADD_DEFAULT)
       == 1);
}

} // namespace

credential make_odd(const odd_certificate& wish) {
  private_key key{EVP_EC_gen("P-256")};
  certificate cert{X509_new()};
  need(key && cert && X509_set_version(cert.get(), X509_VERSION_3) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3'600);
  X509_set_pubkey(cert.get(), key.get());
  for (const auto& each : wish.names)
    add_names(cert.get(), each);
  if (!wish.usages.empty())
    add_usages(cert.get(), wish.usages);
  if (wish.is_authority) {
    const owned_limits limits{BASIC_CONSTRAINTS_new()};
    limits->ca = 0xff;
    need(X509_add1_ext_i2d(cert.get(), NID_basic_constraints, limits.get(), 1,
                           X509V3_ADD_DEFAULT)
         == 1);
  }
  need(X509_sign(cert.get(), key.get(), EVP_sha256()) > 0);
  return {std::move(cert), std::move(key)};
}

std::string bytes_of(const X509* cert) {
  unsigned char* bytes = nullptr;
  const auto size = i2d_X509(cert, &bytes);
  need(size > 0);
  std::string text(reinterpret_cast<const char*>(bytes),
                   static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return text;
}

certificate from_bytes(const std::string& bytes) {
  const error_queue_guard guard;
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  return certificate{d2i_X509(nullptr, &at, static_cast<long>(bytes.size()))};
}

} // namespace troupe::test
