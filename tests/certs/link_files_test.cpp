#include "pem_files.hpp"
#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/file_text.hpp"

#include <troupe/certs/certificate_facts.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <filesystem>
#include <sys/stat.h>

using namespace troupe;
using namespace std::chrono_literals;
using certs::link_files;
using certs::make_link_context;
using certs::peer_role;
using protocol::errc;
using test::cluster_files;
using test::file_text;
using test::real_now;

namespace {

/// The code and detail with which a context is refused; empty: it is made.
std::string refusal(const link_files& files) {
  const auto made = make_link_context(files, real_now());
  return made ? std::string{}
              : std::string{to_string(made.error().code)} + ": "
                    + made.error().detail;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void change_mode(const std::string& file, mode_t mode) {
  REQUIRE(::chmod(file.c_str(), mode) == 0);
}

} // namespace

TEST_CASE("a key file that others may touch is not used", "[certs]") {
  cluster_files files{"certs-modes"};
  const auto buoy = files.node("buoy");
  for (const mode_t mode : {0600U, 0400U, 0700U}) {
    change_mode(buoy.key_file, mode);
    CHECK(refusal(buoy).empty());
  }
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0644U, 0666U}) {
    change_mode(buoy.key_file, mode);
    CHECK(make_link_context(buoy, real_now()).error().code
          == errc::key_file_open);
    CHECK(has(refusal(buoy), "chmod 600"));
  }
}

TEST_CASE("a key that belongs to another certificate is refused", "[certs]") {
  cluster_files files{"certs-keys"};
  auto buoy = files.node("buoy");
  buoy.key_file = files.node("anchor").key_file;
  CHECK(has(refusal(buoy), "is not the key of"));
}

TEST_CASE("a key with a passphrase is refused and nobody is asked for it",
          "[certs]") {
  cluster_files files{"certs-passphrase"};
  const auto buoy = files.node("buoy");
  const auto key = certs::read_key(buoy.key_file).value();
  std::FILE* out = std::fopen(buoy.key_file.c_str(), "wb");
  REQUIRE(out != nullptr);
  std::string word = "word";
  PEM_write_PKCS8PrivateKey(out, key.get(), EVP_aes_128_cbc(), word.data(),
                            static_cast<int>(word.size()), nullptr, nullptr);
  std::fclose(out);
  CHECK(has(refusal(buoy), "without a passphrase"));
}

TEST_CASE("each file that is missing or is something else is named",
          "[certs]") {
  cluster_files files{"certs-missing"};
  files.revoke({});
  const auto good = files.node("buoy");
  REQUIRE(refusal(good).empty());
  std::string link_files::*const parts[] = {
      &link_files::ca_file, &link_files::cert_file, &link_files::key_file,
      &link_files::crl_file};
  for (const auto part : parts) {
    auto bad = good;
    bad.*part = good.*part + ".absent";
    CHECK(make_link_context(bad, real_now()).error().code
          == errc::file_unreadable);
    CHECK(has(refusal(bad), ".absent: there is no such file"));
    bad.*part = files.folder().write("text", "no certificate\n");
    change_mode(bad.*part, 0600);
    CHECK(make_link_context(bad, real_now()).error().code
          == errc::config_invalid);
    CHECK(has(refusal(bad), "/text: holds no"));
    bad.*part = files.folder().path().string();
    CHECK(has(refusal(bad), "is not a plain file"));
    bad.*part = files.folder().write("large", std::string(5U << 20U, 'x'));
    change_mode(bad.*part, 0600);
    CHECK(has(refusal(bad), "is too large"));
  }
}

TEST_CASE("a pipe in place of a file does not make anybody wait", "[certs]") {
  cluster_files files{"certs-pipe"};
  auto buoy = files.node("buoy");
  buoy.cert_file = (files.folder().path() / "pipe").string();
  REQUIRE(::mkfifo(buoy.cert_file.c_str(), 0600) == 0);
  CHECK(has(refusal(buoy), "is not a plain file"));
}

