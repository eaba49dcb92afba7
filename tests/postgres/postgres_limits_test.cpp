// Servers that do not answer, that doubt, and that are not there.
#include "support/postgres/postgres_place.hpp"

#include <chrono>
#include <libpq-fe.h>
#include <thread>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

commit_result put(durable_store& store, protocol::id id,
                  const std::string& value) {
  const store_txn txn{id, {}, {put_value{"k", value}}};
  return store.commit({&txn, 1}, test::wall_clock()).at(0);
}

/// How long it has taken, in the clock that goes on.
template <class F>
milliseconds time_of(const F& what) {
  const auto begin = steady_clock::now();
  what();
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
}

/// Whether a query's answer becomes another than "0", within a minute.
bool comes_up(const test::postgres_server& server, const std::string& text) {
  const auto end = steady_clock::now() + std::chrono::minutes{1};
  while (steady_clock::now() < end)
    if (server.ask_one(text) != "0")
      return true;
  return false;
}

constexpr const char* waits_for_standby =
    "FROM pg_stat_activity WHERE application_name = 'troupe' AND wait_event = "
    "'SyncRep'";

} // namespace

TEST_CASE("a server that is paused holds up a call for as long as was said",
          "[postgres]") {
  test::postgres_place place;
  place.options.command_timeout = milliseconds{300};
  place.options.connect_timeout = seconds{2};
  const auto store = place.open();
  REQUIRE(put(*store, {1, 1}, "a").outcome == commit_outcome::committed);
  place.server.pause();
  commit_result done;
  CHECK(time_of([&] { done = put(*store, {1, 2}, "b"); }) < seconds{3});
  const std::string key = "k";
  protocol::result<std::vector<stored_value>> read =
      std::vector<stored_value>{};
  CHECK(time_of([&] { read = store->get({&key, 1}); }) < seconds{10});
  place.server.go_on();
  CHECK(done.outcome == commit_outcome::unavailable);
  CHECK(read.error().code == errc::unreachable);
  test::stubborn_commit again{*store};
  CHECK(again({{1, 2}, {}, {put_value{"k", "b"}}}).outcome
        == commit_outcome::committed);
  CHECK(store->get({&key, 1}).value().at(0).value == "b");
}

TEST_CASE("who stands still amid a commit makes others fail, not wait for ever",
          "[postgres]") {
  test::postgres_place place;
  place.options.command_timeout = milliseconds{300};
  const auto store = place.open();
  const std::unique_ptr<PGconn, decltype(&PQfinish)> holder{
      PQconnectdb(place.server.conninfo().c_str()), &PQfinish};
  const auto lock =
      "BEGIN; SELECT * FROM " + place.options.schema + ".counters FOR UPDATE";
  PQclear(PQexec(holder.get(), lock.c_str()));
  commit_result done;
  CHECK(time_of([&] { done = put(*store, {1, 1}, "a"); }) < seconds{3});
  CHECK(done.outcome == commit_outcome::unavailable);
  PQclear(PQexec(holder.get(), "ROLLBACK"));
  CHECK(put(*store, {1, 1}, "a").outcome == commit_outcome::committed);
}

TEST_CASE("N1: a commit that no standby has is unknown until one has it",
          "[postgres]") {
  const test::postgres_place place;
  const auto store = place.open();
  CHECK(store->capabilities().promise == survives::machine);
  place.server.set("synchronous_standby_names", "'nobody'");
  // A new connection sees the setting before it commits.
  const auto careful = place.open();
  CHECK(careful->capabilities().promise == survives::quorum);
  const auto is_waiting = std::string{"SELECT count(*) "} + waits_for_standby;
  for (int i = 0; i < 2; ++i) {
    commit_result done;
    std::thread writer{[&] {
      done = put(*careful, {1, 1}, "a");
    }};
    CHECK(comes_up(place.server, is_waiting));
    place.server.ask(std::string{"SELECT pg_cancel_backend(pid) "}
                     + waits_for_standby);
    writer.join();
    CHECK(done.outcome == commit_outcome::unknown); // also asked again
  }
  place.server.set("synchronous_standby_names", "''");
  const auto done = put(*careful, {1, 1}, "a");
  CHECK(done.outcome == commit_outcome::committed);
  CHECK(careful->changes(0, "", 9).value().size() == 1);
}

TEST_CASE("no error holds a password", "[postgres]") {
  const test::postgres_place place;
  const std::string secret = "c4n4ry";
  const auto host = place.server.folder();
  for (const std::string& text :
       {"host=" + host + " user=guarded dbname=postgres password=" + secret,
        "postgresql://guarded:" + secret + "@/postgres?host=" + host,
        "host=/nowhere user=guarded password=" + secret,
        "postgresql://guarded:" + secret + "@127.0.0.1:1/x",
        "host=" + host + " password=" + secret + " =",
        "postgresql://guarded:" + secret + "@[oops/",
        "password=" + secret + " colour=red", secret}) {
    CAPTURE(text);
    const auto store = open_postgres_store(text, place.options);
    REQUIRE_FALSE(store);
    CAPTURE(store.error().detail);
    CHECK((store.error().code == errc::unreachable
           || store.error().code == errc::config_invalid));
    CHECK(store.error().detail.find(secret) == std::string::npos);
    CHECK(store.error().detail.find_first_of("\n\t") == std::string::npos);
  }
}

TEST_CASE("a password that is right opens the store", "[postgres]") {
  const test::postgres_place place;
  place.server.ask("GRANT CREATE ON DATABASE postgres TO guarded");
  const auto store = place.try_open(" user=guarded password=p4ssw0rd");
  CHECK(store.has_value());
}

TEST_CASE("tables of a later troupe are not touched", "[postgres]") {
  const test::postgres_place place;
  (void)place.open();
  place.server.ask("UPDATE " + place.options.schema
                   + ".counters SET version = 2");
  const auto store = place.try_open();
  REQUIRE_FALSE(store);
  CHECK(store.error().code == errc::config_invalid);
  CHECK(store.error().detail.find("has version 2") != std::string::npos);
}

TEST_CASE("a schema has a plain name", "[postgres]") {
  test::postgres_place place;
  for (const std::string name : {"", "Troupe", "a b", "a\"b", "1a", "ä"}) {
    place.options.schema = name;
    const auto store = place.try_open();
    REQUIRE_FALSE(store);
    CHECK(store.error().code == errc::config_invalid);
  }
}

TEST_CASE("a server that may not be written to is not taken", "[postgres]") {
  const test::postgres_place place;
  const auto store =
      place.try_open(" options='-c default_transaction_read_only=on'");
  REQUIRE_FALSE(store);
  CHECK(store.error().code == errc::unreachable);
}

TEST_CASE("a wait without an end is refused", "[postgres]") {
  test::postgres_place place;
  place.options.command_timeout = milliseconds{0};
  CHECK(place.try_open().error().code == errc::config_invalid);
  place.options.command_timeout = std::chrono::hours{2};
  CHECK(place.try_open().error().code == errc::config_invalid);
  place.options = {};
  place.options.connect_timeout = seconds{0};
  CHECK(place.try_open().error().code == errc::config_invalid);
}
