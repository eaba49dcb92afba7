#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/certs/handshake.hpp"
#include "support/file_text.hpp"

#include <troupe/certs/link_keeper.hpp>

#include <filesystem>

using namespace troupe;
using namespace std::chrono_literals;
using certs::link_keeper;
using certs::still_trusted;
using protocol::errc;
using test::cluster_files;
using test::meet;
using test::real_now;

namespace {

/// Writes a file beside its place and moves it there, as a careful tool does.
void replace(const std::string& file, const std::string& text) {
  { std::ofstream{file + ".new", std::ios::binary} << text; }
  std::filesystem::permissions(file + ".new", std::filesystem::perms{0600});
  std::filesystem::rename(file + ".new", file);
}

/// What one end thinks of the other's certificate now; empty: it is good.
std::string opinion(const test::tls& with, const SSL* connection,
                    protocol::instant now) {
  const auto trusted = still_trusted(*with, connection, now);
  return trusted ? std::string{} : trusted.error().detail;
}

} // namespace

TEST_CASE("a context is made once as long as its files stay", "[certs]") {
  cluster_files files{"keeper-same"};
  link_keeper keeper{files.node("anchor")};
  const auto first = keeper.current(real_now());
  REQUIRE(first.has_value());
  CHECK(keeper.current(real_now()).value() == *first);
  CHECK_FALSE(keeper.problem());
}

TEST_CASE("what was revoked meanwhile is refused without a restart",
          "[certs]") {
  cluster_files files{"keeper-list"};
  files.revoke({});
  const auto lost = files.node("lost");
  const auto lost_context = certs::make_link_context(lost, real_now()).value();
  link_keeper keeper{files.node("anchor")};
  const auto before = keeper.current(real_now()).value();
  CHECK(meet(before, lost_context).is_open);
  files.revoke({test::serial_in(lost.cert_file)});
  const auto after = keeper.current(real_now()).value();
  CHECK(after != before);
  CHECK(meet(after, lost_context).server.refusal == "certificate revoked");
}

TEST_CASE("a certificate and its key may be replaced one after the other",
          "[certs]") {
  cluster_files files{"keeper-pair"};
  const auto own = files.node("anchor");
  const auto next = files.node("next");
  link_keeper keeper{own};
  const auto before = keeper.current(real_now()).value();
  replace(own.cert_file, test::file_text(next.cert_file));
  CHECK(keeper.current(real_now()).value() == before);
  REQUIRE(keeper.problem());
  CHECK(keeper.problem()->detail.find("is not the key of")
        != std::string::npos);
  replace(own.key_file, test::file_text(next.key_file));
  const auto after = keeper.current(real_now()).value();
  CHECK(after != before);
  CHECK_FALSE(keeper.problem());
  CHECK(meet(before, after).server.peer == "troupe://harbour/node/next");
}

TEST_CASE("without a context before, bad files are an error until they are "
          "mended",
          "[certs]") {
  cluster_files files{"keeper-none"};
  const auto own = files.node("anchor");
  const auto key = test::file_text(own.key_file);
  std::filesystem::remove(own.key_file);
  link_keeper keeper{own};
  CHECK(keeper.current(real_now()).error().code == errc::file_unreadable);
  replace(own.key_file, key);
  CHECK(keeper.current(real_now()).has_value());
  std::filesystem::remove(own.key_file);
  CHECK(keeper.current(real_now()).has_value()); // with that of before
  CHECK(keeper.problem()->code == errc::file_unreadable);
}

TEST_CASE("an open link is looked at again", "[certs]") {
  cluster_files files{"keeper-open"};
  files.revoke({});
  const auto lost = files.client("lost");
  const auto lost_context = certs::make_link_context(lost, real_now()).value();
  link_keeper keeper{files.node("anchor")};
  const auto before = keeper.current(real_now()).value();
  const auto seen =
      meet(before, lost_context, nullptr, [&](SSL* server, SSL* client) {
        CHECK(opinion(before, server, real_now()).empty());
        CHECK(opinion(lost_context, client, real_now()).empty());
        CHECK(opinion(before, server, real_now() + 366 * 24h)
              == "certificate has expired");
        files.revoke({test::serial_in(lost.cert_file)});
        CHECK(opinion(before, server, real_now()).empty());
        const auto after = keeper.current(real_now()).value();
        CHECK(opinion(after, server, real_now()) == "certificate revoked");
        CHECK(opinion(after, client, real_now()).empty());
      });
  CHECK(seen.is_open);
}

TEST_CASE("a client that is asked to serve is not trusted afterwards either",
          "[certs]") {
  cluster_files files{"keeper-purpose"};
  const auto ada = certs::make_link_context(files.client("ada"), real_now());
  const auto buoy = certs::make_link_context(files.node("buoy"), real_now());
  SSL_CTX_set_verify((*buoy)->native_handle(), SSL_VERIFY_NONE, nullptr);
  static_cast<void>(meet(*ada, *buoy, nullptr, [&](SSL*, SSL* client) {
    CHECK_FALSE(opinion(*buoy, client, real_now()).empty());
  }));
}
