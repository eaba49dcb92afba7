#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/certs/handshake.hpp"

#include <openssl/ssl.h>

using namespace troupe;
using namespace std::chrono_literals;
using certs::issue_request;
using certs::link_files;
using certs::peer_role;
using test::cluster_files;
using test::meet;
using test::real_now;
using test::tls;

namespace {

tls context_of(const link_files& files, protocol::instant now = real_now()) {
  auto made = certs::make_link_context(files, now);
  INFO((made ? "" : made.error().detail));
  REQUIRE(made.has_value());
  return *made;
}

/// A node that was issued then, for a year.
tls node_of(cluster_files& files, const std::string& name,
            protocol::instant issued) {
  return context_of(files.issue({peer_role::node, name, {"localhost"}, issued}),
                    issued);
}

/// A client that insists on nothing and shows what it is given.
tls careless_client(const link_files& files, int version) {
  auto made = std::make_shared<boost::asio::ssl::context>(
      boost::asio::ssl::context::tls_client);
  auto* native = made->native_handle();
  SSL_CTX_set_min_proto_version(native, version);
  SSL_CTX_set_max_proto_version(native, version);
  if (!files.cert_file.empty()) {
    made->use_certificate_file(files.cert_file, boost::asio::ssl::context::pem);
    made->use_private_key_file(files.key_file, boost::asio::ssl::context::pem);
  }
  return made;
}

} // namespace

TEST_CASE("two nodes of a cluster know one another's names", "[certs]") {
  cluster_files files{"certs-good"};
  const auto seen =
      meet(context_of(files.node("anchor")), context_of(files.node("buoy")));
  CHECK(seen.is_open);
  CHECK(seen.server.peer == "troupe://harbour/node/buoy");
  CHECK(seen.client.peer == "troupe://harbour/node/anchor");
  CHECK(seen.server.version == "TLSv1.3");
}

TEST_CASE("a client is known as a client", "[certs]") {
  cluster_files files{"certs-client"};
  const auto seen =
      meet(context_of(files.node("anchor")), context_of(files.client("ada")));
  CHECK(seen.is_open);
  CHECK(seen.server.peer == "troupe://harbour/client/ada");
}

TEST_CASE("a client's certificate does not serve", "[certs]") {
  cluster_files files{"certs-posing"};
  const auto seen =
      meet(context_of(files.client("ada")), context_of(files.node("buoy")));
  CHECK_FALSE(seen.is_open);
  CHECK(seen.client.problem);
  CHECK(seen.client.refusal.find("purpose") != std::string::npos);
}

TEST_CASE("who shows no certificate is refused", "[certs]") {
  cluster_files files{"certs-none"};
  const auto seen = meet(context_of(files.node("anchor")),
                         careless_client({}, TLS1_3_VERSION));
  CHECK_FALSE(seen.is_open);
  CHECK(seen.server.problem);
  CHECK(seen.server.peer.empty());
}

TEST_CASE("a certificate of another authority is refused by both sides",
          "[certs]") {
  cluster_files ours{"certs-ours"};
  cluster_files theirs{"certs-theirs"};
  const auto stranger = theirs.node("buoy");
  const auto seen = meet(context_of(ours.node("anchor")), context_of(stranger));
  CHECK_FALSE(seen.is_open);
  CHECK(seen.client.problem);
  const auto careless = meet(context_of(ours.node("anchor")),
                             careless_client(stranger, TLS1_3_VERSION));
  CHECK_FALSE(careless.is_open);
  CHECK(careless.server.problem);
  CHECK_FALSE(careless.server.refusal.empty());
}

TEST_CASE("certificates that have expired or are not valid yet are refused",
          "[certs]") {
  cluster_files files{"certs-dates"};
  const auto good = context_of(files.node("anchor"));
  const auto old = node_of(files, "old", real_now() - 366 * 24h);
  const auto young = node_of(files, "young", real_now() + 24h);
  CHECK(meet(good, old).server.refusal == "certificate has expired");
  CHECK(meet(old, good).client.refusal == "certificate has expired");
  CHECK(meet(good, young).server.refusal == "certificate is not yet valid");
  CHECK(meet(young, good).client.refusal == "certificate is not yet valid");
  CHECK_FALSE(meet(good, old).is_open);
  CHECK_FALSE(meet(young, good).is_open);
}

TEST_CASE("a clock that is four minutes behind does not matter", "[certs]") {
  cluster_files files{"certs-clock"};
  const auto early = node_of(files, "early", real_now() + 4min);
  CHECK(meet(context_of(files.node("anchor")), early).is_open);
}

TEST_CASE("what is revoked is refused by those who have the list", "[certs]") {
  cluster_files files{"certs-revoked"};
  const auto lost = files.node("lost");
  const auto without_list = context_of(files.node("trusting"));
  const auto lost_context = context_of(lost);
  files.revoke({test::serial_in(lost.cert_file)});
  const auto informed = context_of(files.node("informed"));
  CHECK(meet(without_list, lost_context).is_open);
  CHECK(meet(informed, lost_context).server.refusal == "certificate revoked");
  CHECK(meet(lost_context, informed).client.refusal == "certificate revoked");
  CHECK(meet(informed, context_of(files.node("other"))).is_open);
}

TEST_CASE("who shows more than is read of strangers is refused", "[certs]") {
  cluster_files files{"certs-much"};
  const auto server = context_of(files.node("anchor"));
  const auto buoy = files.node("buoy");
  const auto show = [&](int certificates) {
    const auto client = careless_client(buoy, TLS1_3_VERSION);
    auto* more = files.authority().cert.get();
    for (int i = 0; i < certificates; ++i)
      SSL_CTX_add1_chain_cert(client->native_handle(), more);
    return meet(server, client);
  };
  CHECK(show(1).server.peer == "troupe://harbour/node/buoy");
  CHECK(show(100).server.problem);
}

TEST_CASE("TLS 1.2 is refused", "[certs]") {
  cluster_files files{"certs-version"};
  const auto buoy = files.node("buoy");
  const auto seen = meet(context_of(files.node("anchor")),
                         careless_client(buoy, TLS1_2_VERSION));
  CHECK_FALSE(seen.is_open);
  CHECK(seen.server.problem);
}

TEST_CASE("no session is resumed", "[certs]") {
  cluster_files files{"certs-tickets"};
  const auto server = context_of(files.node("anchor"));
  const auto client = context_of(files.node("buoy"));
  std::shared_ptr<SSL_SESSION> session;
  const auto first = meet(server, client, &session);
  CHECK(first.is_open);
  CHECK_FALSE(first.client.can_resume);
  const auto second = meet(server, client, &session);
  CHECK(second.is_open);
  CHECK_FALSE(second.client.is_resumed);
  CHECK_FALSE(second.server.is_resumed);
}

TEST_CASE("a peer of another cluster is nobody, whoever let it in", "[certs]") {
  cluster_files files{"certs-renamed"};
  cluster_files island{"certs-island", "island"};
  const auto ours = context_of(files.node("anchor"));
  const auto stranger = context_of(island.node("buoy"));
  SSL_CTX_set_verify(ours->native_handle(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_verify(stranger->native_handle(), SSL_VERIFY_NONE, nullptr);
  const auto seen = meet(stranger, ours);
  CHECK(seen.is_open);
  CHECK(seen.client.peer.empty());
}
