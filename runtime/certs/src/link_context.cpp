#include "troupe/certs/link_context.hpp"

#include "link_checks.hpp"
#include "troupe/certs/authority.hpp"

#include <openssl/ssl.h>

#include <filesystem>

namespace troupe::certs {

namespace ssl = boost::asio::ssl;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

using made_context = result<std::shared_ptr<ssl::context>>;

/// Of what the other side shows before anybody knows who it is.
constexpr long peer_bytes_max = 16L << 10U;

bool set_version(SSL_CTX* context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1
         && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

/// Whoever resumes a session shows no certificate, so it could not be refused.
bool forbid_resumption(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  return SSL_CTX_set_num_tickets(context, 0) == 1;
}

void insist_on_peer(SSL_CTX* context) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                     nullptr);
  SSL_CTX_set_verify_depth(context, 1);
  SSL_CTX_set_max_cert_list(context, peer_bytes_max);
}

bool use(SSL_CTX* context, const link_parts& parts) {
  return SSL_CTX_use_certificate(context, parts.own.get()) == 1
         && SSL_CTX_use_PrivateKey(context, parts.key.get()) == 1
         && SSL_CTX_check_private_key(context) == 1
         && trust_only(SSL_CTX_get_cert_store(context), parts);
}

made_context make_context(const link_parts& parts) {
  std::shared_ptr<ssl::context> made;
  try {
    made = std::make_shared<ssl::context>(ssl::context::tlsv13);
  } catch (const std::exception&) {
    return fail(errc::internal, "TLS could not be set up");
  }
  auto* native = made->native_handle();
  insist_on_peer(native);
  if (!set_version(native) || !forbid_resumption(native))
    return fail(errc::internal, "TLS 1.3 is not available");
  if (!use(native, parts))
    return fail(errc::internal, "TLS refuses the certificate or its key");
  return made;
}

} // namespace

link_files files_beside(const std::string& cert_file) {
  const std::filesystem::path cert{cert_file};
  const auto list = cert.parent_path() / "ca.crl";
  std::error_code ignored;
  return {cert.parent_path() / "ca.crt", cert_file,
          std::filesystem::path{cert}.replace_extension(".key"),
          std::filesystem::exists(list, ignored) ? list.string()
                                                 : std::string{}};
}

std::vector<link_check> check_link_files(const link_files& files, instant now) {
  link_parts parts;
  return run_checks(files, now, parts);
}

made_context make_link_context(const link_files& files, instant now) {
  const error_queue_guard guard;
  link_parts parts;
  for (auto& check : run_checks(files, now, parts))
    if (check.problem)
      return std::move(*check.problem);
  return make_context(parts);
}

std::string refusal_of(const SSL* connection) {
  const auto code = SSL_get_verify_result(connection);
  return code == X509_V_OK ? std::string{}
                           : std::string{X509_verify_cert_error_string(code)};
}

} // namespace troupe::certs
