// A ledger on a disk that fails and a machine whose power goes.
#include "ledger/sqlite_ledger.hpp"
#include "power_disk.hpp"
#include "support/catch.hpp"

using namespace troupe;
using actors::ledger_entry;

namespace {

ledger_entry opened(std::int64_t limit) {
  return {protocol::instant{protocol::duration{limit}},
          protocol::open_account{"t", {limit}}};
}

std::vector<ledger_entry> read_all(actors::ledger_log& log) {
  std::vector<ledger_entry> all;
  const auto read = log.read([&](const ledger_entry& it) {
    all.push_back(it);
    return protocol::result<void>{};
  });
  REQUIRE(read.has_value());
  return all;
}

} // namespace

TEST_CASE("what a ledger keeps outlives a sync that failed in a process before",
          "[ledger]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    testing::power_disk disk{seed};
    auto log = open_sqlite_ledger("ledger", disk.vfs());
    REQUIRE(log.has_value());
    REQUIRE((*log)->append(std::vector{opened(1)}).has_value());
    disk.fail_at(1, testing::disk_fault::lost_sync, true);
    CHECK_FALSE((*log)->append(std::vector{opened(2)}).has_value());
    log->reset();
    log = open_sqlite_ledger("ledger", disk.vfs()); // the next process
    REQUIRE(log.has_value());
    (void)read_all(**log);
    REQUIRE((*log)->append(std::vector{opened(3)}).has_value());
    disk.cut();
    log->reset();
    disk.power_on();
    log = open_sqlite_ledger("ledger", disk.vfs());
    REQUIRE(log.has_value());
    const auto left = read_all(**log);
    REQUIRE_FALSE(left.empty());
    CHECK(left.front() == opened(1));
    CHECK(left.back() == opened(3));
  }
}
