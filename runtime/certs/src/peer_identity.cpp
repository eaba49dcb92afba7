#include "troupe/certs/peer_identity.hpp"

#include "asn1_access.hpp"

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/mission_check.hpp>

#include <openssl/ssl.h>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::string_view scheme = "troupe://";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
         || (c >= 'a' && c <= 'z');
}

/// Exactly the usages that certificates of a role are issued with.
bool has_usages_of(const X509* cert, peer_role role) {
  int found = 0;
  const owned_usages usages{static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(cert, NID_ext_key_usage, &found, nullptr))};
  if (!usages)
    return false;
  bool serves = false;
  bool asks = false;
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i)
    switch (OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), i))) {
    case NID_server_auth:
      serves = true;
      break;
    case NID_client_auth:
      asks = true;
      break;
    default:
      return false;
    }
  return asks && serves == (role == peer_role::node);
}

} // namespace

bool is_peer_name(std::string_view text) noexcept {
  return protocol::is_name(text) && is_alphanumeric(text.front());
}

std::string to_uri(const peer_identity& who) {
  return std::string{scheme} + who.cluster + '/'
         + std::string{protocol::enum_name(who.role)} + '/' + who.name;
}

result<peer_identity> read_uri(std::string_view uri) {
  const auto bad = fail(errc::tls_untrusted,
                        "the certificate names no node or client of a cluster");
  if (!uri.starts_with(scheme))
    return bad;
  uri.remove_prefix(scheme.size());
  const auto first = uri.find('/');
  const auto second = uri.find('/', first + 1); // npos + 1 is 0
  if (first == std::string_view::npos || second == std::string_view::npos)
    return bad;
  peer_identity who;
  const auto cluster = uri.substr(0, first);
  const auto role = uri.substr(first + 1, second - first - 1);
  const auto name = uri.substr(second + 1);
  if (!is_peer_name(cluster) || !is_peer_name(name))
    return bad;
  if (role != protocol::enum_name(peer_role::node)
      && role != protocol::enum_name(peer_role::client))
    return bad;
  who.cluster = cluster;
  who.name = name;
  if (role == protocol::enum_name(peer_role::client))
    who.role = peer_role::client;
  return who;
}

result<peer_identity> read_identity(const X509* cert) {
  const error_queue_guard guard;
  if (cert == nullptr)
    return fail(errc::tls_untrusted, "there is no certificate");
  const auto names = names_of(cert);
  if (!names)
    return fail(errc::tls_untrusted,
                "the certificate's alternative names cannot be read");
  const auto uri = only_uri(names.get());
  if (!uri)
    return fail(errc::tls_untrusted,
                "the certificate must have one URI, not none or several");
  auto who = read_uri(*uri);
  if (!who)
    return who;
  if (is_authority(cert))
    return fail(errc::tls_untrusted, "the certificate is an authority's");
  if (!has_usages_of(cert, who->role))
    return fail(errc::tls_untrusted,
                "the certificate is not for what its role does");
  return who;
}

result<peer_identity> peer_of(const SSL* connection) {
  auto peer = read_identity(SSL_get0_peer_certificate(connection));
  if (!peer)
    return peer;
  const auto self = read_identity(SSL_get_certificate(connection));
  if (!self)
    return self.error();
  if (peer->cluster != self->cluster)
    return fail(errc::tls_untrusted,
                "the certificate is for another cluster than ours");
  return peer;
}

} // namespace troupe::certs
