#include "ledger/sqlite_ledger.hpp"
#include "support/actors/show_result.hpp"
#include "support/runtime/run_sql.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/actors/budget_manager.hpp>

#include <csignal>
#include <fstream>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace troupe;
using actors::held_budget;
using actors::ledger_entry;
using protocol::errc;
using protocol::settlement;

namespace {

protocol::instant at(std::int64_t ns) {
  return protocol::instant{protocol::duration{ns}};
}

const std::vector<ledger_entry> some{
    {at(1),
     protocol::open_account{"t", {500}, 70, 0, protocol::budget_window::month}},
    {at(2), held_budget{{1, 2}, {"t/m", {300}, 40}}},
    {at(3), protocol::settle_budget{{1, 2}, settlement::billed, {200}, 10}},
    {at(4), held_budget{{1, 3}, {"t/\"'\\\xe2\x82\xac", {5}, 0}}}};

struct scratch_ledger {
  test::scratch_folder folder{"ledger"};
  std::string file = (folder.path() / "troupe.ledger").string();

  std::unique_ptr<actors::ledger_log> open() const {
    auto ledger = open_sqlite_ledger(file);
    REQUIRE(ledger);
    return std::move(*ledger);
  }

  /// Lets go of `log` first.
  std::unique_ptr<actors::ledger_log>
  open_again(std::unique_ptr<actors::ledger_log>& log) const {
    log.reset();
    return open();
  }

  protocol::error problem() const {
    const auto ledger = open_sqlite_ledger(file);
    REQUIRE_FALSE(ledger);
    return ledger.error();
  }

  void run(const std::string& sql) const { test::run_sql(file, sql); }

  void write(const std::string& bytes) const {
    std::ofstream{file, std::ios::binary} << bytes;
  }
};

std::vector<ledger_entry> all_of(actors::ledger_log& log) {
  std::vector<ledger_entry> all;
  REQUIRE(log.read([&](const ledger_entry& it) {
    all.push_back(it);
    return protocol::result<void>{};
  }));
  return all;
}

} // namespace

TEST_CASE("a ledger's file gives back what was appended, in order",
          "[ledger]") {
  const scratch_ledger it;
  {
    auto log = it.open();
    CHECK(all_of(*log).empty());
    REQUIRE(log->append(std::span{some}.first(1)));
    REQUIRE(log->append(std::span{some}.subspan(1)));
  }
  auto log = it.open();
  CHECK(all_of(*log) == some);
  REQUIRE(log->append(std::span{some}.first(1)));
  CHECK(all_of(*it.open_again(log)).size() == 5);
}

TEST_CASE("entries that stand for others take their place", "[ledger]") {
  const scratch_ledger it;
  auto log = it.open();
  REQUIRE(log->append(some));
  actors::kept_account account;
  account.state.path = "t";
  account.state.spent = {200};
  account.step = std::chrono::seconds{1};
  account.first = at(4);
  account.steps = {{12, {200}, {}, 10, 1}};
  actors::kept_reservation ended;
  ended.reservation = {1, 3};
  ended.kind = actors::kept_kind::unknown;
  ended.what.account = "t";
  ended.at = at(5);
  const std::vector<ledger_entry> standing{{at(5), account}, {at(5), ended}};
  REQUIRE(log->replace(standing));
  log = it.open_again(log);
  CHECK(all_of(*log) == standing);
  REQUIRE(log->append(std::span{some}.first(1)));
  CHECK(all_of(*it.open_again(log)).size() == 3);
  it.run("DELETE FROM entries WHERE number = 6");
  CHECK_FALSE((*open_sqlite_ledger(it.file))->read([](const auto&) {
    return protocol::result<void>{};
  }));
}

TEST_CASE("only its owner may read a ledger's file", "[ledger]") {
  const scratch_ledger it;
  auto log = it.open();
  REQUIRE(log->append(some));
  for (const auto* more : {"", "-wal"}) {
    struct stat found {};
    REQUIRE(stat((it.file + more).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600U);
  }
}

TEST_CASE("one at a time has a ledger's file", "[ledger]") {
  const scratch_ledger it;
  const auto log = it.open();
  const auto why = it.problem();
  CHECK(why.code == errc::config_invalid);
  CHECK(why.detail.find("in use by another process") != std::string::npos);
}

TEST_CASE("what is no ledger is refused and left as it is", "[ledger]") {
  const scratch_ledger it;
  SECTION("text") {
    it.write("just some text, which is longer than SQLite's first page mark");
    CHECK(it.problem().code == errc::config_invalid);
    CHECK(std::ifstream{it.file}.get() == 'j');
  }
  SECTION("another program's database") {
    it.run("CREATE TABLE songs (title TEXT)");
    CHECK(it.problem().detail.find("no ledger of troupe") != std::string::npos);
  }
  SECTION("a later version") {
    { const auto made = it.open(); }
    it.run("PRAGMA user_version=99");
    CHECK(it.problem().detail.find("later version") != std::string::npos);
  }
  SECTION("a folder that is not there") {
    const auto ledger = open_sqlite_ledger(it.file + "/no/such");
    REQUIRE_FALSE(ledger);
    CHECK(ledger.error().code == errc::file_unreadable);
  }
}

TEST_CASE("a ledger that was tampered with is not used", "[ledger]") {
  const scratch_ledger it;
  { REQUIRE(it.open()->append(some)); }
  std::string sql, says;
  std::tie(sql, says) = GENERATE(table<std::string, std::string>({
      {"DELETE FROM entries WHERE number = 2", "entry 2: is missing"},
      {"UPDATE entries SET body = '{' WHERE number = 3", "entry 3: "},
      {"UPDATE entries SET body = '{\"amount\":\"-1\"}' WHERE number = 2",
       "entry 2: "},
      {"UPDATE entries SET kind = 'gift' WHERE number = 1",
       "entry 1: unknown kind 'gift'"},
      {"UPDATE entries SET reservation = 'x' WHERE number = 2",
       "entry 2: no reservation"},
  }));
  CAPTURE(sql);
  it.run(sql);
  auto log = it.open();
  const auto opened = actors::open_ledger(std::move(log), at(9));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::malformed_message);
  CHECK(opened.error().detail.find(says) != std::string::npos);
}

TEST_CASE("a batch that the disk has no room for leaves nothing behind",
          "[ledger]") {
  const scratch_ledger it;
  auto log = it.open();
  REQUIRE(log->append(some));
  // Files of this process may not grow any more.
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4'096, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::vector<ledger_entry> many;
  for (std::uint64_t i = 0; i < 2'000; ++i)
    many.push_back({at(10), held_budget{{2, i}, {"t/m", {1}, 0}}});
  const auto kept = log->append(many);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, old_handler);
  REQUIRE_FALSE(kept);
  CHECK(kept.error().code == errc::internal);
  CHECK(all_of(*it.open_again(log)) == some);
}
