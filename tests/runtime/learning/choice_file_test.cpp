#include "learning/choice_writer.hpp"
#include "support/actors/show_result.hpp"
#include "support/runtime/run_sql.hpp"
#include "support/scratch_folder.hpp"

#include <sys/stat.h>

using namespace troupe;
using actors::made_choice;
using protocol::errc;
using protocol::instant;
using protocol::judge_answer;
using protocol::money;

namespace {

made_choice choice(std::uint64_t call, const std::string& model = "a/small") {
  made_choice it;
  it.call = {7, call};
  it.type = actors::task_type::code;
  it.offered = {{model, {10}, {12}, 640, 900'000}, {"b/big", {}, {}, 1, 2}};
  it.model = model;
  it.cost = {42};
  it.features = std::string("\0\1\xff", 3);
  return it;
}

instant at(std::int64_t seconds) {
  return instant{std::chrono::seconds{seconds}};
}

struct scratch_choices {
  test::scratch_folder folder{"choices"};
  std::string file = (folder.path() / "learned.db").string();

  [[nodiscard]] std::unique_ptr<choice_file>
  open(std::size_t rows_max = choice_file::rows_usual) const {
    auto opened = choice_file::open(file, true, rows_max);
    REQUIRE(opened);
    return std::move(*opened);
  }

  void put(std::uint64_t calls) const {
    std::vector<choice_record> all;
    for (std::uint64_t i = 1; i <= calls; ++i)
      all.push_back({at(static_cast<std::int64_t>(i)), choice(i)});
    REQUIRE(open()->write(all));
  }
};

std::vector<kept_choice> all_in(choice_file& file, bool only_judged = false) {
  auto found = file.newest(1'000, only_judged);
  REQUIRE(found);
  return std::move(*found);
}

} // namespace

TEST_CASE("a file of choices gives them back after a restart",
          "[choice_file]") {
  const scratch_choices it;
  it.put(3);
  REQUIRE(it.open()->judge({{7, 2}, 350}));
  const auto again = it.open();
  const auto found = all_in(*again);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == kept_choice{at(1), choice(1)});
  auto judged = choice(2);
  judged.quality_permille = 350;
  CHECK(found[1].what == judged);
  CHECK(all_in(*again, true) == std::vector<kept_choice>{{at(2), judged}});
  const auto last = again->newest(1, false);
  REQUIRE(last);
  CHECK(last->at(0).what.call == protocol::id{7, 3});
}

TEST_CASE("a call is judged once, and by its model's name", "[choice_file]") {
  const scratch_choices it;
  it.put(1);
  const auto file = it.open();
  const auto model = file->judge({{7, 1}, 0});
  REQUIRE(model);
  CHECK(*model == "a/small");
  CHECK(file->judge({{7, 1}, 1'000}).error().code == errc::invalid_request);
  CHECK(file->judge({{7, 2}, 1'000}).error().code == errc::invalid_request);
  const choice_record later{at(9), judge_answer{{7, 1}, 900}};
  REQUIRE(file->write({&later, 1}));
  CHECK(all_in(*file)[0].what.quality_permille == 0U);
}

TEST_CASE("the oldest choices go when there are too many", "[choice_file]") {
  const scratch_choices it;
  it.put(10);
  const auto file = it.open(4);
  const choice_record one{at(11), choice(11)};
  REQUIRE(file->write({&one, 1}));
  const auto found = all_in(*file);
  REQUIRE(found.size() == 4);
  CHECK(found[0].what.call == protocol::id{7, 8});
  CHECK(found[3].what.call == protocol::id{7, 11});
}

TEST_CASE("a call that is told twice is one choice", "[choice_file]") {
  const scratch_choices it;
  it.put(1);
  it.put(1);
  CHECK(all_in(*it.open()).size() == 1);
}

TEST_CASE("only its owner may read a file of choices", "[choice_file]") {
  const scratch_choices it;
  it.put(1);
  struct stat info {};
  REQUIRE(stat(it.file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
}

TEST_CASE("who only looks makes no file of choices", "[choice_file]") {
  const scratch_choices it;
  const auto none = choice_file::open(it.file, false);
  REQUIRE_FALSE(none);
  CHECK(none.error().code == errc::file_unreadable);
  CHECK_FALSE(std::filesystem::exists(it.file));
}

TEST_CASE("what is no file of choices is refused and left as it is",
          "[choice_file]") {
  const scratch_choices it;
  const auto code = [&] {
    const auto file = choice_file::open(it.file, true);
    return file ? errc::internal : file.error().code;
  };
  it.folder.write("learned.db", "no database, but long enough to look at: "
                                    + std::string(2'000, 'x'));
  CHECK(code() == errc::config_invalid);
  std::filesystem::remove(it.file);
  test::run_sql(it.file, "CREATE TABLE other (x)");
  CHECK(code() == errc::config_invalid);
  std::filesystem::remove(it.file);
  it.put(1);
  test::run_sql(it.file, "PRAGMA user_version=2");
  CHECK(code() == errc::config_invalid);
}

TEST_CASE("a damaged row is told with its number", "[choice_file]") {
  for (const auto* damage : {"call='x'", "type='singing'", "offered='[{]'",
                             "offered='7'", "quality=1001"}) {
    CAPTURE(damage);
    const scratch_choices it;
    it.put(2);
    test::run_sql(it.file, std::string{"UPDATE choices SET "} + damage
                               + " WHERE number=2");
    const auto found = it.open()->newest(10, false);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == errc::malformed_message);
    CHECK(found.error().detail.find("choice 2: ") != std::string::npos);
  }
}

TEST_CASE("what a writer was told before its end is in the file",
          "[choice_writer]") {
  const scratch_choices it;
  {
    choice_writer writer{it.open(), [] {
                           return at(5);
                         }};
    for (std::uint64_t call = 1; call <= 500; ++call)
      writer.answered(choice(call));
    writer.judged({7, 500}, 70);
    CHECK(writer.dropped() == 0);
  }
  const auto found = all_in(*it.open());
  REQUIRE(found.size() == 500);
  CHECK(found[0].at == at(5));
  CHECK(found[499].what.quality_permille == 70U);
}

TEST_CASE("when the disk is too slow records are dropped and counted",
          "[choice_writer]") {
  const scratch_choices it;
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(it.file.c_str(), &other) == SQLITE_OK);
  auto file = it.open();
  const auto run = [other](const char* sql) {
    REQUIRE(sqlite3_exec(other, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  run("BEGIN IMMEDIATE"); // nobody else can write meanwhile
  std::uint64_t dropped = 0;
  constexpr std::uint64_t told = 2 * choice_writer::waiting_max + 10;
  {
    choice_writer writer{std::move(file), [] {
                           return at(5);
                         }};
    for (std::uint64_t call = 1; call <= told; ++call)
      writer.answered(choice(call));
    dropped = writer.dropped();
    CHECK(dropped >= 10);
    run("COMMIT");
  }
  sqlite3_close(other);
  const auto found = it.open()->newest(told, false);
  REQUIRE(found);
  CHECK(found->size() <= told - dropped);
}
