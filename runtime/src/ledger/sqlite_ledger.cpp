#include "ledger/sqlite_ledger.hpp"

#include "ledger/entry_forms.hpp"
#include "sqlite/database.hpp"

#include <boost/json/serialize.hpp>

#include <sqlite3.h>

namespace troupe {

using actors::ledger_entry;
using protocol::errc;
using protocol::fail;
using protocol::result;
using sqlite::run_of;
using sqlite::statement;

namespace {

constexpr sqlite::file_kind kept_file{"ledger", "ledger of troupe",
                                      0x74726c67, // "trlg"
                                      1};
constexpr int patience_ms = 2'000; ///< For another process that is just ending.

constexpr const char* schema = "CREATE TABLE entries ("
                               "number INTEGER PRIMARY KEY, "
                               "at INTEGER NOT NULL, " // ns since the epoch
                               "kind TEXT NOT NULL, "
                               "reservation TEXT, "
                               "body TEXT NOT NULL) STRICT";

class sqlite_ledger final : public actors::ledger_log {
public:
  explicit sqlite_ledger(std::string file) : db_(std::move(file), kept_file) {}

  result<void> open(const char* vfs);
  result<void>
  read(const std::function<result<void>(const ledger_entry&)>& each) override;
  result<void> append(std::span<const ledger_entry> entries) override;
  result<void> replace(std::span<const ledger_entry> entries) override;

private:
  result<void> insert(const ledger_entry& it);
  result<void> write(const char* first, std::span<const ledger_entry> entries);

  sqlite::database db_;
  statement insert_;
  std::int64_t last_ = 0; ///< Number of the last entry.
};

result<void> sqlite_ledger::open(const char* vfs) {
  if (auto good = db_.open(patience_ms, vfs); !good)
    return good;
  for (const auto* sql :
       {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA trusted_schema=OFF",
        "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
        "BEGIN IMMEDIATE"})
    if (auto good = db_.run(sql); !good) {
      if (sqlite3_errcode(db_.get()) == SQLITE_BUSY)
        return fail(errc::config_invalid,
                    db_.name() + " is in use by another process");
      return good;
    }
  if (auto good = db_.prepare_schema(schema); !good)
    return good;
  if (auto good = db_.run("COMMIT"); !good)
    return good;
  // What the log of a process that has died says may be in memory of the kernel
  // alone, where a sync of it has failed; what is kept behind that would be
  // lost with it. Written to the file itself and synced, it is what it says.
  if (sqlite3_wal_checkpoint_v2(db_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                nullptr, nullptr)
      != SQLITE_OK)
    return db_.problem(errc::config_invalid);
  return db_.prepare(insert_, "INSERT INTO entries VALUES (?, ?, ?, ?, ?)");
}

result<void> sqlite_ledger::read(
    const std::function<result<void>(const ledger_entry&)>& each) {
  statement all;
  const auto* sql = "SELECT * FROM entries ORDER BY number";
  if (auto good = db_.prepare(all, sql); !good)
    return good;
  run_of row{all};
  const auto wrong = [&](const std::string& what) {
    return fail(errc::malformed_message, db_.name() + ", entry "
                                             + std::to_string(last_ + 1) + ": "
                                             + what);
  };
  for (;;) {
    const auto code = row.step();
    if (code == SQLITE_DONE)
      return {};
    if (code != SQLITE_ROW)
      return db_.problem(errc::config_invalid);
    const auto number = row.number(0);
    // Entries that a snapshot has taken the place of are gone.
    if (last_ == 0 && number > 0 && row.bytes(2) == "account")
      last_ = number - 1;
    if (number != last_ + 1)
      return wrong("is missing");
    const auto body = protocol::parse_json(row.bytes(4));
    if (!body)
      return wrong(body.error().detail);
    const auto it =
        ledger::entry_of(protocol::instant{protocol::duration{row.number(1)}},
                         row.bytes(2), row.bytes(3), *body);
    if (!it)
      return wrong(it.error().detail);
    if (auto good = each(*it); !good)
      return wrong(good.error().detail);
    ++last_;
  }
}

result<void> sqlite_ledger::insert(const ledger_entry& it) {
  run_of to{insert_};
  to.set_number(1, last_ + 1);
  to.set_number(2, it.at.time_since_epoch().count());
  const auto form = ledger::form_of(it);
  to.set_text(3, form.kind);
  if (form.reservation)
    to.set_text(4, to_string(form.reservation));
  to.set_text(5, boost::json::serialize(form.body));
  if (to.step() != SQLITE_DONE)
    return db_.problem(errc::internal);
  ++last_;
  return {};
}

result<void> sqlite_ledger::append(std::span<const ledger_entry> entries) {
  return write("BEGIN IMMEDIATE", entries);
}

result<void> sqlite_ledger::replace(std::span<const ledger_entry> entries) {
  auto done = write("BEGIN IMMEDIATE; DELETE FROM entries", entries);
  if (done)
    (void)db_.run("VACUUM"); // a file that stays large is no failure
  return done;
}

result<void> sqlite_ledger::write(const char* first,
                                  std::span<const ledger_entry> entries) {
  const auto before = last_;
  const auto undo = [&](protocol::error why) {
    last_ = before;
    (void)db_.run("ROLLBACK");
    return why;
  };
  if (auto begun = db_.run(first, errc::internal); !begun)
    return undo(begun.error());
  for (const auto& it : entries)
    if (auto good = insert(it); !good)
      return undo(good.error());
  if (auto good = db_.run("COMMIT", errc::internal); !good)
    return undo(good.error());
  return {};
}

} // namespace

result<std::unique_ptr<actors::ledger_log>>
open_sqlite_ledger(const std::string& file, const std::string& vfs) {
  auto ledger = std::make_unique<sqlite_ledger>(file);
  if (auto good = ledger->open(vfs.empty() ? nullptr : vfs.c_str()); !good)
    return good.error();
  return result<std::unique_ptr<actors::ledger_log>>{std::move(ledger)};
}

} // namespace troupe
