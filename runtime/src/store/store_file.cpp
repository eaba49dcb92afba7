#include "store/store_file.hpp"

#include <algorithm>
#include <limits>
#include <sqlite3.h>

namespace troupe::store {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr sqlite::file_kind kept_file{"store", "store of troupe",
                                      0x74727374, // "trst"
                                      1};
constexpr int patience_ms = 2'000; ///< For another process that is just ending.
constexpr int row_bytes_max = 8 << 20;

// Names are blobs: any bytes, in the order of bytes. Times are nanoseconds
// since the epoch.
constexpr const char* schema =
    "CREATE TABLE pairs (key BLOB PRIMARY KEY, revision INTEGER NOT NULL, "
    "value BLOB NOT NULL) STRICT;"
    "CREATE TABLE streams (number INTEGER PRIMARY KEY, name BLOB NOT NULL "
    "UNIQUE, last INTEGER NOT NULL) STRICT;"
    "CREATE TABLE records (stream INTEGER NOT NULL, sequence INTEGER NOT NULL, "
    "record BLOB NOT NULL, PRIMARY KEY (stream, sequence)) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE accounts (name BLOB PRIMARY KEY, amount INTEGER NOT NULL) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE leases (name BLOB PRIMARY KEY, token INTEGER NOT NULL, "
    "until INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    // Handed out from `due` on; while it is claimed that is the lease's end.
    "CREATE TABLE tasks (task INTEGER PRIMARY KEY AUTOINCREMENT, "
    "queue BLOB NOT NULL, key BLOB NOT NULL, due INTEGER NOT NULL, "
    "token INTEGER NOT NULL, attempt INTEGER NOT NULL, body BLOB NOT NULL) "
    "STRICT;"
    "CREATE INDEX tasks_due ON tasks (queue, due, task);"
    "CREATE UNIQUE INDEX tasks_keyed ON tasks (queue, key) WHERE key <> x'';"
    // Of puts and deletes the cursor is the revision; their number is 0.
    "CREATE TABLE changes (cursor INTEGER PRIMARY KEY AUTOINCREMENT, "
    "kind INTEGER NOT NULL, name BLOB NOT NULL, number INTEGER NOT NULL) "
    "STRICT;"
    // `code` 0: committed; `failed` -1: no requirement.
    "CREATE TABLE txns (id BLOB PRIMARY KEY, at INTEGER NOT NULL, "
    "print BLOB NOT NULL, code INTEGER NOT NULL, failed INTEGER NOT NULL, "
    "detail BLOB NOT NULL, numbers BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX txns_by_time ON txns (at);"
    "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) "
    "STRICT, WITHOUT ROWID;"
    "INSERT INTO counters VALUES ('token', 0), ('forgotten', 0)";

struct text_of {
  sql which;
  const char* text;
};

constexpr text_of texts[] = {
    {sql::begin, "BEGIN IMMEDIATE"},
    {sql::commit, "COMMIT"},
    {sql::rollback, "ROLLBACK"},
    {sql::save, "SAVEPOINT txn"},
    {sql::keep, "RELEASE txn"},
    {sql::undo, "ROLLBACK TO txn"},
    {sql::find_value, "SELECT revision, value FROM pairs WHERE key = ?"},
    {sql::put_value,
     "INSERT INTO pairs VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
     "revision = excluded.revision, value = excluded.value"},
    {sql::delete_value, "DELETE FROM pairs WHERE key = ?"},
    {sql::list_values,
     "SELECT key, revision, value FROM pairs WHERE key >= ? ORDER BY key"},
    {sql::find_stream, "SELECT number, last FROM streams WHERE name = ?"},
    {sql::add_stream, "INSERT INTO streams (name, last) VALUES (?, 0)"},
    {sql::move_stream, "UPDATE streams SET last = ? WHERE number = ?"},
    {sql::add_record, "INSERT INTO records VALUES (?, ?, ?)"},
    {sql::drop_records,
     "DELETE FROM records WHERE stream = ? AND sequence <= ?"},
    {sql::read_records,
     "SELECT sequence, record FROM records WHERE sequence > ?2 AND stream = "
     "(SELECT number FROM streams WHERE name = ?1) ORDER BY sequence"},
    {sql::find_account, "SELECT amount FROM accounts WHERE name = ?"},
    {sql::put_account,
     "INSERT INTO accounts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
     "amount = excluded.amount"},
    {sql::find_lease, "SELECT token, until FROM leases WHERE name = ?"},
    {sql::put_lease,
     "INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
     "token = excluded.token, until = excluded.until"},
    {sql::drop_lease, "DELETE FROM leases WHERE name = ? AND token = ?"},
    {sql::find_key,
     "SELECT task FROM tasks WHERE queue = ? AND key = ? AND key <> x''"},
    {sql::add_task, "INSERT INTO tasks (queue, key, due, token, attempt, body) "
                    "VALUES (?, ?, ?, 0, 0, ?)"},
    {sql::ack_task,
     "DELETE FROM tasks WHERE task = ? AND token = ? AND token <> 0"},
    {sql::nack_task,
     "UPDATE tasks SET token = 0, due = ?3 WHERE task = ?1 AND token = ?2 "
     "AND token <> 0 RETURNING queue"},
    {sql::due_tasks,
     "SELECT task, attempt, body FROM tasks WHERE queue = ? AND due <= ? "
     "ORDER BY due, task"},
    {sql::claim_task,
     "UPDATE tasks SET due = ?2, token = ?3, attempt = ?4 WHERE task = ?1"},
    {sql::extend_task,
     "UPDATE tasks SET due = ?3 WHERE task = ?1 AND token = ?2 "
     "AND token <> 0 AND due > ?4"},
    {sql::next_token,
     "UPDATE counters SET value = value + 1 WHERE name = 'token' "
     "RETURNING value"},
    {sql::add_change,
     "INSERT INTO changes (kind, name, number) VALUES (?, ?, ?)"},
    {sql::read_changes,
     "SELECT cursor, kind, name, number FROM changes WHERE cursor > ? "
     "ORDER BY cursor"},
    {sql::drop_changes, "DELETE FROM changes WHERE cursor <= ?"},
    {sql::find_forgotten,
     "SELECT value FROM counters WHERE name = 'forgotten'"},
    {sql::set_forgotten,
     "UPDATE counters SET value = max(value, min(?, (SELECT "
     "coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'changes'))) "
     "WHERE name = 'forgotten'"},
    {sql::find_txn,
     "SELECT print, code, failed, detail, numbers FROM txns WHERE id = ?"},
    {sql::add_txn, "INSERT INTO txns VALUES (?, ?, ?, ?, ?, ?, ?)"},
    {sql::drop_txns, "DELETE FROM txns WHERE at < ?"},
};
static_assert(std::size(texts) == static_cast<std::size_t>(sql::count));

} // namespace

