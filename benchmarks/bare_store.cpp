#include "bare_store.hpp"

#include "measure.hpp"

namespace troupe::benchmarks {

namespace {

constexpr const char* set_up =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; "
    "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216; "
    "PRAGMA cache_size=-16384; "
    "CREATE TABLE pairs (key BLOB PRIMARY KEY, revision INTEGER NOT NULL, "
    "value BLOB NOT NULL) STRICT;"
    "CREATE TABLE streams (number INTEGER PRIMARY KEY, last INTEGER NOT NULL) "
    "STRICT; INSERT INTO streams VALUES (1, 0);"
    "CREATE TABLE records (stream INTEGER NOT NULL, sequence INTEGER NOT NULL, "
    "record BLOB NOT NULL, PRIMARY KEY (stream, sequence)) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE tasks (task INTEGER PRIMARY KEY AUTOINCREMENT, "
    "queue BLOB NOT NULL, key BLOB NOT NULL, due INTEGER NOT NULL, "
    "token INTEGER NOT NULL, attempt INTEGER NOT NULL, body BLOB NOT NULL) "
    "STRICT;"
    "CREATE INDEX tasks_due ON tasks (queue, due, task);"
    "CREATE TABLE changes (cursor INTEGER PRIMARY KEY AUTOINCREMENT, "
    "kind INTEGER NOT NULL, name BLOB NOT NULL, number INTEGER NOT NULL) "
    "STRICT;"
    "CREATE TABLE txns (id BLOB PRIMARY KEY, at INTEGER NOT NULL, "
    "print BLOB NOT NULL, code INTEGER NOT NULL, failed INTEGER NOT NULL, "
    "detail BLOB NOT NULL, numbers BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX txns_by_time ON txns (at);"
    "CREATE TABLE counters (value INTEGER NOT NULL) STRICT;"
    "INSERT INTO counters VALUES (0)";

void set(sqlite3_stmt* it, int at, const std::string& bytes) {
  sqlite3_bind_blob64(it, at, bytes.data(), bytes.size(), SQLITE_STATIC);
}

} // namespace

bare_store::bare_store(const std::string& file) {
  sqlite3* db = nullptr;
  const auto code = sqlite3_open(file.c_str(), &db);
  db_.reset(db);
  if (code != SQLITE_OK
      || sqlite3_exec(db, set_up, nullptr, nullptr, nullptr) != SQLITE_OK)
    wrong("the file of the floor could not be made");
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
  change_ =
      prepare("INSERT INTO changes (kind, name, number) VALUES (0, ?, ?)");
  put_ = prepare("INSERT INTO pairs VALUES (?, last_insert_rowid(), ?) "
                 "ON CONFLICT (key) DO UPDATE SET revision = "
                 "excluded.revision, value = excluded.value");
  record_ = prepare("INSERT INTO records VALUES (1, ?, ?)");
  stream_ = prepare("UPDATE streams SET last = ? WHERE number = 1");
  enqueue_ = prepare("INSERT INTO tasks (queue, key, due, token, attempt, "
                     "body) VALUES (x'71', x'', 1, 0, 0, ?)");
  due_ = prepare("SELECT task FROM tasks WHERE queue = x'71' AND due <= 1 "
                 "ORDER BY due, task LIMIT 1");
  claim_ = prepare("UPDATE tasks SET due = 9, token = 1, attempt = 1 "
                   "WHERE task = ?");
  token_ = prepare("UPDATE counters SET value = value + 1");
  ack_ = prepare("DELETE FROM tasks WHERE task = ? AND token = 1");
  txn_ = prepare("INSERT INTO txns VALUES (?, 1, zeroblob(16), 0, -1, x'', "
                 "zeroblob(8))");
  see_ = prepare("SELECT cursor FROM changes WHERE cursor > ? "
                 "ORDER BY cursor DESC LIMIT 1");
}

bare_store::statement bare_store::prepare(const char* sql) const {
  sqlite3_stmt* made = nullptr;
  sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made,
                     nullptr);
  if (made == nullptr)
    wrong(sqlite3_errmsg(db_.get()));
  return statement{made};
}

std::int64_t bare_store::run(const statement& it) const {
  const auto code = sqlite3_step(it.get());
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    wrong(sqlite3_errmsg(db_.get()));
  const auto number =
      code == SQLITE_ROW ? sqlite3_column_int64(it.get(), 0) : 0;
  sqlite3_reset(it.get());
  return number;
}

void bare_store::tell(const std::string& name, std::int64_t number) const {
  set(change_.get(), 1, name);
  sqlite3_bind_int64(change_.get(), 2, number);
  run(change_);
}

void bare_store::put(const std::string& key, const std::string& value) {
  tell(key, 0);
  set(put_.get(), 1, key);
  set(put_.get(), 2, value);
  run(put_);
}

void bare_store::append(const std::vector<std::string>& records) {
  for (const auto& record : records) {
    sqlite3_bind_int64(record_.get(), 1, ++sequence_);
    set(record_.get(), 2, record);
    run(record_);
  }
  sqlite3_bind_int64(stream_.get(), 1, sequence_);
  run(stream_);
  tell("s", sequence_);
}

std::int64_t bare_store::enqueue(const std::string& body) {
  set(enqueue_.get(), 1, body);
  run(enqueue_);
  const auto task = sqlite3_last_insert_rowid(db_.get());
  tell("q", task);
  return task;
}

std::int64_t bare_store::claim() {
  const auto task = run(due_);
  run(token_);
  sqlite3_bind_int64(claim_.get(), 1, task);
  run(claim_);
  return task;
}

void bare_store::ack(std::int64_t task) {
  sqlite3_bind_int64(ack_.get(), 1, task);
  run(ack_);
}

void bare_store::note(std::uint64_t id) {
  std::string key(16, '\0');
  for (std::size_t i = 0; i < 8; ++i)
    key[15 - i] = static_cast<char>(id >> (8 * i) & 0xffU);
  set(txn_.get(), 1, key);
  run(txn_);
}

std::int64_t bare_store::see(std::int64_t cursor) {
  sqlite3_bind_int64(see_.get(), 1, cursor);
  return run(see_);
}

} // namespace troupe::benchmarks
