#include "troupe/certs/certificate_facts.hpp"

#include "asn1_access.hpp"
#include "pem_files.hpp"
#include "troupe/certs/authority.hpp"
#include "troupe/certs/peer_identity.hpp"

#include <openssl/evp.h>

#include <arpa/inet.h>
#include <array>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

std::string hex(const unsigned char* bytes, std::size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 15U];
  }
  return text;
}

std::string fingerprint_of(const X509* cert) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (X509_digest(cert, EVP_sha256(), bytes.data(), &size) != 1)
    return {};
  return hex(bytes.data(), size);
}

/// Text of an IP address; hexadecimal when it has another length.
std::string address_text(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto kind = bytes.size() == sizeof(in_addr)    ? AF_INET
                    : bytes.size() == sizeof(in6_addr) ? AF_INET6
                                                       : AF_UNSPEC;
  if (kind != AF_UNSPEC
      && ::inet_ntop(kind, bytes.data(), text.data(), text.size()) != nullptr)
    return text.data();
  return hex(reinterpret_cast<const unsigned char*>(bytes.data()),
             bytes.size());
}

/// Bytes that a terminal might obey become dots.
std::string plain(std::string_view bytes) {
  constexpr std::size_t chars_max = 253;
  std::string text;
  for (const char c : bytes.substr(0, chars_max))
    text += c > ' ' && c <= '~' ? c : '.';
  return text;
}

std::vector<std::string> addresses_of(const X509* cert) {
  std::vector<std::string> all;
  const auto names = names_of(cert);
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS)
      all.push_back(plain(bytes_of(name->d.dNSName)));
    else if (name->type == GEN_IPADD)
      all.push_back(address_text(bytes_of(name->d.iPAddress)));
  }
  return all;
}

} // namespace

result<certificate_facts> read_facts(const X509* cert) {
  const error_queue_guard guard;
  certificate_facts facts;
  if (const auto who = read_identity(cert)) {
    facts.cluster = who->cluster;
    facts.role = protocol::enum_name(who->role);
    facts.name = who->name;
  } else if (const auto cluster = cluster_of(cert)) {
    facts.cluster = *cluster;
    facts.role = "authority";
  } else {
    return who.error();
  }
  facts.addresses = addresses_of(cert);
  facts.serial = serial_of(cert);
  facts.fingerprint = fingerprint_of(cert);
  facts.valid_from = instant_of(X509_get0_notBefore(cert));
  facts.valid_until = instant_of(X509_get0_notAfter(cert));
  return facts;
}

result<certificate_facts> read_facts(const std::string& file) {
  const auto cert = read_certificate(file);
  if (!cert)
    return cert.error();
  auto facts = read_facts(cert->get());
  if (!facts)
    return fail(facts.error().code, file + ": " + facts.error().detail);
  return facts;
}

std::int64_t days_until(instant end, instant now) noexcept {
  using days = std::chrono::duration<std::int64_t, std::ratio<86'400>>;
  // Each rounded by itself would make a day of a second: the difference first,
  // in seconds, which cannot overflow.
  const auto left = std::chrono::floor<std::chrono::seconds>(end)
                    - std::chrono::floor<std::chrono::seconds>(now);
  return std::chrono::floor<days>(left).count();
}

} // namespace troupe::certs