TEST_CASE("files of two clusters, or of two authorities, are told apart",
          "[certs]") {
  cluster_files harbour{"certs-one"};
  cluster_files again{"certs-two"};
  cluster_files island{"certs-three", "island"};
  auto mixed = harbour.node("buoy");
  mixed.ca_file = island.node("reef").ca_file;
  CHECK(has(refusal(mixed), "is for another cluster than"));
  mixed.ca_file = again.node("buoy").ca_file;
  CHECK(has(refusal(mixed), "was not issued by the authority"));
  mixed.ca_file = mixed.cert_file;
  CHECK(has(refusal(mixed), "not the certificate of a cluster's authority"));
  auto posing = harbour.node("buoy");
  posing.cert_file = posing.ca_file;
  CHECK(make_link_context(posing, real_now()).error().code
        == errc::tls_untrusted);
}

TEST_CASE("own certificates that are out of date or revoked are refused",
          "[certs]") {
  cluster_files files{"certs-own"};
  const auto issued_at = [&](protocol::instant then) {
    return files.issue({peer_role::node, "buoy", {"localhost"}, then});
  };
  CHECK(has(refusal(issued_at(real_now() - 366 * 24h)), "has expired on 20"));
  CHECK(has(refusal(issued_at(real_now() + 1h)), "is not valid before 20"));
  auto lost = issued_at(real_now());
  files.revoke({test::serial_in(lost.cert_file)});
  CHECK(refusal(lost).empty());
  lost.crl_file = files.node("other").crl_file;
  CHECK(has(refusal(lost), "is revoked"));
}

TEST_CASE("a list of revocations by another authority is refused", "[certs]") {
  cluster_files ours{"certs-list"};
  cluster_files theirs{"certs-other-list"};
  theirs.revoke({});
  auto buoy = ours.node("buoy");
  buoy.crl_file = theirs.node("reef").crl_file;
  CHECK(has(refusal(buoy), "was not written by the authority"));
}

TEST_CASE("two certificates in a file leave open which one is meant",
          "[certs]") {
  cluster_files files{"certs-several"};
  auto buoy = files.node("buoy");
  buoy.ca_file = files.folder().write(
      "both.crt", file_text(buoy.ca_file) + file_text(buoy.cert_file));
  CHECK(has(refusal(buoy), "holds more than one certificate"));
}

TEST_CASE("every cut of a file is refused, or nothing was cut", "[certs]") {
  cluster_files files{"certs-cuts"};
  files.revoke({});
  const auto good = files.node("buoy");
  const auto facts = certs::read_facts(good.cert_file).value();
  const auto cert = file_text(good.cert_file);
  const auto key = file_text(good.key_file);
  auto cut = good;
  for (std::size_t size = 0; size <= cert.size(); ++size) {
    cut.cert_file = files.folder().write("cut.crt", cert.substr(0, size));
    const auto read = certs::read_facts(cut.cert_file);
    CHECK((!read || *read == facts));
    CHECK(read.has_value() == refusal(cut).empty());
  }
  cut = good;
  cut.key_file = files.folder().write("cut.key", key);
  change_mode(cut.key_file, 0600);
  for (std::size_t size = 0; size + 1 < key.size(); ++size) {
    files.folder().write("cut.key", key.substr(0, size));
    CHECK_FALSE(refusal(cut).empty());
  }
}

TEST_CASE("all that is wrong is listed, in order", "[certs]") {
  cluster_files files{"certs-checks"};
  auto old = files.issue(
      {peer_role::node, "buoy", {"localhost"}, real_now() - 366 * 24h});
  change_mode(old.key_file, 0644);
  std::string seen;
  for (const auto& check : certs::check_link_files(old, real_now()))
    seen += check.what + (check.problem ? "! " : " ");
  CHECK(seen == "authority certificate chain dates! key! ");
}
