#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"

#include <troupe/certs/certificate_facts.hpp>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <set>

using namespace troupe;
using namespace std::chrono_literals;
using certs::issue_request;
using certs::make_authority;
using certs::peer_role;
using protocol::errc;
using protocol::instant;
using std::chrono::days;

namespace {

const instant noon = protocol::parse_instant("2026-11-23T12:00:00Z").value();

certs::credential authority(days valid = days{3'650}) {
  return make_authority("harbour", {noon, valid}).value();
}

protocol::result<certs::certificate_facts> issued(const certs::credential& by,
                                                  const issue_request& what) {
  const auto made = certs::issue(by, what);
  if (!made)
    return made.error();
  return certs::read_facts(made->cert.get());
}

} // namespace

TEST_CASE("an authority may sign peers and nothing below them", "[certs]") {
  const auto made = authority();
  auto* cert = made.cert.get();
  CHECK(X509_check_ca(cert) == 1);
  CHECK(X509_get_pathlen(cert) == 0);
  CHECK(X509_get_key_usage(cert) == (KU_KEY_CERT_SIGN | KU_CRL_SIGN));
  CHECK(X509_self_signed(cert, 1) == 1);
  CHECK(EVP_PKEY_get_bits(made.key.get()) == 256);
  const auto facts = certs::read_facts(cert).value();
  CHECK(facts.role == "authority");
  CHECK(facts.cluster == "harbour");
  CHECK(protocol::to_text(facts.valid_from) == "2026-11-23T11:55:00Z");
  CHECK(protocol::to_text(facts.valid_until) == "2036-11-20T12:00:00Z");
  CHECK(certs::cluster_of(cert).value() == "harbour");
}

TEST_CASE("a node's certificate serves and asks, a client's asks", "[certs]") {
  const auto by = authority();
  const auto node = certs::issue(by, {peer_role::node, "buoy", {"b"}, noon});
  const auto client = certs::issue(by, {peer_role::client, "ada", {}, noon});
  CHECK(X509_get_extended_key_usage(node->cert.get())
        == (XKU_SSL_SERVER | XKU_SSL_CLIENT));
  CHECK(X509_get_extended_key_usage(client->cert.get()) == XKU_SSL_CLIENT);
  for (const auto* made : {&node->cert, &client->cert}) {
    CHECK(X509_check_ca(made->get()) == 0);
    CHECK(X509_get_key_usage(made->get()) == KU_DIGITAL_SIGNATURE);
    CHECK(X509_verify(made->get(), by.key.get()) == 1);
  }
}

TEST_CASE("addresses stand in a node's certificate as they were given",
          "[certs]") {
  const auto by = authority();
  const auto facts =
      issued(by, {peer_role::node,
                  "buoy",
                  {"buoy.example", "10.0.0.7", "fd00::7", "a_b-c"},
                  noon,
                  days{7}});
  REQUIRE(facts.has_value());
  CHECK(facts->addresses
        == std::vector<std::string>{"buoy.example", "10.0.0.7", "fd00::7",
                                    "a_b-c"});
  CHECK(protocol::to_text(facts->valid_from) == "2026-11-23T11:55:00Z");
  CHECK(protocol::to_text(facts->valid_until) == "2026-11-30T12:00:00Z");
}

TEST_CASE("what is asked for wrongly is refused with the field", "[certs]") {
  const auto by = authority();
  const auto problem = [&](const issue_request& what) {
    const auto made = certs::issue(by, what);
    REQUIRE(made.has_error());
    CHECK(made.error().code == errc::invalid_request);
    return made.error().detail.substr(0, made.error().detail.find(':'));
  };
  CHECK(problem({peer_role::node, "", {"a"}, noon}) == "name");
  CHECK(problem({peer_role::node, "a/b", {"a"}, noon}) == "name");
  CHECK(problem({peer_role::node, "..", {"a"}, noon}) == "name");
  CHECK(problem({peer_role::node, "-a", {"a"}, noon}) == "name");
  CHECK(problem({peer_role::node, "buoy", {}, noon}) == "address");
  CHECK(problem({peer_role::node, "buoy", {"a", "*.b"}, noon}) == "address 2");
  for (const auto* bad : {"", "a:80", "http://a", "a b", "10.0.0.256", "a.",
                          ".a", "[::1]", "::1%eth0", "a..b", "-a", "b\xc3\xb6"})
    CHECK(problem({peer_role::node, "buoy", {bad}, noon}) == "address 1");
  CHECK(problem({peer_role::node, "buoy", {std::string(64, 'a')}, noon})
        == "address 1");
  CHECK(problem(
            {peer_role::node, "buoy", std::vector<std::string>(33, "a"), noon})
        == "address");
  CHECK(problem({peer_role::node, "buoy", {"a"}, noon, days{0}}) == "days");
  CHECK(problem({peer_role::node, "buoy", {"a"}, noon, days{36'501}})
        == "days");
  CHECK(make_authority("", {noon}).error().code == errc::invalid_request);
  CHECK(make_authority("a b", {noon}).error().code == errc::invalid_request);
  CHECK(make_authority("a", {noon, days{0}}).error().code
        == errc::invalid_request);
}

TEST_CASE("no certificate outlives its authority", "[certs]") {
  const auto by = authority(days{100});
  CHECK(
      issued(by, {peer_role::client, "ada", {}, noon, days{100}}).has_value());
  const auto longer =
      certs::issue(by, {peer_role::client, "ada", {}, noon, days{101}});
  CHECK(longer.error().code == errc::invalid_request);
  CHECK(longer.error().detail
        == "days: the authority itself ends on 2027-03-03; at most 100");
  const auto late = certs::issue(
      by, {peer_role::client, "ada", {}, noon + days{100}, days{1}});
  CHECK(late.error().code == errc::config_invalid);
}

TEST_CASE("what is no authority of ours issues nothing", "[certs]") {
  const auto by = authority();
  auto node = certs::issue(by, {peer_role::node, "buoy", {"b"}, noon}).value();
  CHECK(certs::issue(node, {peer_role::client, "ada", {}, noon}).error().code
        == errc::config_invalid);
  const certs::credential mixed{std::move(authority().cert),
                                std::move(node.key)};
  CHECK(certs::issue(mixed, {peer_role::client, "ada", {}, noon}).error().code
        == errc::config_invalid);
  CHECK(certs::cluster_of(nullptr).has_error());
}

TEST_CASE("serials are all different", "[certs]") {
  const auto by = authority();
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) {
    const auto facts = issued(by, {peer_role::client, "ada", {}, noon});
    CHECK(facts->serial.size() <= 32);
    seen.insert(facts->serial);
  }
  CHECK(seen.size() == 50);
}

TEST_CASE("a list of revocations refuses serials that are none", "[certs]") {
  const auto by = authority();
  using list = std::vector<certs::revoked_serial>;
  const auto problem = [&](const list& all) {
    const auto made = certs::make_revocations(by, all, 1, noon);
    return made ? std::string{} : std::string{to_string(made.error().code)};
  };
  CHECK(problem({{"0a1b", noon}}).empty());
  for (const auto* bad : {"", "xyz", "0A", "-1", "0 1"})
    CHECK(problem({{bad, noon}}) == "invalid_request");
  CHECK(problem({{std::string(41, '1'), noon}}) == "invalid_request");
}

TEST_CASE("days are counted to the second", "[certs]") {
  CHECK(certs::days_until(noon + days{30}, noon) == 30);
  CHECK(certs::days_until(noon + days{30} - 1s, noon) == 29);
  CHECK(certs::days_until(noon, noon) == 0);
  CHECK(certs::days_until(noon - 1s, noon) == -1);
  CHECK(certs::days_until(instant::max(), instant::min()) > 200'000);
}
