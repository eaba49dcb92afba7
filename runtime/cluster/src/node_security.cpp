#include "node_security.hpp"

#include <troupe/certs/certificate_facts.hpp>
#include <troupe/certs/link_keeper.hpp>
#include <troupe/certs/peer_identity.hpp>

#include <boost/asio/ip/address.hpp>

namespace troupe::cluster {

namespace {

protocol::instant now_of_day() {
  return std::chrono::time_point_cast<protocol::instant::duration>(
      std::chrono::system_clock::now());
}

} // namespace

protocol::result<link_security> make_security(const node_certificates& files) {
  link_security security;
  if (files.ca.empty())
    return security;
  const auto keeper = std::make_shared<certs::link_keeper>(
      certs::link_files{files.ca, files.cert, files.key, files.crl});
  if (const auto first = keeper->current(now_of_day()); !first)
    return first.error();
  security.context = [keeper] {
    return keeper->current(now_of_day()).value(); // it had one before
  };
  security.identify = [](SSL* it) -> protocol::result<peer_name> {
    auto who = certs::peer_of(it);
    if (!who)
      return who.error();
    return peer_name{std::move(who->cluster), std::move(who->name),
                     who->role == certs::peer_role::client};
  };
  security.still_good = [](boost::asio::ssl::context& with, SSL* it) {
    return certs::still_trusted(with, it, now_of_day());
  };
  return security;
}

protocol::result<void> check_own_name(const node_config& config) {
  if (config.certificates.cert.empty())
    return {};
  const auto facts = certs::read_facts(config.certificates.cert);
  if (!facts)
    return facts.error();
  if (facts->role == "node" && facts->name == config.name
      && facts->cluster == config.cluster)
    return {};
  return protocol::fail(protocol::errc::config_invalid,
                        config.certificates.cert + " is of " + facts->role
                            + " '" + facts->name + "' of cluster '"
                            + facts->cluster + "', the node is '" + config.name
                            + "' of '" + config.cluster + "'");
}

bool is_loopback(const std::string& host) {
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(host, failed);
  return failed ? host == "localhost" : address.is_loopback();
}

} // namespace troupe::cluster
