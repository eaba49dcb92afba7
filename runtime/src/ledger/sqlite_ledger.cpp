#include "ledger/sqlite_ledger.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace troupe {

using actors::held_budget;
using actors::ledger_entry;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr int application_id = 0x74726c67; // "trlg"
constexpr int schema_version = 1;
constexpr int patience_ms = 2'000; ///< For another process that is just ending.

constexpr const char* schema = "CREATE TABLE entries ("
                               "number INTEGER PRIMARY KEY, "
                               "at INTEGER NOT NULL, " // ns since the epoch
                               "kind TEXT NOT NULL, "
                               "reservation TEXT, "
                               "body TEXT NOT NULL) STRICT";

struct close_database {
  void operator()(sqlite3* it) const { sqlite3_close_v2(it); }
};
struct end_statement {
  void operator()(sqlite3_stmt* it) const { sqlite3_finalize(it); }
};
using database = std::unique_ptr<sqlite3, close_database>;
using statement = std::unique_ptr<sqlite3_stmt, end_statement>;

void set_text(sqlite3_stmt* to, int at, const std::string& text) {
  sqlite3_bind_text64(to, at, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
}

std::string text_at(sqlite3_stmt* row, int column) {
  const auto* text =
      reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
  return text == nullptr ? std::string{} : std::string{text, size};
}

class sqlite_ledger final : public actors::ledger_log {
public:
  explicit sqlite_ledger(std::string file) : file_(std::move(file)) {}

  result<void> open();
  result<void>
  read(const std::function<result<void>(const ledger_entry&)>& each) override;
  result<void> append(std::span<const ledger_entry> entries) override;
  result<void> replace(std::span<const ledger_entry> entries) override;

private:
  [[nodiscard]] protocol::error problem(errc code) const {
    return fail(code,
                "ledger '" + file_ + "': "
                    + (db_ ? sqlite3_errmsg(db_.get()) : "out of memory"));
  }
  result<void> run(const char* sql, errc code = errc::config_invalid);
  result<int> number_of(const char* sql);
  result<void> prepare_schema();
  result<void> insert(const ledger_entry& it);
  result<void> write(const char* first, std::span<const ledger_entry> entries);
  result<ledger_entry> entry_of(sqlite3_stmt* row) const;

  std::string file_;
  database db_;
  statement insert_;
  std::int64_t last_ = 0; ///< Number of the last entry.
};

result<void> sqlite_ledger::run(const char* sql, errc code) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return problem(code);
  return {};
}

result<int> sqlite_ledger::number_of(const char* sql) {
  sqlite3_stmt* made = nullptr;
  sqlite3_prepare_v2(db_.get(), sql, -1, &made, nullptr);
  const statement it{made};
  if (!it || sqlite3_step(it.get()) != SQLITE_ROW)
    return problem(errc::config_invalid);
  return sqlite3_column_int(it.get(), 0);
}