store_file::store_file(std::string file) : db_(std::move(file), kept_file) {}

result<void> store_file::open(const char* vfs) {
  if (auto good = db_.open(patience_ms, vfs); !good)
    return good;
  sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, row_bytes_max);
  if (auto good = lock(); !good)
    return good;
  if (auto good = db_.prepare_schema(schema); !good)
    return good;
  if (auto good = db_.run("COMMIT"); !good)
    return good;
  for (const auto& it : texts)
    if (auto good = db_.prepare(statements_[static_cast<std::size_t>(it.which)],
                                it.text);
        !good)
      return good;
  return settle();
}

result<void> store_file::lock() {
  for (const auto* text :
       {"PRAGMA locking_mode=EXCLUSIVE", "PRAGMA trusted_schema=OFF",
        "PRAGMA cell_size_check=ON", "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL", "PRAGMA journal_size_limit=16777216",
        "PRAGMA cache_size=-16384", "BEGIN IMMEDIATE"})
    if (auto good = db_.run(text); !good) {
      if (sqlite3_errcode(db_.get()) == SQLITE_BUSY)
        return fail(errc::config_invalid,
                    db_.name() + " is in use by another process");
      return good;
    }
  return {};
}

/// What the log of a process that has died says may be in memory of the
/// kernel alone, where a sync of it has failed. Written to the file itself and
/// synced, it is what it says.
result<void> store_file::settle() {
  const auto code = sqlite3_wal_checkpoint_v2(
      db_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK)
    return db_.problem(errc::config_invalid);
  const auto counters = db_.number_of("SELECT count(*) FROM counters WHERE "
                                      "name IN ('token', 'forgotten') AND "
                                      "value >= 0");
  if (!counters)
    return counters.error();
  if (*counters != 2)
    return fail(errc::config_invalid, db_.name() + " has lost its counters");
  return {};
}

result<void> store_file::begin() {
  rollback(); // what a failure has left open
  return query{*this, sql::begin}.finish();
}

result<void> store_file::commit() {
  query it{*this, sql::commit};
  auto done = it.finish();
  // A disk that is full has taken no end of the transaction. Anything else may
  // have failed behind it.
  const auto code = done ? SQLITE_OK : sqlite3_errcode(db_.get()) & 0xff;
  is_in_doubt_ =
      code != SQLITE_OK && code != SQLITE_FULL && code != SQLITE_BUSY;
  return done;
}

void store_file::rollback() {
  if (sqlite3_get_autocommit(db_.get()) == 0)
    (void)query{*this, sql::rollback}.finish();
}

protocol::error store_file::unreadable(const char* what) const {
  return fail(errc::internal,
              db_.name() + " holds " + what + " that cannot be read");
}

std::int64_t bound_of(std::uint64_t it) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(it, most));
}

result<bool> query::next() {
  const auto code = run_.step();
  if (code == SQLITE_ROW)
    return true;
  if (code == SQLITE_DONE)
    return false;
  return file_.problem();
}

result<void> query::finish() {
  if (auto row = next(); !row)
    return row.error();
  return {};
}

result<bool> query::changes() {
  if (auto row = next(); !row)
    return row.error();
  return sqlite3_changes(file_.get()) > 0;
}

} // namespace troupe::store
