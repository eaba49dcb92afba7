#include "cache/sqlite_answers.hpp"
#include "support/actors/show_result.hpp"
#include "support/runtime/run_sql.hpp"
#include "support/scratch_folder.hpp"

#include <csignal>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace std::chrono_literals;
using namespace troupe;
using actors::answer_key;
using actors::kept_answer;
using protocol::errc;
using protocol::instant;

namespace {

/// Keys of the same `print` are told apart by their bytes.
answer_key key(std::uint64_t print, std::string bytes = "say hello") {
  return {{7, print}, std::move(bytes)};
}

kept_answer answer(std::string text, protocol::duration until = 1h) {
  kept_answer it{{}, instant{until}};
  it.reply.model = "first/small";
  it.reply.content = {protocol::text_part{std::move(text)}};
  it.reply.cost.nano_usd = 42;
  it.reply.used.input = 7;
  return it;
}

struct scratch_answers {
  test::scratch_folder folder{"answers"};
  std::string file = (folder.path() / "answers.db").string();

  std::shared_ptr<actors::answer_store>
  open(const answer_file_limits& limits = {}) const {
    auto answers = open_sqlite_answers(file, limits);
    REQUIRE(answers);
    return std::move(*answers);
  }

  protocol::error problem() const {
    const auto answers = open_sqlite_answers(file);
    REQUIRE_FALSE(answers);
    return answers.error();
  }

  void run(const std::string& sql) const { test::run_sql(file, sql); }
};

std::string text_in(actors::answer_store& store, const answer_key& key,
                    instant now = {}) {
  const auto found = store.find(key, now);
  REQUIRE(found);
  return *found ? text_of((*found)->reply.content) : "(none)";
}

} // namespace

TEST_CASE("a file of answers gives them back after a restart",
          "[sqlite_answers]") {
  const scratch_answers it;
  const auto kept = answer("hel\"lo\n\xe2\x82\xac");
  const std::string binary("a\0b\xff", 4);
  REQUIRE(it.open()->put(key(1, binary), kept, {}));
  const auto again = it.open();
  const auto found = again->find(key(1, binary), {});
  REQUIRE(found);
  REQUIRE(*found);
  CHECK(**found == kept);
  CHECK(text_in(*again, key(2, binary)) == "(none)");
}

TEST_CASE("an equal print with other bytes is another key",
          "[sqlite_answers]") {
  const scratch_answers it;
  const auto store = it.open();
  REQUIRE(store->put(key(1, "one"), answer("1"), {}));
  CHECK(text_in(*store, key(1, "two")) == "(none)");
  REQUIRE(store->put(key(1, "two"), answer("2"), {}));
  CHECK(text_in(*store, key(1, "two")) == "2");
}

TEST_CASE("an answer in a file ends with its time", "[sqlite_answers]") {
  const scratch_answers it;
  const auto store = it.open();
  REQUIRE(store->put(key(1), answer("hello", 10s), {}));
  CHECK(text_in(*store, key(1), instant{10s - 1ns}) == "hello");
  CHECK(text_in(*store, key(1), instant{10s}) == "(none)");
}

TEST_CASE("a file of answers holds no more entries than it may",
          "[sqlite_answers]") {
  const scratch_answers it;
  const auto store = it.open({40, 1U << 20U});
  for (std::uint64_t i = 0; i < 200; ++i)
    REQUIRE(store->put(key(i), answer(std::to_string(i), 1h + i * 1s), {}));
  std::size_t left = 0;
  for (std::uint64_t i = 0; i < 200; ++i)
    left += text_in(*store, key(i)) == "(none)" ? 0 : 1;
  CHECK(left <= 40);
  CHECK(left >= 30);
  CHECK(text_in(*store, key(199)) == "199"); // those that end first have gone
  CHECK(text_in(*store, key(0)) == "(none)");
}

