#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/certs/odd_certificate.hpp"

#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>

using namespace troupe;
using certs::peer_role;
using test::make_odd;
using test::odd_name;

namespace {

void write_seed(const std::string& name, const X509* cert) {
  const auto folder = std::filesystem::path{TROUPE_SOURCE_DIR}
                      / "tests/fuzz/corpus/certificate";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / name, std::ios::binary} << test::bytes_of(cert);
}

void write_odd(const std::string& name,
               const std::vector<std::vector<odd_name>>& names) {
  write_seed(name,
             make_odd({names, {NID_server_auth, NID_client_auth}}).cert.get());
}

} // namespace

// Not a test: makes the seeds of the fuzzing target anew when it is named.
TEST_CASE("seeds for the fuzzing of certificates", "[.][certificate_seeds]") {
  using namespace std::string_literals;
  const auto now = test::real_now();
  const auto by = certs::make_authority("harbour", {now}).value();
  const auto issued = [&](const certs::issue_request& what) {
    return certs::issue(by, what).value();
  };
  write_seed("authority", by.cert.get());
  write_seed(
      "node",
      issued({peer_role::node, "buoy", {"a.example", "::1"}, now}).cert.get());
  write_seed("client", issued({peer_role::client, "ada", {}, now}).cert.get());
  const odd_name uri{GEN_URI, "troupe://harbour/node/buoy"};
  write_odd("no-names", {});
  write_odd("two-uris", {{uri, uri}});
  write_odd("two-lists", {{uri}, {uri}});
  write_odd("nul", {{{GEN_URI, "troupe://harbour/node/buoy\0x"s}}});
  write_odd("other-uri", {{{GEN_URI, "spiffe://harbour/buoy"}}});
  write_odd("mixed", {{{GEN_EMAIL, "a@b"}, {GEN_DNS, "\x1b[2J"}, uri}});
  CHECK(std::filesystem::exists(TROUPE_SOURCE_DIR
                                "/tests/fuzz/corpus/certificate/node"));
}
