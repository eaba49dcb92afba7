#include "troupe/certs/authority.hpp"

#include "addresses.hpp"
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

constexpr std::size_t addresses_max = 32;
constexpr std::chrono::days days_max{36'500};
constexpr std::string_view scheme = "troupe://";

result<void> check_days(std::chrono::days valid) {
  if (valid < std::chrono::days{1} || valid > days_max)
    return fail(errc::invalid_request, "days: 1 to 36500");
  return {};
}

result<void> check_name(std::string_view what, std::string_view name) {
  if (!is_peer_name(name))
    return fail(errc::invalid_request,
                std::string{what}
                    + ": 1 to 64 letters, digits, '-', '_' and '.', of which "
                      "the first is a letter or a digit");
  return {};
}

result<void> check_addresses(const issue_request& what) {
  if (what.role == peer_role::node && what.addresses.empty())
    return fail(errc::invalid_request,
                "address: a node needs at least one, a host name or an IP "
                "address");
  if (what.addresses.size() > addresses_max)
    return fail(errc::invalid_request, "address: at most 32");
  for (std::size_t i = 0; i < what.addresses.size(); ++i)
    if (!is_ip_address(what.addresses[i]) && !is_host_name(what.addresses[i]))
      return fail(errc::invalid_request,
                  "address " + std::to_string(i + 1)
                      + ": a host name or an IP address, without a port");
  return {};
}

result<void> check_request(const issue_request& what) {
  if (auto good = check_name("name", what.name); !good)
    return good;
  if (auto good = check_days(what.valid); !good)
    return good;
  return check_addresses(what);
}

std::string date_of(instant when) {
  return protocol::to_text(when).substr(0, 10);
}

/// That the authority can sign what is to hold until then.
result<void> check_issuer(const credential& authority, instant now,
                          instant until) {
  if (X509_check_private_key(authority.cert.get(), authority.key.get()) != 1)
    return fail(errc::config_invalid,
                "the authority's key is not that of its certificate; put back "
                "the two files that were made together");
  const auto end = instant_of(X509_get0_notAfter(authority.cert.get()));
  if (end <= now)
    return fail(errc::config_invalid,
                "the authority has expired on " + date_of(end)
                    + "; make a new one with 'troupe cert init --force', then "
                      "all certificates anew");
  if (until > end)
    return fail(
        errc::invalid_request,
        "days: the authority itself ends on " + date_of(end) + "; at most "
            + std::to_string(
                std::chrono::floor<std::chrono::days>(end - now).count()));
  return {};
}

result<credential> made(certificate cert, private_key key) {
  if (!cert || !key)
    return fail(errc::internal, "OpenSSL has made no certificate");
  return credential{std::move(cert), std::move(key)};
}

} // namespace

result<credential> make_authority(const std::string& cluster,
                                  const authority_options& options) {
  const error_queue_guard guard;
  if (auto good = check_name("cluster", cluster); !good)
    return good.error();
  if (auto good = check_days(options.valid); !good)
    return good.error();
  certificate_plan plan;
  plan.organization = cluster;
  plan.common_name = "authority";
  plan.uri = std::string{scheme} + cluster;
  plan.is_authority = true;
  plan.now = options.now;
  plan.until = options.now + options.valid;
  auto key = make_key();
  auto cert = key ? sign_certificate(plan, key.get(), nullptr) : nullptr;
  return made(std::move(cert), std::move(key));
}

result<credential> issue(const credential& authority,
                         const issue_request& what) {
  const error_queue_guard guard;
  const auto cluster = cluster_of(authority.cert.get());
  if (!cluster)
    return cluster.error();
  if (auto good = check_request(what); !good)
    return good.error();
  const auto until = what.now + what.valid;
  if (auto good = check_issuer(authority, what.now, until); !good)
    return good.error();
  certificate_plan plan;
  plan.organization = *cluster;
  plan.common_name = what.name;
  plan.uri = to_uri({*cluster, what.role, what.name});
  plan.addresses = what.addresses;
  plan.serves = what.role == peer_role::node;
  plan.now = what.now;
  plan.until = until;
  auto key = make_key();
  auto cert = key ? sign_certificate(plan, key.get(), &authority) : nullptr;
  return made(std::move(cert), std::move(key));
}

result<std::string> cluster_of(const X509* authority) {
  const error_queue_guard guard;
  const auto bad = fail(errc::config_invalid,
                        "not the certificate of a cluster's authority; "
                        "'troupe cert init' makes one");
  if (authority == nullptr || !is_authority(authority))
    return bad;
  const auto names = names_of(authority);
  const auto uri = names ? only_uri(names.get()) : std::nullopt;
  if (!uri || !uri->starts_with(scheme))
    return bad;
  const auto cluster = uri->substr(scheme.size());
  if (!is_peer_name(cluster))
    return bad;
  return std::string{cluster};
}

std::string serial_of(const X509* cert) {
  const owned<BIGNUM, &BN_free> number{
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert), nullptr)};
  if (!number)
    return {};
  auto* text = BN_bn2hex(number.get());
  std::string serial = text == nullptr ? "" : text;
  OPENSSL_free(text);
  std::ranges::transform(serial, serial.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return serial;
}

} // namespace troupe::certs
