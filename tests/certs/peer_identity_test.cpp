#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/certs/odd_certificate.hpp"

#include <troupe/certs/certificate_facts.hpp>

#include <openssl/x509v3.h>

#include <random>

using namespace troupe;
using namespace std::string_literals;
using certs::peer_identity;
using certs::peer_role;
using certs::read_identity;
using protocol::errc;
using test::make_odd;
using test::odd_certificate;
using test::odd_name;

namespace {

const std::vector<int> of_node{NID_server_auth, NID_client_auth};

/// Whom a certificate with these names and a node's usages is for.
protocol::result<peer_identity> identity_with(std::vector<odd_name> names) {
  return read_identity(make_odd({{std::move(names)}, of_node}).cert.get());
}

protocol::result<peer_identity> identity_with(const std::string& uri) {
  return identity_with(std::vector{odd_name{GEN_URI, uri}});
}

bool is_plain(const std::string& text) {
  return text.size() < 200 && std::all_of(text.begin(), text.end(), [](char c) {
           return c >= ' ' && c <= '~';
         });
}

} // namespace

TEST_CASE("a certificate names whom it was issued for", "[certs]") {
  const auto authority =
      certs::make_authority("harbour", {test::real_now()}).value();
  const auto node = certs::issue(authority, {peer_role::node,
                                             "anchor-1.a",
                                             {"a.example", "10.0.0.1", "::1"},
                                             test::real_now()});
  REQUIRE(node.has_value());
  CHECK(read_identity(node->cert.get()).value()
        == peer_identity{"harbour", peer_role::node, "anchor-1.a"});
  const auto client =
      certs::issue(authority, {peer_role::client, "ada", {}, test::real_now()});
  CHECK(read_identity(client->cert.get()).value()
        == peer_identity{"harbour", peer_role::client, "ada"});
  CHECK(read_identity(authority.cert.get()).error().code
        == errc::tls_untrusted);
  CHECK(read_identity(nullptr).error().code == errc::tls_untrusted);
}

TEST_CASE("a URI that is not exactly one of ours names nobody", "[certs]") {
  CHECK(identity_with("troupe://harbour/node/buoy").has_value());
  for (const auto& uri : {
           ""s,
           "troupe://"s,
           "troupe://harbour"s,
           "troupe://harbour/node"s,
           "troupe://harbour/node/"s,
           "troupe:///node/buoy"s,
           "troupe://harbour//buoy"s,
           "troupe://harbour/node/buoy/"s,
           "troupe://harbour/node/buoy/more"s,
           "troupe://harbour/nodes/buoy"s,
           "troupe://harbour/Node/buoy"s,
           "TROUPE://harbour/node/buoy"s,
           " troupe://harbour/node/buoy"s,
           "troupe://harbour/node/buoy "s,
           "troupe://harbour/node/buoy\n"s,
           "troupe://harbour/node/buoy?a=b"s,
           "troupe://harbour/node/buoy#a"s,
           "troupe://harbour/node/.."s,
           "troupe://harbour/node/.buoy"s,
           "troupe://../node/buoy"s,
           "troupe://harbour:80/node/buoy"s,
           "troupe://me@harbour/node/buoy"s,
           "troupe://harbour/node/b%75oy"s,
           "troupe://harbour/authority/buoy"s,
           "http://harbour/node/buoy"s,
           "troupe:/harbour/node/buoy"s,
       }) {
    INFO(uri);
    REQUIRE(identity_with(uri).has_error());
    CHECK(identity_with(uri).error().code == errc::tls_untrusted);
  }
}

TEST_CASE("a name with a NUL in it is not cut short", "[certs]") {
  CHECK(identity_with("troupe://harbour/node/buoy\0.evil"s).has_error());
  CHECK(identity_with("troupe://harbour\0/node/buoy"s).has_error());
  CHECK(identity_with("troupe://harbour/node/buoy\0"s).has_error());
  CHECK(identity_with("\0troupe://harbour/node/buoy"s).has_error());
}

TEST_CASE("letters of other scripts and bad UTF-8 name nobody", "[certs]") {
  for (const auto& name : {
           "b\xd1\x83oy"s,      // a Cyrillic u
           "bu\xc3\xb6y"s,      // an umlaut
           "buoy\xe2\x80\xae"s, // a mark that turns the direction
           "buoy\xe2\x80\x8b"s, // a blank of no width
           "buoy\xff"s,
           "\xc0\xafuoy"s, // no UTF-8
           "buoy\x1b[2J"s,
       }) {
    const auto read = identity_with("troupe://harbour/node/" + name);
    REQUIRE(read.has_error());
    CHECK(is_plain(read.error().detail));
  }
}

