#include "http/tls_context.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace troupe::http {

namespace ssl = boost::asio::ssl;
using protocol::errc;
using protocol::fail;

namespace {

using made_context = protocol::result<std::shared_ptr<ssl::context>>;

made_context make_context(const std::string& ca_file) {
  boost::system::error_code problem;
  std::shared_ptr<ssl::context> made;
  try {
    made = std::make_shared<ssl::context>(ssl::context::tls_client);
    if (ca_file.empty())
      made->set_default_verify_paths(problem);
    else
      made->load_verify_file(ca_file, problem);
  } catch (const std::exception&) {
    return fail(errc::config_invalid, "TLS could not be set up");
  }
  if (problem)
    return fail(errc::config_invalid, "CA file: " + problem.message());
  auto* native = made->native_handle();
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1)
    return fail(errc::config_invalid, "TLS 1.2 is not available");
  return made;
}

} // namespace

made_context make_tls_context(const std::string& ca_file) {
  if (!ca_file.empty())
    return make_context(ca_file);
  static const auto shared = make_context({});
  return shared ? shared : make_context({});
}

bool expect_host(SSL* connection, const origin& peer) {
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(peer.host, not_an_address);
  auto* rules = SSL_get0_param(connection);
  if (!not_an_address)
    return X509_VERIFY_PARAM_set1_ip_asc(rules, peer.host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // Not SSL_set_tlsext_host_name: the macro holds a C cast.
  auto name = peer.host;
  const auto sni = SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME,
                            TLSEXT_NAMETYPE_host_name, name.data());
  return sni == 1
         && X509_VERIFY_PARAM_set1_host(rules, name.data(), name.size()) == 1;
}

std::string verify_problem(SSL* connection) {
  const auto code = SSL_get_verify_result(connection);
  return code == X509_V_OK ? std::string{}
                           : std::string{X509_verify_cert_error_string(code)};
}

} // namespace troupe::http
