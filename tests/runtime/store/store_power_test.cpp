// A machine whose power goes and a disk that fails, at every step of a write.
#include "power_disk.hpp"
#include "support/runtime/store_workload.hpp"
#include "support/runtime/store_world.hpp"

using namespace troupe;
using test::store_workload;
using testing::disk_fault;
using testing::power_disk;

namespace {

using store_ptr = std::unique_ptr<actors::durable_store>;

/// What one life with one fault comes to.
struct ending {
  std::string problem; ///< Empty: nothing that was promised is lost.
  bool has_failed = false;
  std::size_t acknowledged = 0;
  std::size_t doubted = 0;
  std::size_t denied = 0;
};

struct story {
  std::uint64_t seed = 0;
  disk_fault fault = disk_fault::cut;
  std::uint64_t step = 1; ///< That meets the fault.
  bool lies = false;
};

class life {
public:
  explicit life(const story& what)
      : what_(what), disk_(what.seed), work_(what.seed) {
    disk_.lies = what.lies;
    disk_.fail_at(what.step, what.fault,
                  what.fault == disk_fault::lost_sync || what.seed % 2 == 1);
  }

  ending live() {
    for (int day = 0; day < 40 && !disk_.is_off(); ++day) {
      if (!store_ || day % 16 == 15)
        open();
      if (store_)
        work_.go_on(*store_);
      if (disk_.has_failed() && !goes_on())
        break;
    }
    ending out{{},
               disk_.has_failed(),
               work_.acknowledged(),
               work_.doubted(),
               work_.denied()};
    disk_.cut();
    store_.reset();
    disk_.lies = false;
    disk_.power_on();
    out.problem = open();
    if (out.problem.empty())
      out.problem = work_.check(*store_);
    store_.reset();
    if (out.problem.empty())
      out.problem = integrity();
    return out;
  }

private:
  /// After the fault, by seed: the power goes; the process dies and another one
  /// goes on; the same goes on. False: the power goes.
  bool goes_on() {
    if (what_.seed % 3 == 1 && !has_died_ && !disk_.is_off()) {
      has_died_ = true;
      disk_.cut();
      store_.reset();
      disk_.go_on();
    }
    return what_.seed % 3 != 0;
  }

  std::string open() {
    store_.reset();
    auto opened = open_sqlite_store(file_, disk_.vfs());
    if (!opened)
      return opened.error().detail;
    store_ = std::move(*opened);
    return {};
  }

  /// What SQLite says of its own file.
  [[nodiscard]] std::string integrity() const {
    sqlite3* db = nullptr;
    std::string says;
    REQUIRE(sqlite3_open_v2(file_.c_str(), &db, SQLITE_OPEN_READWRITE,
                            disk_.vfs().c_str())
            == SQLITE_OK);
    const auto note = [](void* to, int, char** row, char**) {
      *static_cast<std::string*>(to) = row[0];
      return 0;
    };
    sqlite3_exec(db,
                 "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=OFF; "
                 "PRAGMA integrity_check",
                 note, &says, nullptr);
    sqlite3_close(db);
    return says == "ok" ? "" : says;
  }

  test::scratch_folder folder_{"store-power"}; ///< Its file stays empty.
  std::string file_ = (folder_.path() / "troupe.store").string();
  story what_;
  bool has_died_ = false;
  power_disk disk_;
  store_workload work_;
  store_ptr store_;
};

ending end_of(const story& what) {
  return life{what}.live();
}

/// One fault in each of many lives; the sums of what came of it.
ending lives_with(disk_fault fault, std::uint64_t count) {
  ending sum;
  protocol::test::random_source random{static_cast<std::uint64_t>(fault) + 41};
  std::size_t failed = 0;
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    // Early steps are those of making and opening the file.
    const auto step = 1 + random.below(seed % 4 == 0 ? 60 : 1'200);
    const auto one = end_of({seed, fault, step});
    CAPTURE(seed, step, one.problem);
    REQUIRE(one.problem.empty());
    failed += one.has_failed ? 1 : 0;
    sum.acknowledged += one.acknowledged;
    sum.doubted += one.doubted;
    sum.denied += one.denied;
  }
  CHECK(failed > count / 2);
  CHECK(sum.acknowledged > count * 10);
  return sum;
}

} // namespace

TEST_CASE("N1: a power cut at any step loses nothing that was acknowledged, "
          "and halves nothing",
          "[store]") {
  CHECK(lives_with(disk_fault::cut, 150).doubted > 0);
}

TEST_CASE("N1: a write or a sync that fails is never taken for done",
          "[store]") {
  CHECK(lives_with(disk_fault::io_error, 100).doubted > 0);
}

TEST_CASE("N1: writes that the kernel forgets with a failed sync are written "
          "again",
          "[store]") {
  CHECK(lives_with(disk_fault::lost_sync, 100).doubted > 0);
}

TEST_CASE("of commits that a full disk had no room for nothing is there",
          "[store]") {
  CHECK(lives_with(disk_fault::full, 100).denied > 0);
}

TEST_CASE("a disk that lies about its syncs is found out: the test can fail",
          "[store]") {
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    found += end_of({seed, disk_fault::cut, 300, true}).problem.empty() ? 0 : 1;
  CHECK(found > 10);
}

TEST_CASE("a commit that failed in the end is unknown, and is done when it is "
          "asked for again",
          "[store]") {
  const test::scratch_folder folder{"store-unknown"};
  const auto file = (folder.path() / "troupe.store").string();
  int unknown = 0;
  for (std::uint64_t step = 1; step < 40; ++step) {
    power_disk disk{step};
    auto store = open_sqlite_store(file, disk.vfs());
    REQUIRE(store);
    const auto one = test::numbered_txn(1);
    const auto other = test::numbered_txn(2);
    disk.fail_at(step, disk_fault::io_error);
    const auto first = (*store)->commit({&one, 1}, test::at_ns(1)).at(0);
    auto last = first.outcome;
    if (last == actors::commit_outcome::unknown)
      ++unknown;
    else if (!disk.has_failed())
      REQUIRE(last == actors::commit_outcome::committed);
    for (const auto& it : {one, one, other, other, one}) // it fails once
      last = (*store)->commit({&it, 1}, test::at_ns(1)).at(0).outcome;
    CHECK(last == actors::commit_outcome::committed);
    CHECK((*store)->funds("sum").value() == 2);
    CHECK((*store)->read("log", 0, 9).value().size() == 2);
  }
  CHECK(unknown > 3);
}
