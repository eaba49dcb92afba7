#include "signing.hpp"

#include "addresses.hpp"
#include "asn1_access.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>

namespace troupe::certs {

namespace {

using owned_number = owned<BIGNUM, &BN_free>;
using owned_bits = owned<ASN1_BIT_STRING, &ASN1_BIT_STRING_free>;
using owned_name = owned<GENERAL_NAME, &GENERAL_NAME_free>;
using owned_extension = owned<X509_EXTENSION, &X509_EXTENSION_free>;

constexpr int is_critical = 1;

bool set_serial(X509* cert) {
  const owned_number number{BN_new()};
  return number
         && BN_rand(number.get(), 128, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
         && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(cert))
                != nullptr;
}

bool set_times(X509* cert, const certificate_plan& plan) {
  const auto from = asn1_time(plan.now - clock_slack);
  const auto until = asn1_time(plan.until);
  return from && until && X509_set1_notBefore(cert, from.get()) == 1
         && X509_set1_notAfter(cert, until.get()) == 1;
}

bool add_word(X509_NAME* name, const char* field, const std::string& text) {
  return X509_NAME_add_entry_by_txt(
             name, field, MBSTRING_ASC,
             reinterpret_cast<const unsigned char*>(text.data()),
             static_cast<int>(text.size()), -1, 0)
         == 1;
}

bool set_names(X509* cert, const certificate_plan& plan, X509* issuer) {
  auto* subject = X509_get_subject_name(cert);
  return add_word(subject, "O", plan.organization)
         && add_word(subject, "CN", plan.common_name)
         && X509_set_issuer_name(cert, issuer == nullptr
                                           ? subject
                                           : X509_get_subject_name(issuer))
                == 1;
}

bool add_limits(X509* cert, bool authority) {
  const owned_limits limits{BASIC_CONSTRAINTS_new()};
  if (!limits)
    return false;
  limits->ca = authority ? 0xff : 0;
  if (authority) {
    limits->pathlen = ASN1_INTEGER_new();
    if (limits->pathlen == nullptr || ASN1_INTEGER_set(limits->pathlen, 0) != 1)
      return false;
  }
  return X509_add1_ext_i2d(cert, NID_basic_constraints, limits.get(),
                           is_critical, X509V3_ADD_DEFAULT)
         == 1;
}

bool add_key_usage(X509* cert, bool authority) {
  const owned_bits bits{ASN1_BIT_STRING_new()};
  if (!bits)
    return false;
  // Bits as in RFC 5280, 4.2.1.3: digitalSignature; keyCertSign, cRLSign.
  const bool set = authority
                       ? ASN1_BIT_STRING_set_bit(bits.get(), 5, 1) == 1
                             && ASN1_BIT_STRING_set_bit(bits.get(), 6, 1) == 1
                       : ASN1_BIT_STRING_set_bit(bits.get(), 0, 1) == 1;
  return set
         && X509_add1_ext_i2d(cert, NID_key_usage, bits.get(), is_critical,
                              X509V3_ADD_DEFAULT)
                == 1;
}

bool add_usages(X509* cert, bool serves) {
  const owned_usages usages{EXTENDED_KEY_USAGE_new()};
  // The objects are constants of OpenSSL, which nobody has to free.
  return usages
         && (!serves
             || sk_ASN1_OBJECT_push(usages.get(), OBJ_nid2obj(NID_server_auth))
                    > 0)
         && sk_ASN1_OBJECT_push(usages.get(), OBJ_nid2obj(NID_client_auth)) > 0
         && X509_add1_ext_i2d(cert, NID_ext_key_usage, usages.get(), 0,
                              X509V3_ADD_DEFAULT)
                == 1;
}

owned_name text_name(int type, const std::string& text) {
  owned_name name{GENERAL_NAME_new()};
  auto* value = ASN1_IA5STRING_new();
  if (!name || value == nullptr
      || ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()))
             != 1) {
    ASN1_IA5STRING_free(value);
    return nullptr;
  }
  GENERAL_NAME_set0_value(name.get(), type, value);
  return name;
}

owned_name address_name(const std::string& address) {
  if (!is_ip_address(address))
    return text_name(GEN_DNS, address);
  owned_name name{GENERAL_NAME_new()};
  auto* bytes = a2i_IPADDRESS(address.c_str());
  if (!name || bytes == nullptr) {
    ASN1_OCTET_STRING_free(bytes);
    return nullptr;
  }
  GENERAL_NAME_set0_value(name.get(), GEN_IPADD, bytes);
  return name;
}

bool push(GENERAL_NAMES* names, owned_name name) {
  if (!name || sk_GENERAL_NAME_push(names, name.get()) <= 0)
    return false;
  static_cast<void>(name.release());
  return true;
}

bool add_names(X509* cert, const certificate_plan& plan) {
  const owned_names names{GENERAL_NAMES_new()};
  if (!names || !push(names.get(), text_name(GEN_URI, plan.uri)))
    return false;
  for (const auto& address : plan.addresses)
    if (!push(names.get(), address_name(address)))
      return false;
  return X509_add1_ext_i2d(cert, NID_subject_alt_name, names.get(), 0,
                           X509V3_ADD_DEFAULT)
         == 1;
}

/// The digests of the keys of both, by which chains are put together.
bool add_key_ids(X509* cert, X509* issuer) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  for (const auto& [kind, value] :
       {std::pair{NID_subject_key_identifier, "hash"},
        std::pair{NID_authority_key_identifier, "keyid:always"}}) {
    const owned_extension made{
        X509V3_EXT_nconf_nid(nullptr, &context, kind, value)};
    if (!made || X509_add_ext(cert, made.get(), -1) != 1)
      return false;
  }
  return true;
}

} // namespace

private_key make_key() {
  return private_key{EVP_EC_gen("P-256")};
}

certificate sign_certificate(const certificate_plan& plan, EVP_PKEY* key,
                             const credential* issuer) {
  certificate cert{X509_new()};
  auto* above = issuer == nullptr ? nullptr : issuer->cert.get();
  auto* signs = issuer == nullptr ? key : issuer->key.get();
  if (!cert || X509_set_version(cert.get(), X509_VERSION_3) != 1
      || !set_serial(cert.get()) || !set_times(cert.get(), plan)
      || !set_names(cert.get(), plan, above)
      || X509_set_pubkey(cert.get(), key) != 1
      || !add_limits(cert.get(), plan.is_authority)
      || !add_key_usage(cert.get(), plan.is_authority)
      || !add_names(cert.get(), plan)
      || (!plan.is_authority && !add_usages(cert.get(), plan.serves))
      || !add_key_ids(cert.get(), above == nullptr ? cert.get() : above)
      || X509_sign(cert.get(), signs, EVP_sha256()) <= 0)
    return nullptr;
  return cert;
}

bool add_issuer_key(X509_CRL* list, X509* issuer) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, list, 0);
  const owned_extension made{X509V3_EXT_nconf_nid(
      nullptr, &context, NID_authority_key_identifier, "keyid:always")};
  return made && X509_CRL_add_ext(list, made.get(), -1) == 1;
}

} // namespace troupe::certs