TEST_CASE("a file of answers holds no more bytes than it may",
          "[sqlite_answers]") {
  const scratch_answers it;
  constexpr std::size_t most = 256U << 10U;
  {
    const auto store = it.open({10'000, most});
    for (std::uint64_t i = 0; i < 400; ++i)
      REQUIRE(store->put(key(i), answer(std::string(8'000, 'x')), {}));
    REQUIRE(store->put(key(999), answer(std::string(most, 'x')), {}));
    CHECK(text_in(*store, key(999)) == "(none)"); // too large by itself
  }
  CHECK(std::filesystem::file_size(it.file) < 4 * most);
}

TEST_CASE("two processes may use one file of answers", "[sqlite_answers]") {
  const scratch_answers it;
  const auto one = it.open();
  const auto two = it.open();
  REQUIRE(one->put(key(1), answer("1"), {}));
  REQUIRE(two->put(key(2), answer("2"), {}));
  CHECK(text_in(*two, key(1)) == "1");
  CHECK(text_in(*one, key(2)) == "2");
}

TEST_CASE("only its owner may read a file of answers", "[sqlite_answers]") {
  const scratch_answers it;
  const auto store = it.open();
  REQUIRE(store->put(key(1), answer("1"), {}));
  for (const auto* more : {"", "-wal"}) {
    struct stat found {};
    REQUIRE(stat((it.file + more).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600U);
  }
}

TEST_CASE("what is no file of answers is refused and left as it is",
          "[sqlite_answers]") {
  const scratch_answers it;
  SECTION("text") {
    it.folder.write("answers.db",
                    "just some text, longer than SQLite's first page mark");
    CHECK(it.problem().code == errc::config_invalid);
    CHECK(std::ifstream{it.file}.get() == 'j');
  }
  SECTION("another program's database") {
    it.run("CREATE TABLE songs (title TEXT)");
    CHECK(it.problem().detail.find("no answer cache of troupe")
          != std::string::npos);
  }
  SECTION("a later version") {
    { const auto made = it.open(); }
    it.run("PRAGMA user_version=99");
    CHECK(it.problem().detail.find("later version") != std::string::npos);
  }
  SECTION("a folder that is not there") {
    const auto answers = open_sqlite_answers(it.file + "/no/such");
    REQUIRE_FALSE(answers);
    CHECK(answers.error().code == errc::file_unreadable);
  }
}

TEST_CASE("rows that were tampered with are as if they were not there",
          "[sqlite_answers]") {
  const scratch_answers it;
  { REQUIRE(it.open()->put(key(1), answer("hello"), {})); }
  const std::string sql = GENERATE(
      "UPDATE answers SET body = '{'", "UPDATE answers SET body = ''",
      "UPDATE answers SET body = '[1]'", "UPDATE answers SET key = x'00'",
      "UPDATE answers SET until = -5", "UPDATE answers SET print = 'x'",
      R"(UPDATE answers SET body = json_set(body, '$.cost', '-5 USD'))",
      R"(UPDATE answers SET body = json_set(body, '$.attempts', 0))",
      R"(UPDATE answers SET body = json_set(body, '$.content', 7))");
  CAPTURE(sql);
  it.run(sql);
  const auto store = it.open();
  CHECK(text_in(*store, key(1)) == "(none)");
  REQUIRE(store->put(key(1), answer("again"), {}));
  CHECK(text_in(*store, key(1)) == "again");
}

TEST_CASE("sizes that were tampered with do not stop a file from being used",
          "[sqlite_answers]") {
  const scratch_answers it;
  { REQUIRE(it.open()->put(key(1), answer("1"), {})); }
  it.run("UPDATE answers SET size = " + std::string(GENERATE("-9", "9e18")));
  const auto store = it.open({10, 1U << 20U});
  REQUIRE(store->put(key(2), answer("2", 2h), {}));
  CHECK(text_in(*store, key(2)) == "2");
}

TEST_CASE("a file that another holds locked gives errors, and works after it",
          "[sqlite_answers]") {
  const scratch_answers it;
  const auto store = it.open();
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(it.file.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr)
          == SQLITE_OK);
  const auto refused = store->put(key(1), answer("1"), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::internal);
  CHECK(text_in(*store, key(1)) == "(none)"); // reading goes on
  sqlite3_close(other);
  REQUIRE(store->put(key(1), answer("1"), {}));
  CHECK(text_in(*store, key(1)) == "1");
}

TEST_CASE("a full disk costs the answer that has no room, not the others",
          "[sqlite_answers]") {
  const scratch_answers it;
  const auto store = it.open();
  REQUIRE(store->put(key(1), answer("1"), {}));
  // Files of this process may not grow any more.
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4'096, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto kept = store->put(key(2), answer(std::string(100'000, 'x')), {});
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, old_handler);
  CHECK_FALSE(kept);
  CHECK(text_in(*store, key(1)) == "1");
  REQUIRE(store->put(key(3), answer("3"), {}));
  CHECK(text_in(*store, key(3)) == "3");
}
