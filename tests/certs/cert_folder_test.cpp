#include "issued_list.hpp"
#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/file_text.hpp"

#include <troupe/certs/cert_folder.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace troupe;
using namespace std::chrono_literals;
using certs::folder_access;
using certs::issue_request;
using certs::peer_role;
using protocol::errc;
using std::chrono::days;
using test::file_text;
using test::real_now;

namespace {

/// A folder with an authority of the cluster "harbour".
struct kept_cluster {
  explicit kept_cluster(const std::string& name) : scratch{name} {
    REQUIRE(certs::start_authority(at(), "harbour", days{3'650}).has_value());
  }

  [[nodiscard]] std::string folder() const {
    return (scratch.path() / "certs").string();
  }
  [[nodiscard]] folder_access at(bool force = false) const {
    return {folder(), real_now(), force};
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    return folder() + "/" + name;
  }
  [[nodiscard]] certs::link_files files_of(const std::string& name) const {
    return {file("ca.crt"), file(name + ".crt"), file(name + ".key"),
            file("ca.crl")};
  }
  [[nodiscard]] protocol::result<certs::certificate_facts>
  node(const std::string& name, bool force = false) const {
    return certs::issue_certificate(
        at(force), {peer_role::node, name, {"localhost"}, real_now()});
  }

  test::scratch_folder scratch;
};

mode_t mode_of(const std::string& file) {
  struct stat about {};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  return about.st_mode & 07777U;
}

bool can_link(const kept_cluster& in, const std::string& name) {
  return certs::make_link_context(in.files_of(name), real_now()).has_value();
}

} // namespace

TEST_CASE("a folder holds all that a node needs", "[certs]") {
  const kept_cluster harbour{"folder-good"};
  REQUIRE(harbour.node("buoy").has_value());
  CHECK(can_link(harbour, "buoy"));
  CHECK(mode_of(harbour.folder()) == 0700);
  CHECK(mode_of(harbour.file("ca.key")) == 0600);
  CHECK(mode_of(harbour.file("buoy.key")) == 0600);
  CHECK(mode_of(harbour.file("buoy.crt")) == 0644);
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator{harbour.folder()})
    files += each.path().string().find(".tmp.") == std::string::npos ? 1 : 100;
  CHECK(files == 6);
}

TEST_CASE("nothing is overwritten without force", "[certs]") {
  const kept_cluster harbour{"folder-force"};
  REQUIRE(harbour.node("buoy").has_value());
  const auto key = file_text(harbour.file("buoy.key"));
  const auto authority = file_text(harbour.file("ca.key"));
  CHECK(harbour.node("buoy").error().code == errc::config_invalid);
  CHECK(certs::start_authority(harbour.at(), "harbour", days{1}).error().code
        == errc::config_invalid);
  CHECK(file_text(harbour.file("buoy.key")) == key);
  CHECK(file_text(harbour.file("ca.key")) == authority);
  CHECK(harbour.node("buoy", true).has_value());
  CHECK(file_text(harbour.file("buoy.key")) != key);
  CHECK(can_link(harbour, "buoy"));
  CHECK(
      certs::start_authority(harbour.at(true), "harbour", days{1}).has_value());
  CHECK_FALSE(can_link(harbour, "buoy"));
  CHECK(certs::list_certificates(harbour.folder())->issued.empty());
}

TEST_CASE("who was revoked is so under each of its certificates", "[certs]") {
  const kept_cluster harbour{"folder-revoked"};
  REQUIRE(harbour.node("buoy").has_value());
  REQUIRE(harbour.node("buoy", true).has_value());
  REQUIRE(harbour.node("anchor").has_value());
  const auto revoked = certs::revoke_certificates(harbour.at(), "buoy");
  REQUIRE(revoked.has_value());
  CHECK(revoked->size() == 2);
  CHECK_FALSE(can_link(harbour, "buoy"));
  CHECK(can_link(harbour, "anchor"));
  CHECK(certs::revoke_certificates(harbour.at(), "buoy")->empty());
  CHECK(certs::revoke_certificates(harbour.at(), "boy").error().code
        == errc::invalid_request);
  // A new one is good again.
  REQUIRE(harbour.node("buoy", true).has_value());
  CHECK(can_link(harbour, "buoy"));
  CHECK(certs::list_certificates(harbour.folder())->issued.size() == 4);
}

TEST_CASE("a name belongs to one role, and 'ca' to the authority", "[certs]") {
  const kept_cluster harbour{"folder-names"};
  REQUIRE(harbour.node("buoy").has_value());
  const auto as_client = certs::issue_certificate(
      harbour.at(true), {peer_role::client, "buoy", {}, real_now()});
  CHECK(as_client.error().code == errc::invalid_request);
  CHECK(harbour.node("ca", true).error().code == errc::invalid_request);
  CHECK(certs::issue_certificate(harbour.at(true),
                                 {peer_role::client, "../x", {}, real_now()})
            .error()
            .code
        == errc::invalid_request);
}

TEST_CASE("one process at a time changes a folder", "[certs]") {
  const kept_cluster harbour{"folder-lock"};
  const int held = ::open(harbour.folder().c_str(), O_RDONLY | O_DIRECTORY);
  REQUIRE(::flock(held, LOCK_EX) == 0);
  CHECK(harbour.node("buoy").error().code == errc::overloaded);
  CHECK(certs::list_certificates(harbour.folder()).has_value());
  ::close(held);
  CHECK(harbour.node("buoy").has_value());
}

TEST_CASE("a folder without an authority says how to make one", "[certs]") {
  const test::scratch_folder scratch{"folder-none"};
  const folder_access at{(scratch.path() / "absent").string(), real_now()};
  const auto made =
      certs::issue_certificate(at, {peer_role::client, "ada", {}, real_now()});
  CHECK(made.error().code == errc::file_unreadable);
  CHECK(made.error().detail.find("troupe cert init") != std::string::npos);
  CHECK(certs::list_certificates(at.folder).error().code
        == errc::file_unreadable);
}

TEST_CASE("an authority's key that others may read issues nothing", "[certs]") {
  const kept_cluster harbour{"folder-open"};
  REQUIRE(::chmod(harbour.file("ca.key").c_str(), 0640) == 0);
  CHECK(harbour.node("buoy").error().code == errc::key_file_open);
}

TEST_CASE("the list of what was issued is read as it was written", "[certs]") {
  const auto now = std::chrono::floor<std::chrono::seconds>(real_now());
  const std::vector<certs::issued_certificate> all{
      {"0a", peer_role::node, "buoy", now, now + 24h, std::nullopt},
      {"ff", peer_role::client, "ada", now, now + 48h, now + 1h}};
  const auto text = certs::write_issued(all);
  CHECK(certs::read_issued(text).value() == all);
  CHECK(certs::read_issued(certs::write_issued({})).value().empty());
}

TEST_CASE("the newest certificate of a name is the one that counts",
          "[certs]") {
  using enum certs::certificate_state;
  const auto now = real_now();
  const auto one = [&](const char* name, protocol::duration left,
                       bool is_revoked = false) {
    certs::issued_certificate made{"0a",      peer_role::node, name,
                                   now - 48h, now + left,      std::nullopt};
    if (is_revoked)
      made.revoked = now - 1h;
    return made;
  };
  CHECK(certs::states_of({one("a", 1h), one("b", 1h), one("a", 2h),
                          one("c", -1h), one("d", -2h, true), one("b", 1h)},
                         now)
        == std::vector{replaced, replaced, good, expired, revoked, good});
}

TEST_CASE("a list that was changed is refused with its line", "[certs]") {
  const auto head = std::string{"troupe-certificates 1\n"};
  const auto line =
      std::string{"0a node buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z -\n"};
  CHECK(certs::read_issued(head + line).has_value());
  for (const auto* bad :
       {"0a node buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z",
        "0a node buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z - -",
        "0g node buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z -",
        "0a  node buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z -",
        "0a king buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z -",
        "0a node .. 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z -",
        "0a node buoy yesterday 2027-11-23T12:00:00Z -",
        "0a node buoy 2026-11-23T12:00:00Z 2027-11-23T12:00:00Z no", ""}) {
    const auto read = certs::read_issued(head + line + bad + '\n');
    REQUIRE(read.has_error());
    CHECK(read.error().detail.find("issued.txt:3: ") == 0);
  }
  CHECK(certs::read_issued("troupe-certificates 2\n").has_error());
  CHECK(certs::read_issued(head + line.substr(0, 20)).has_error());
}
