#include "troupe/certs/link_keeper.hpp"

#include "asn1_access.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <sys/stat.h>

namespace troupe::certs {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

using owned_check = owned<X509_STORE_CTX, &X509_STORE_CTX_free>;

} // namespace

link_keeper::file_state link_keeper::state_of(const std::string& file) {
  struct stat about {};
  if (file.empty() || ::stat(file.c_str(), &about) != 0)
    return {};
  return {about.st_dev, about.st_ino, about.st_size, about.st_ctim.tv_sec,
          about.st_ctim.tv_nsec};
}

link_keeper::file_states link_keeper::states() const {
  return {state_of(files_.ca_file), state_of(files_.cert_file),
          state_of(files_.key_file), state_of(files_.crl_file)};
}

result<std::shared_ptr<boost::asio::ssl::context>>
link_keeper::current(instant now) {
  const std::lock_guard lock{mutex_};
  const auto found = states(); // before they are read: a change in between
                               // is then seen with the next call
  if (made_ && found == made_of_ && !problem_)
    return made_;
  auto made = make_link_context(files_, now);
  if (made) {
    made_ = std::move(*made);
    made_of_ = found;
    problem_.reset();
    return made_;
  }
  problem_ = made.error();
  if (made_)
    return made_;
  return made;
}

std::optional<protocol::error> link_keeper::problem() const {
  const std::lock_guard lock{mutex_};
  return problem_;
}

result<void> still_trusted(boost::asio::ssl::context& context,
                           const SSL* connection, instant now) {
  const error_queue_guard guard;
  auto* peer = SSL_get0_peer_certificate(connection);
  if (peer == nullptr)
    return fail(errc::tls_untrusted, "there is no certificate");
  const owned_check check{X509_STORE_CTX_new()};
  if (!check
      || X509_STORE_CTX_init(check.get(),
                             SSL_CTX_get_cert_store(context.native_handle()),
                             peer, nullptr)
             != 1)
    return fail(errc::internal, "OpenSSL cannot look at the certificate");
  X509_STORE_CTX_set_default(check.get(), SSL_is_server(connection) == 1
                                              ? "ssl_client"
                                              : "ssl_server");
  const auto since =
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  X509_STORE_CTX_set_time(check.get(), 0, since.count());
  if (X509_verify_cert(check.get()) == 1)
    return {};
  return fail(errc::tls_untrusted, X509_verify_cert_error_string(
                                       X509_STORE_CTX_get_error(check.get())));
}

} // namespace troupe::certs