result<void> sqlite_ledger::open() {
  // SQLite gives its other files the rights of this one.
  const int made = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (made < 0)
    return fail(errc::file_unreadable,
                "ledger '" + file_ + "': " + std::strerror(errno));
  ::close(made);
  sqlite3* opened = nullptr;
  const auto code = sqlite3_open_v2(file_.c_str(), &opened,
                                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
                                        | SQLITE_OPEN_PRIVATECACHE,
                                    nullptr);
  db_.reset(opened);
  if (code != SQLITE_OK)
    return problem(errc::config_invalid);
  sqlite3_busy_timeout(db_.get(), patience_ms);
  for (const auto* sql :
       {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA trusted_schema=OFF",
        "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
        "BEGIN IMMEDIATE"})
    if (auto good = run(sql); !good) {
      if (sqlite3_errcode(db_.get()) == SQLITE_BUSY)
        return fail(errc::config_invalid,
                    "ledger '" + file_ + "' is in use by another process");
      return good;
    }
  if (auto good = prepare_schema(); !good)
    return good;
  if (auto good = run("COMMIT"); !good)
    return good;
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v3(db_.get(), "INSERT INTO entries VALUES (?, ?, ?, ?, ?)",
                     -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  insert_.reset(prepared);
  if (!insert_)
    return problem(errc::config_invalid);
  return {};
}

result<void> sqlite_ledger::prepare_schema() {
  const auto application = number_of("PRAGMA application_id");
  const auto version = number_of("PRAGMA user_version");
  const auto tables = number_of("SELECT count(*) FROM sqlite_schema");
  if (!application || !version || !tables)
    return problem(errc::config_invalid);
  if (*application == application_id && *version == schema_version)
    return {};
  if (*application == application_id && *version > schema_version)
    return fail(errc::config_invalid,
                "ledger '" + file_ + "' is of a later version of troupe");
  if (*tables != 0 || *application != 0)
    return fail(errc::config_invalid, "'" + file_ + "' is no ledger of troupe");
  const auto mark = "PRAGMA application_id=" + std::to_string(application_id)
                    + "; PRAGMA user_version=" + std::to_string(schema_version);
  if (auto good = run(schema); !good)
    return good;
  return run(mark.c_str());
}

result<ledger_entry> sqlite_ledger::entry_of(sqlite3_stmt* row) const {
  const auto json = protocol::parse_json(text_at(row, 4));
  if (!json)
    return json.error();
  ledger_entry it;
  it.at = protocol::instant{protocol::duration{sqlite3_column_int64(row, 1)}};
  const auto take = [&it](auto body) -> result<ledger_entry> {
    if (!body)
      return body.error();
    it.what = std::move(*body);
    return it;
  };
  const auto kind = text_at(row, 2);
  if (kind == "open")
    return take(protocol::from_json<protocol::open_account>(*json));
  if (kind == "account")
    return take(protocol::from_json<actors::kept_account>(*json));
  if (kind == "ended")
    return take(protocol::from_json<actors::kept_reservation>(*json));
  if (kind == "close")
    return take(protocol::from_json<protocol::close_account>(*json));
  if (kind == "settle")
    return take(protocol::from_json<protocol::settle_budget>(*json));
  if (kind != "reserve")
    return fail(errc::malformed_message, "unknown kind '" + kind + "'");
  auto what = protocol::from_json<protocol::reserve_budget>(*json);
  if (!what)
    return what.error();
  const auto reservation = protocol::parse_id(text_at(row, 3));
  if (!reservation)
    return fail(errc::malformed_message, "no reservation");
  it.what = held_budget{*reservation, std::move(*what)};
  return it;
}

result<void> sqlite_ledger::read(
    const std::function<result<void>(const ledger_entry&)>& each) {
  sqlite3_stmt* made = nullptr;
  sqlite3_prepare_v2(db_.get(), "SELECT * FROM entries ORDER BY number", -1,
                     &made, nullptr);
  const statement rows{made};
  if (!rows)
    return problem(errc::config_invalid);
  const auto wrong = [&](const std::string& what) {
    return fail(errc::malformed_message, "ledger '" + file_ + "', entry "
                                             + std::to_string(last_ + 1) + ": "
                                             + what);
  };
  for (;;) {
    const auto code = sqlite3_step(rows.get());
    if (code == SQLITE_DONE)
      return {};
    if (code != SQLITE_ROW)
      return problem(errc::config_invalid);
    const auto number = sqlite3_column_int64(rows.get(), 0);
    // Entries that a snapshot has taken the place of are gone.
    if (last_ == 0 && number > 0 && text_at(rows.get(), 2) == "account")
      last_ = number - 1;
    if (number != last_ + 1)
      return wrong("is missing");
    const auto it = entry_of(rows.get());
    if (!it)
      return wrong(it.error().detail);
    if (auto good = each(*it); !good)
      return wrong(good.error().detail);
    ++last_;
  }
}

result<void> sqlite_ledger::insert(const ledger_entry& it) {
  auto* to = insert_.get();
  sqlite3_bind_int64(to, 1, last_ + 1);
  sqlite3_bind_int64(to, 2, it.at.time_since_epoch().count());
  const auto say = [to](const char* kind, protocol::id reservation,
                        const boost::json::value& body) {
    set_text(to, 3, kind);
    if (reservation)
      set_text(to, 4, to_string(reservation));
    set_text(to, 5, boost::json::serialize(body));
  };
  if (const auto* opened = std::get_if<protocol::open_account>(&it.what))
    say("open", {}, protocol::to_json(*opened));
  else if (const auto* held = std::get_if<held_budget>(&it.what))
    say("reserve", held->reservation, protocol::to_json(held->what));
  else if (const auto* end = std::get_if<protocol::settle_budget>(&it.what))
    say("settle", end->reservation, protocol::to_json(*end));
  else if (const auto* shut = std::get_if<protocol::close_account>(&it.what))
    say("close", {}, protocol::to_json(*shut));
  else if (const auto* as = std::get_if<actors::kept_account>(&it.what))
    say("account", {}, protocol::to_json(*as));
  else if (const auto* done = std::get_if<actors::kept_reservation>(&it.what))
    say("ended", done->reservation, protocol::to_json(*done));
  const auto code = sqlite3_step(to);
  sqlite3_reset(to);
  sqlite3_clear_bindings(to);
  if (code != SQLITE_DONE)
    return problem(errc::internal);
  ++last_;
  return {};
}

result<void> sqlite_ledger::append(std::span<const ledger_entry> entries) {
  return write("BEGIN IMMEDIATE", entries);
}

result<void> sqlite_ledger::replace(std::span<const ledger_entry> entries) {
  auto done = write("BEGIN IMMEDIATE; DELETE FROM entries", entries);
  if (done)
    (void)run("VACUUM"); // a file that stays large is no failure
  return done;
}

result<void> sqlite_ledger::write(const char* first,
                                  std::span<const ledger_entry> entries) {
  const auto before = last_;
  const auto undo = [&](protocol::error why) {
    last_ = before;
    (void)run("ROLLBACK");
    return why;
  };
  if (auto begun = run(first, errc::internal); !begun)
    return undo(begun.error());
  for (const auto& it : entries)
    if (auto good = insert(it); !good)
      return undo(good.error());
  if (auto good = run("COMMIT", errc::internal); !good)
    return undo(good.error());
  return {};
}

} // namespace

result<std::unique_ptr<actors::ledger_log>>
open_sqlite_ledger(const std::string& file) {
  auto ledger = std::make_unique<sqlite_ledger>(file);
  if (auto good = ledger->open(); !good)
    return good.error();
  return result<std::unique_ptr<actors::ledger_log>>{std::move(ledger)};
}

} // namespace troupe
