#include "support/protocol/random_source.hpp"
#include "support/runtime/run_sql.hpp"
#include "support/runtime/store_workload.hpp"
#include "support/runtime/store_world.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace troupe;
using actors::commit_outcome;
using protocol::errc;

namespace {

struct scratch_store {
  test::scratch_folder folder{"store-file"};
  std::string file = (folder.path() / "troupe.store").string();

  [[nodiscard]] std::unique_ptr<actors::durable_store> open() const {
    auto store = open_sqlite_store(file);
    REQUIRE(store);
    return std::move(*store);
  }

  [[nodiscard]] protocol::error problem() const {
    const auto store = open_sqlite_store(file);
    REQUIRE_FALSE(store);
    return store.error();
  }

  /// With the first commits, claims and leases of a workload.
  void fill() const {
    test::store_workload work{3};
    const auto store = open();
    for (int i = 0; i < 10; ++i)
      work.go_on(*store);
  }

  [[nodiscard]] std::string bytes() const {
    std::ostringstream out;
    out << std::ifstream{file, std::ios::binary}.rdbuf();
    return out.str();
  }
  void write(const std::string& bytes) const {
    std::ofstream{file, std::ios::binary} << bytes;
  }
};

/// Uses all of it; whatever it answers, it answers.
void use(actors::durable_store& store) {
  std::string problem;
  try {
    (void)test::numbers_in(store, problem);
  } catch (const std::logic_error&) {
    // of std::stoull: names that were numbers
  }
  test::store_workload work{4};
  for (int i = 0; i < 6; ++i)
    work.go_on(store);
  (void)store.release("l", 1);
  (void)store.extend(1, 1, protocol::duration{5}, test::at_ns(1));
  (void)store.forget(5, test::at_ns(1'000));
}

} // namespace

TEST_CASE("only its owner may read a store's file, and one at a time has it",
          "[store]") {
  const scratch_store it;
  const auto store = it.open();
  for (const auto* more : {"", "-wal"}) {
    struct stat found {};
    REQUIRE(stat((it.file + more).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600U);
  }
  const auto why = it.problem();
  CHECK(why.code == errc::config_invalid);
  CHECK(why.detail.find("in use by another process") != std::string::npos);
  CHECK(store->capabilities().promise == actors::survives::machine);
}

TEST_CASE("what is no store is refused and left as it is", "[store]") {
  const scratch_store it;
  SECTION("text") {
    it.write("just some text, which is longer than SQLite's first page mark");
    CHECK(it.problem().code == errc::config_invalid);
    CHECK(it.bytes().starts_with("just some text"));
  }
  SECTION("another program's database") {
    test::run_sql(it.file, "CREATE TABLE songs (title TEXT)");
    CHECK(it.problem().detail.find("no store of troupe") != std::string::npos);
  }
  SECTION("a later version") {
    { const auto made = it.open(); }
    test::run_sql(it.file, "PRAGMA user_version=99");
    CHECK(it.problem().detail.find("later version") != std::string::npos);
  }
  SECTION("a table that is gone") {
    { const auto made = it.open(); }
    test::run_sql(it.file, "DROP TABLE leases");
    CHECK(it.problem().code == errc::config_invalid);
  }
  SECTION("counters that are gone") {
    { const auto made = it.open(); }
    test::run_sql(it.file, "DELETE FROM counters WHERE name = 'token'");
    CHECK(it.problem().detail.find("counters") != std::string::npos);
  }
  SECTION("a folder that is not there") {
    const auto store = open_sqlite_store(it.file + "/no/such");
    REQUIRE_FALSE(store);
    CHECK(store.error().code == errc::file_unreadable);
  }
}

TEST_CASE("what somebody has written into a store's file is not believed",
          "[store]") {
  const scratch_store it;
  it.fill();
  const auto txn = test::numbered_txn(1);
  const auto commit = [&](actors::durable_store& store) {
    return store.commit({&txn, 1}, test::at_ns(9'000)).at(0);
  };
  REQUIRE(commit(*it.open()).outcome == commit_outcome::committed);
  SECTION("a commit's numbers") {
    test::run_sql(it.file, "UPDATE txns SET numbers = x'0102'");
    CHECK(commit(*it.open()).outcome == commit_outcome::unavailable);
  }
  SECTION("a commit's code") {
    test::run_sql(it.file, "UPDATE txns SET code = 250");
    CHECK(commit(*it.open()).outcome == commit_outcome::unavailable);
  }
  SECTION("a commit's print") {
    test::run_sql(it.file, "UPDATE txns SET print = x''");
    const auto done = commit(*it.open());
    CHECK(done.outcome == commit_outcome::unavailable);
    CHECK(done.why.code == errc::internal);
  }
  SECTION("a kind of change") {
    test::run_sql(it.file, "UPDATE changes SET kind = 9 WHERE cursor = 2");
    const auto changes = it.open()->changes(0, "", 99);
    REQUIRE_FALSE(changes);
    CHECK(changes.error().code == errc::internal);
  }
  SECTION("the largest numbers") {
    test::run_sql(it.file,
                  "UPDATE streams SET last = 9223372036854775807; "
                  "UPDATE accounts SET amount = 9223372036854775807; "
                  "UPDATE tasks SET attempt = 9223372036854775807, token = 0, "
                  "due = 0; "
                  "UPDATE sqlite_sequence SET seq = 9223372036854775807");
    const auto store = it.open();
    const auto ends = [&](actors::store_op op) {
      const actors::store_txn one{{}, {}, {std::move(op)}};
      return store->commit({&one, 1}, test::at_ns(9'000)).at(0).outcome;
    };
    CHECK(ends(actors::append_records{"log", {"x"}})
          == commit_outcome::refused);
    CHECK(ends(actors::credit_account{"sum", 1}) == commit_outcome::refused);
    CHECK(ends(actors::put_value{"k", "x"}) == commit_outcome::unavailable);
    CHECK(store->claim("q", 9, {}, test::at_ns(9'000)).has_value());
  }
}

TEST_CASE("a store's file that is cut short ends with an error, not with a "
          "crash",
          "[store]") {
  const scratch_store it;
  it.fill();
  const auto whole = it.bytes();
  REQUIRE(whole.size() > 20'000);
  protocol::test::random_source random{7};
  int refused = 0;
  for (int i = 0; i < 60; ++i) {
    const auto size = i < 10 ? static_cast<std::size_t>(i) * 13 + 1
                             : random.below(whole.size());
    it.write(whole.substr(0, size));
    if (const auto store = open_sqlite_store(it.file)) {
      use(**store);
      continue;
    }
    CHECK(it.problem().code == errc::config_invalid);
    ++refused;
  }
  CHECK(refused > 5);
}

TEST_CASE("a store's file with bytes that are wrong ends with an error, not "
          "with a crash",
          "[store]") {
  const scratch_store it;
  it.fill();
  const auto whole = it.bytes();
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    protocol::test::random_source random{seed};
    auto bytes = whole;
    // Some where trees and the schema begin, some anywhere.
    for (auto left = 1 + random.below(20); left > 0; --left) {
      const auto page = 4'096 * random.below(whole.size() / 4'096);
      const auto at =
          random.coin() ? page + random.below(128) : random.below(whole.size());
      bytes[at] = static_cast<char>(random.next());
    }
    std::filesystem::remove(it.file + "-wal");
    it.write(bytes);
    if (const auto store = open_sqlite_store(it.file)) {
      use(**store);
      continue;
    }
    CHECK(it.problem().code == errc::config_invalid);
    ++refused;
  }
  CHECK(refused > 5);
}

TEST_CASE("a commit that the disk has no room for leaves nothing behind",
          "[store]") {
  const scratch_store it;
  auto store = it.open();
  const auto one = test::numbered_txn(16);
  REQUIRE(store->commit({&one, 1}, test::at_ns(1)).at(0).outcome
          == commit_outcome::committed);
  // Files of this process may not grow any more.
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4'096, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto large = test::numbered_txn(32);
  const auto kept = store->commit({&large, 1}, test::at_ns(1)).at(0);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, old_handler);
  CHECK(kept.outcome != commit_outcome::committed);
  CHECK(kept.outcome != commit_outcome::refused);
  std::string problem;
  CHECK(test::numbers_in(*store, problem) == std::set<std::uint64_t>{16});
  CHECK(store->commit({&large, 1}, test::at_ns(1)).at(0).outcome
        == commit_outcome::committed);
  CHECK(test::numbers_in(*store, problem) == std::set<std::uint64_t>{16, 32});
  CHECK(problem.empty());
}

TEST_CASE("the log of a store's file becomes small again", "[store]") {
  const scratch_store it;
  const auto store = it.open();
  const auto put = [&](std::size_t keys, std::size_t size) {
    std::vector<actors::store_txn> group;
    for (std::size_t i = 0; i < keys; ++i)
      group.push_back({{},
                       {},
                       {actors::put_value{"k" + std::to_string(i),
                                          std::string(size, 'v')}}});
    for (const auto& done : store->commit(group, test::at_ns(1)))
      REQUIRE(done.outcome == commit_outcome::committed);
    return std::filesystem::file_size(it.file + "-wal");
  };
  CHECK(put(6, 4U << 20U) > 24U << 20U); // one transaction
  put(1, 1);
  CHECK(put(1, 1) <= 16U << 20U);
  for (int i = 0; i < 10; ++i)
    CHECK(put(1, 4U << 20U) <= 16U << 20U);
}
