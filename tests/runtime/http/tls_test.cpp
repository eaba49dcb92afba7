#include "http/tls_context.hpp"
#include "support/catch.hpp"
#include "support/runtime/http_asker.hpp"
#include "support/runtime/test_certificate.hpp"

#include <openssl/ssl.h>

using namespace troupe;
using protocol::errc;
using test::certificate_wish;
using test::fake_upstream;
using test::plain_reply;
using test::test_certificate;

namespace {

/// The outcome of a call to a server with `cert`, trusting `ca_file`.
std::optional<protocol::error> call(fake_upstream& upstream,
                                    const std::string& ca_file) {
  http::io_thread io;
  http::client_config config;
  config.ca_file = ca_file;
  auto client = http::client::make(io, config);
  REQUIRE(client.has_value());
  test::spy_sink told;
  return test::run(**client, test::request_to(upstream), told);
}

} // namespace

TEST_CASE("a certificate of a trusted authority is accepted", "[tls]") {
  const test_certificate cert;
  fake_upstream upstream{cert.server()};
  upstream.will(plain_reply(200, "a"));
  upstream.will(plain_reply(200, "b"));
  CHECK_FALSE(call(upstream, cert.file()));
  CHECK_FALSE(call(upstream, cert.file()));
}

TEST_CASE("kept connections work over TLS as well", "[tls]") {
  const test_certificate cert;
  fake_upstream upstream{cert.server()};
  http::io_thread io;
  http::client_config config;
  config.ca_file = cert.file();
  auto client = http::client::make(io, config);
  REQUIRE(client.has_value());
  for (int i = 0; i < 3; ++i) {
    upstream.will(plain_reply(200, "a"));
    test::spy_sink told;
    CHECK_FALSE(test::run(**client, test::request_to(upstream), told));
  }
  CHECK(upstream.connections() == 1);
}

TEST_CASE("a self-signed certificate that nobody vouches for is refused",
          "[tls]") {
  const test_certificate cert;
  fake_upstream upstream{cert.server()};
  CHECK(call(upstream, {})->code == errc::tls_untrusted);
  const test_certificate other;
  CHECK(call(upstream, other.file())->code == errc::tls_untrusted);
  CHECK(upstream.requests().empty());
}

TEST_CASE("an expired or not yet valid certificate is refused", "[tls]") {
  for (const auto& wish : {certificate_wish{"127.0.0.1", -7200, -3600},
                           certificate_wish{"127.0.0.1", 3600, 7200}}) {
    const test_certificate cert{wish};
    fake_upstream upstream{cert.server()};
    const auto failure = call(upstream, cert.file());
    REQUIRE(failure.has_value());
    CHECK(failure->code == errc::tls_untrusted);
    CHECK(upstream.requests().empty());
  }
}

TEST_CASE("a certificate for another host is refused", "[tls]") {
  const test_certificate cert{{"127.0.0.2"}};
  fake_upstream upstream{cert.server()};
  CHECK(call(upstream, cert.file())->code == errc::tls_untrusted);
  CHECK(upstream.requests().empty());
}

TEST_CASE("TLS below 1.2 is not spoken", "[tls]") {
  const test_certificate cert;
  auto server = cert.server();
  auto* native = server->native_handle();
  SSL_CTX_set_security_level(native, 0);
  REQUIRE(SSL_CTX_set_min_proto_version(native, TLS1_VERSION) == 1);
  REQUIRE(SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION) == 1);
  fake_upstream upstream{server};
  CHECK(call(upstream, cert.file())->code == errc::provider_unavailable);
}

TEST_CASE("a CA file that cannot be used is a config problem", "[tls]") {
  http::io_thread io;
  http::client_config config;
  config.ca_file = "/nowhere/ca.pem";
  CHECK(http::client::make(io, config).error().code == errc::config_invalid);
}

TEST_CASE("who trusts the system's authorities shares them, others do not",
          "[tls]") {
  const test_certificate cert;
  const auto one = http::make_tls_context("");
  const auto other = http::make_tls_context("");
  const auto own = http::make_tls_context(cert.file());
  REQUIRE((one.has_value() && other.has_value() && own.has_value()));
  CHECK(*one == *other);
  CHECK(*one != *own);
}