TEST_CASE("names have at most 64 characters, however long they come",
          "[certs]") {
  const auto with = [](std::size_t size) {
    return identity_with("troupe://harbour/node/" + std::string(size, 'n'));
  };
  CHECK(with(64).has_value());
  CHECK(with(65).has_error());
  CHECK(with(10'240).has_error());
  CHECK(identity_with("troupe://" + std::string(65, 'c') + "/node/buoy")
            .has_error());
}

TEST_CASE("a second URI of any kind is one too many", "[certs]") {
  const odd_name ours{GEN_URI, "troupe://harbour/node/buoy"};
  CHECK(identity_with({ours, {GEN_DNS, "buoy.example"}}).has_value());
  CHECK(identity_with({ours, ours}).has_error());
  CHECK(identity_with({ours, {GEN_URI, "troupe://harbour/node/anchor"}})
            .has_error());
  CHECK(identity_with({{GEN_URI, "spiffe://harbour/buoy"}, ours}).has_error());
  CHECK(identity_with(std::vector{odd_name{GEN_DNS, ours.bytes}}).has_error());
  CHECK(
      identity_with(std::vector{odd_name{GEN_EMAIL, ours.bytes}}).has_error());
  // Two lists, one name each.
  CHECK(read_identity(make_odd({{{ours}, {ours}}, of_node}).cert.get())
            .has_error());
  CHECK(read_identity(make_odd({{}, of_node}).cert.get()).has_error());
}

TEST_CASE("a certificate with very many names is refused", "[certs]") {
  std::vector<odd_name> names{{GEN_URI, "troupe://harbour/node/buoy"}};
  while (names.size() < 64)
    names.push_back({GEN_DNS, "buoy.example"});
  CHECK(identity_with(names).has_value());
  names.push_back({GEN_DNS, "buoy.example"});
  CHECK(identity_with(names).has_error());
}

TEST_CASE("a role and what the certificate is good for belong together",
          "[certs]") {
  const auto with = [](const std::string& role, std::vector<int> usages) {
    return read_identity(
               make_odd({{{{GEN_URI, "troupe://harbour/" + role + "/buoy"}}},
                         std::move(usages)})
                   .cert.get())
        .has_value();
  };
  CHECK(with("node", of_node));
  CHECK(with("client", {NID_client_auth}));
  CHECK_FALSE(with("node", {NID_client_auth}));
  CHECK_FALSE(with("node", {NID_server_auth}));
  CHECK_FALSE(with("client", of_node));
  CHECK_FALSE(with("node", {}));
  CHECK_FALSE(with("client", {NID_client_auth, NID_code_sign}));
  CHECK_FALSE(with("client", {NID_anyExtendedKeyUsage}));
}

TEST_CASE("an authority is no peer, whatever it is called", "[certs]") {
  odd_certificate wish{{{{GEN_URI, "troupe://harbour/node/buoy"}}}, of_node};
  CHECK(read_identity(make_odd(wish).cert.get()).has_value());
  wish.is_authority = true;
  CHECK(read_identity(make_odd(wish).cert.get()).has_error());
}

TEST_CASE("certificates with wrong bytes in them harm nobody", "[certs]") {
  const auto authority =
      certs::make_authority("harbour", {test::real_now()}).value();
  const auto made = certs::issue(authority, {peer_role::node,
                                             "anchor",
                                             {"a.example", "10.0.0.1"},
                                             test::real_now()})
                        .value();
  const auto whole = test::bytes_of(made.cert.get());
  const auto look = [](const std::string& bytes) {
    const auto cert = test::from_bytes(bytes);
    if (!cert)
      return;
    if (const auto who = read_identity(cert.get())) {
      CHECK(certs::is_peer_name(who->cluster));
      CHECK(certs::is_peer_name(who->name));
    } else {
      CHECK(is_plain(who.error().detail));
    }
    static_cast<void>(certs::read_facts(cert.get()));
  };
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK(test::from_bytes(whole.substr(0, size)) == nullptr);
  std::mt19937 chance{20'261'123};
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = whole;
    bytes[chance() % bytes.size()] = static_cast<char>(chance());
    look(bytes);
  }
}
