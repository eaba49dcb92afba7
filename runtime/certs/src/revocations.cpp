#include "asn1_access.hpp"
#include "signing.hpp"

#include <openssl/bn.h>

#include <algorithm>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

using owned_integer = owned<ASN1_INTEGER, &ASN1_INTEGER_free>;
using owned_entry = owned<X509_REVOKED, &X509_REVOKED_free>;

/// A certificate's serial has at most 20 bytes.
constexpr std::size_t serial_digits_max = 40;

bool is_serial(const std::string& text) {
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  };
  return !text.empty() && text.size() <= serial_digits_max
         && std::ranges::all_of(text, is_digit);
}

owned_integer read_serial(const std::string& text) {
  BIGNUM* read = nullptr;
  BN_hex2bn(&read, text.c_str());
  const owned<BIGNUM, &BN_free> number{read};
  return owned_integer{number ? BN_to_ASN1_INTEGER(number.get(), nullptr)
                              : nullptr};
}

bool add_entry(X509_CRL* list, const revoked_serial& one) {
  owned_entry entry{X509_REVOKED_new()};
  const auto serial = read_serial(one.serial);
  const auto when = asn1_time(one.when);
  if (!entry || !serial || !when
      || X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1
      || X509_REVOKED_set_revocationDate(entry.get(), when.get()) != 1
      || X509_CRL_add0_revoked(list, entry.get()) != 1)
    return false;
  static_cast<void>(entry.release());
  return true;
}

bool set_head(X509_CRL* list, const credential& authority, instant now) {
  const auto from = asn1_time(now - clock_slack);
  return from && X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1
         && X509_CRL_set_issuer_name(
                list, X509_get_subject_name(authority.cert.get()))
                == 1
         && X509_CRL_set1_lastUpdate(list, from.get()) == 1
         && X509_CRL_set1_nextUpdate(list,
                                     X509_get0_notAfter(authority.cert.get()))
                == 1;
}

bool add_number(X509_CRL* list, std::uint64_t number) {
  const owned_integer value{ASN1_INTEGER_new()};
  return value && ASN1_INTEGER_set_uint64(value.get(), number) == 1
         && X509_CRL_add1_ext_i2d(list, NID_crl_number, value.get(), 0,
                                  X509V3_ADD_DEFAULT)
                == 1;
}

} // namespace

result<revocation_list>
make_revocations(const credential& authority,
                 std::span<const revoked_serial> revoked, std::uint64_t number,
                 instant now) {
  const error_queue_guard guard;
  const auto bad = fail(errc::internal, "OpenSSL has made no revocation list");
  revocation_list list{X509_CRL_new()};
  if (!list || !set_head(list.get(), authority, now))
    return bad;
  for (const auto& one : revoked) {
    if (!is_serial(one.serial))
      return fail(errc::invalid_request, "serial: 1 to 40 of 0-9a-f");
    if (!add_entry(list.get(), one))
      return bad;
  }
  if (!add_issuer_key(list.get(), authority.cert.get())
      || !add_number(list.get(), number) || X509_CRL_sort(list.get()) != 1
      || X509_CRL_sign(list.get(), authority.key.get(), EVP_sha256()) <= 0)
    return bad;
  return list;
}

} // namespace troupe::certs
