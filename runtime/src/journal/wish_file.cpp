#include "journal/wish_file.hpp"

#include <filesystem>
#include <sqlite3.h>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;
using sqlite::run_of;
using sqlite::statement;

namespace {

constexpr sqlite::file_kind kept_file{"file of wishes",
                                      "file of wishes of troupe",
                                      0x74727768, // "trwh"
                                      1};
constexpr int patience_ms = 2'000;
constexpr int text_bytes_max = 1 << 16;
constexpr std::size_t why_bytes_max = 1'024;

// Times are nanoseconds since the epoch.
constexpr const char* schema =
    "CREATE TABLE live (run TEXT PRIMARY KEY, since INTEGER NOT NULL, "
    "process INTEGER NOT NULL) STRICT; "
    "CREATE TABLE wishes (number INTEGER PRIMARY KEY AUTOINCREMENT, "
    "run TEXT NOT NULL, kind TEXT NOT NULL, why TEXT NOT NULL, "
    "until INTEGER NOT NULL, taken INTEGER NOT NULL DEFAULT 0, "
    "state TEXT NOT NULL DEFAULT '') STRICT";

std::int64_t number_of(instant it) {
  return it.time_since_epoch().count();
}

instant instant_of(std::int64_t it) {
  return instant{protocol::duration{it}};
}

} // namespace

wish_file::wish_file(std::string file) : db_(std::move(file), kept_file) {}

result<std::unique_ptr<wish_file>> wish_file::open(const std::string& journal,
                                                   bool makes) {
  const auto file = journal + "-wishes";
  std::error_code ignored;
  if (!makes && !std::filesystem::exists(file, ignored))
    return fail(errc::file_unreadable,
                std::string{kept_file.name} + " '" + file + "': no such file");
  std::unique_ptr<wish_file> self{new wish_file{file}};
  if (auto good = self->prepare(); !good)
    return good.error();
  return self;
}

result<void> wish_file::prepare() {
  if (auto good = db_.open(patience_ms); !good)
    return good;
  sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, text_bytes_max);
  for (const auto* sql :
       {"PRAGMA trusted_schema=OFF", "PRAGMA synchronous=FULL"})
    if (auto good = db_.run(sql); !good)
      return good;
  if (auto good = db_.prepare_schema(schema); !good)
    return good;
  const std::pair<statement*, const char*> statements[] = {
      {&add_live_, "INSERT OR REPLACE INTO live VALUES (?, ?, ?)"},
      {&drop_live_, "DELETE FROM live WHERE run = ?"},
      {&live_, "SELECT run, since, process FROM live "
               "ORDER BY since DESC, run DESC LIMIT 10000"},
      {&add_, "INSERT INTO wishes (run, kind, why, until) VALUES (?, ?, ?, ?)"},
      {&open_, "SELECT number, run, kind, why, until FROM wishes WHERE taken "
               "= 0 AND until > ? ORDER BY number LIMIT 100"},
      {&take_, "UPDATE wishes SET taken = 1 WHERE number = ? AND taken = 0"},
      {&tell_, "UPDATE wishes SET state = ? WHERE number = ?"},
      {&answer_, "SELECT taken, state FROM wishes WHERE number = ?"},
      {&withdraw_, "DELETE FROM wishes WHERE number = ? AND taken = 0"}};
  for (const auto& [to, sql] : statements)
    if (auto good = db_.prepare(*to, sql); !good)
      return good;
  return {};
}

result<int> wish_file::change(run_of& it) {
  if (it.step() != SQLITE_DONE)
    return db_.problem(errc::internal);
  return sqlite3_changes(db_.get());
}

result<bool> wish_file::change_open(statement& it, std::int64_t number) {
  run_of to{it};
  to.set_number(1, number);
  const auto done = change(to);
  if (!done)
    return done.error();
  return *done == 1;
}

result<void> wish_file::clear() {
  return db_.run("BEGIN IMMEDIATE; DELETE FROM live; DELETE FROM wishes; "
                 "COMMIT",
                 errc::internal);
}

result<void> wish_file::add_live(const live_run& it) {
  const auto run = to_string(it.run);
  run_of to{add_live_};
  to.set_text(1, run);
  to.set_number(2, number_of(it.since));
  to.set_number(3, it.process);
  if (const auto done = change(to); !done)
    return done.error();
  return {};
}

result<void> wish_file::drop_live(protocol::id run) {
  const auto text = to_string(run);
  run_of to{drop_live_};
  to.set_text(1, text);
  if (const auto done = change(to); !done)
    return done.error();
  return {};
}

result<std::vector<live_run>> wish_file::live() {
  std::vector<live_run> all;
  run_of row{live_};
  int code = row.step();
  for (; code == SQLITE_ROW; code = row.step())
    if (const auto run = protocol::parse_id(row.bytes(0)))
      all.push_back({*run, instant_of(row.number(1)), row.number(2)});
  if (code != SQLITE_DONE)
    return db_.problem(errc::internal);
  return all;
}

result<std::int64_t> wish_file::add(const run_wish& it) {
  const auto run = to_string(it.run);
  const std::string kind{protocol::enum_name(it.kind)};
  const auto why = it.why.substr(0, why_bytes_max);
  run_of to{add_};
  to.set_text(1, run);
  to.set_text(2, kind);
  to.set_text(3, why);
  to.set_number(4, number_of(it.until));
  if (const auto done = change(to); !done)
    return done.error();
  return sqlite3_last_insert_rowid(db_.get());
}

result<std::vector<run_wish>> wish_file::open_wishes(instant now) {
  std::vector<run_wish> all;
  run_of row{open_};
  row.set_number(1, number_of(now));
  int code = row.step();
  for (; code == SQLITE_ROW; code = row.step()) {
    run_wish it;
    const auto run = protocol::parse_id(row.bytes(1));
    if (!run || !protocol::enum_from_name(row.bytes(2), it.kind))
      continue; // of a later version
    it.number = row.number(0);
    it.run = *run;
    it.why = std::string{row.bytes(3)}.substr(0, why_bytes_max);
    it.until = instant_of(row.number(4));
    all.push_back(std::move(it));
  }
  if (code != SQLITE_DONE)
    return db_.problem(errc::internal);
  return all;
}

result<bool> wish_file::take(std::int64_t number) {
  return change_open(take_, number);
}

result<void> wish_file::tell(std::int64_t number, const std::string& state) {
  run_of to{tell_};
  to.set_text(1, state);
  to.set_number(2, number);
  if (const auto done = change(to); !done)
    return done.error();
  return {};
}

result<std::optional<wish_answer>> wish_file::answer(std::int64_t number) {
  run_of row{answer_};
  row.set_number(1, number);
  const int code = row.step();
  if (code == SQLITE_DONE)
    return std::optional<wish_answer>{};
  if (code != SQLITE_ROW)
    return db_.problem(errc::internal);
  return std::optional{
      wish_answer{row.number(0) != 0, std::string{row.bytes(1)}}};
}

result<bool> wish_file::withdraw(std::int64_t number) {
  return change_open(withdraw_, number);
}

} // namespace troupe
