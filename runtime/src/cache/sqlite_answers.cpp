#include "cache/sqlite_answers.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <sqlite3.h>
#include <unistd.h>

namespace troupe {

using actors::answer_key;
using actors::kept_answer;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr int application_id = 0x74726163; // "trac"
constexpr int schema_version = 1;
constexpr int patience_ms = 100; ///< For another process that is writing.
constexpr int text_bytes_max = 32 << 20;
constexpr std::uint32_t puts_between_counts = 256; ///< Others write too.

constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS answers (print TEXT PRIMARY KEY, key BLOB NOT "
    "NULL, "
    "until INTEGER NOT NULL, " // ns since the epoch
    "size INTEGER NOT NULL, body TEXT NOT NULL) STRICT; "
    "CREATE INDEX IF NOT EXISTS by_end ON answers (until)";

struct close_database {
  void operator()(sqlite3* it) const { sqlite3_close_v2(it); }
};
struct end_statement {
  void operator()(sqlite3_stmt* it) const { sqlite3_finalize(it); }
};
using database = std::unique_ptr<sqlite3, close_database>;
using statement = std::unique_ptr<sqlite3_stmt, end_statement>;

/// A statement at work; free for the next when it goes.
class run_of {
public:
  explicit run_of(const statement& it) : it_(it.get()) {}
  ~run_of() {
    sqlite3_reset(it_);
    sqlite3_clear_bindings(it_);
  }
  run_of(const run_of&) = delete;
  run_of& operator=(const run_of&) = delete;

  void set_text(int at, const std::string& text) {
    sqlite3_bind_text64(it_, at, text.data(), text.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  }
  void set_bytes(int at, const std::string& bytes) {
    sqlite3_bind_blob64(it_, at, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
  void set_number(int at, std::int64_t number) {
    sqlite3_bind_int64(it_, at, number);
  }
  [[nodiscard]] int step() { return sqlite3_step(it_); }
  [[nodiscard]] std::int64_t number(int column) const {
    return sqlite3_column_int64(it_, column);
  }
  [[nodiscard]] std::string_view bytes(int column) const {
    const auto* at = static_cast<const char*>(sqlite3_column_blob(it_, column));
    const auto size = sqlite3_column_bytes(it_, column);
    return at == nullptr ? std::string_view{}
                         : std::string_view{at, static_cast<std::size_t>(size)};
  }

private:
  sqlite3_stmt* it_;
};

class sqlite_answers final : public actors::answer_store {
public:
  sqlite_answers(std::string file, const answer_file_limits& limits)
      : file_(std::move(file)), limits_(limits) {}

  result<void> open();
  result<std::optional<kept_answer>> find(const answer_key& key,
                                          instant now) override;
  result<void> put(const answer_key& key, const kept_answer& what,
                   instant now) override;

private:
  [[nodiscard]] protocol::error problem(errc code) const {
    return fail(code, "cache '" + file_ + "': "
                          + (db_ ? sqlite3_errmsg(db_.get()) : "no memory"));
  }
  result<void> run(const std::string& sql, errc code = errc::config_invalid);
  result<std::int64_t> number_of(const char* sql);
  result<void> prepare_schema();
  result<void> prepare(statement& to, const char* sql);
  result<void> count();
  result<void> make_room(instant now);

  std::mutex mutex_; ///< Two caches overlap when one follows the other.
  std::string file_;
  answer_file_limits limits_;
  database db_;
  statement find_;
  statement put_;
  statement drop_;  ///< Those whose time has passed.
  statement evict_; ///< Those that end first.
  std::size_t entries_ = 0;
  std::size_t bytes_ = 0;
  std::uint32_t puts_ = 0; ///< Since the last count.
};

result<void> sqlite_answers::run(const std::string& sql, errc code) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr)
      != SQLITE_OK)
    return problem(code);
  return {};
}

result<std::int64_t> sqlite_answers::number_of(const char* sql) {
  statement it;
  if (auto good = prepare(it, sql); !good)
    return good.error();
  run_of row{it};
  if (row.step() != SQLITE_ROW)
    return problem(errc::config_invalid);
  return row.number(0);
}

result<void> sqlite_answers::prepare(statement& to, const char* sql) {
  sqlite3_stmt* made = nullptr;
  sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made,
                     nullptr);
  to.reset(made);
  if (!to)
    return problem(errc::config_invalid);
  return {};
}

result<void> sqlite_answers::open() {
  // SQLite gives its other files the rights of this one.
  const int made = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (made < 0)
    return fail(errc::file_unreadable,
                "cache '" + file_ + "': " + std::strerror(errno));
  ::close(made);
  sqlite3* opened = nullptr;
  const auto code = sqlite3_open_v2(file_.c_str(), &opened,
                                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
                                        | SQLITE_OPEN_PRIVATECACHE,
                                    nullptr);
  db_.reset(opened);
  if (code != SQLITE_OK)
    return problem(errc::config_invalid);
  sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, text_bytes_max);
  sqlite3_busy_timeout(db_.get(), patience_ms);
  const auto pages = limits_.bytes / 2'048 + 64;
  for (const auto& sql : {std::string{"PRAGMA trusted_schema=OFF"},
                          std::string{"PRAGMA journal_mode=WAL"},
                          std::string{"PRAGMA synchronous=NORMAL"},
                          std::string{"PRAGMA journal_size_limit=4194304"},
                          "PRAGMA max_page_count=" + std::to_string(pages)})
    if (auto good = run(sql); !good)
      return good;
  if (auto good = prepare_schema(); !good)
    return good;
  const std::pair<statement*, const char*> statements[] = {
      {&find_, "SELECT key, until, body FROM answers WHERE print = ?"},
      {&put_, "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)"},
      {&drop_, "DELETE FROM answers WHERE until <= ?"},
      {&evict_, "DELETE FROM answers WHERE print IN "
                "(SELECT print FROM answers ORDER BY until LIMIT ?)"}};
  for (const auto& [to, sql] : statements)
    if (auto good = prepare(*to, sql); !good)
      return good;
  return count();
}

result<void> sqlite_answers::prepare_schema() {
  const auto application = number_of("PRAGMA application_id");
  const auto version = number_of("PRAGMA user_version");
  const auto tables = number_of("SELECT count(*) FROM sqlite_schema");
  if (!application || !version || !tables)
    return problem(errc::config_invalid);
  if (*application == application_id && *version == schema_version)
    return {};
  if (*application == application_id && *version > schema_version)
    return fail(errc::config_invalid,
                "cache '" + file_ + "' is of a later version of troupe");
  if (*tables != 0 || *application != 0)
    return fail(errc::config_invalid,
                "'" + file_ + "' is no answer cache of troupe");
  return run("BEGIN IMMEDIATE; " + std::string{schema}
             + "; PRAGMA user_version=" + std::to_string(schema_version)
             + "; PRAGMA application_id=" + std::to_string(application_id)
             + "; COMMIT");
}

result<void> sqlite_answers::count() {
  const auto entries = number_of("SELECT count(*) FROM answers");
  const auto bytes = number_of("SELECT coalesce(sum(size), 0) FROM answers");
  if (!entries || !bytes)
    return problem(errc::config_invalid);
  entries_ = static_cast<std::size_t>(std::max<std::int64_t>(*entries, 0));
  bytes_ = static_cast<std::size_t>(std::max<std::int64_t>(*bytes, 0));
  puts_ = 0;
  return {};
}

result<std::optional<kept_answer>> sqlite_answers::find(const answer_key& key,
                                                        instant now) {
  const std::lock_guard lock{mutex_};
  run_of row{find_};
  row.set_text(1, to_string(key.print));
  const auto code = row.step();
  if (code == SQLITE_DONE)
    return std::nullopt;
  if (code != SQLITE_ROW)
    return problem(errc::internal);
  const instant until{protocol::duration{row.number(1)}};
  if (row.bytes(0) != key.bytes || until <= now)
    return std::nullopt;
  const auto json = protocol::parse_json(row.bytes(2));
  auto reply = json ? protocol::from_json<protocol::model_reply>(*json)
                    : result<protocol::model_reply>{json.error()};
  // Who has changed the file by hand makes nobody richer.
  if (!reply || reply->cost < protocol::money{} || reply->attempts == 0)
    return std::nullopt;
  return kept_answer{std::move(*reply), until};
}

result<void> sqlite_answers::put(const answer_key& key, const kept_answer& what,
                                 instant now) {
  const auto body = boost::json::serialize(protocol::to_json(what.reply));
  const auto size = key.bytes.size() + body.size();
  if (size > limits_.bytes)
    return {};
  const std::lock_guard lock{mutex_};
  const auto code = [&] {
    run_of row{put_};
    row.set_text(1, to_string(key.print));
    row.set_bytes(2, key.bytes);
    row.set_number(3, what.until.time_since_epoch().count());
    row.set_number(4, static_cast<std::int64_t>(size));
    row.set_text(5, body);
    return row.step();
  }();
  if (code == SQLITE_DONE) {
    entries_ += 1;
    bytes_ += size;
    if (++puts_ < puts_between_counts && entries_ <= limits_.entries
        && bytes_ <= limits_.bytes)
      return {};
    return make_room(now);
  }
  const auto why = problem(errc::internal);
  if (code == SQLITE_FULL)
    (void)make_room(now); // for the next
  return why;
}

result<void> sqlite_answers::make_room(instant now) {
  const auto delete_with = [this](const statement& which, std::int64_t value) {
    run_of it{which};
    it.set_number(1, value);
    return it.step() == SQLITE_DONE ? result<void>{}
                                    : result<void>{problem(errc::internal)};
  };
  if (auto good = delete_with(drop_, now.time_since_epoch().count()); !good)
    return good;
  for (auto counted = count();; counted = count()) {
    if (!counted)
      return counted;
    if (entries_ <= limits_.entries && bytes_ <= limits_.bytes)
      return {};
    const auto excess = entries_ - std::min(entries_, limits_.entries);
    const auto some = std::max(entries_ / 16 + 1, excess);
    if (auto good = delete_with(evict_, static_cast<std::int64_t>(some)); !good)
      return good;
  }
}

} // namespace

result<std::shared_ptr<actors::answer_store>>
open_sqlite_answers(const std::string& file, const answer_file_limits& limits) {
  auto answers = std::make_shared<sqlite_answers>(file, limits);
  if (auto good = answers->open(); !good)
    return good.error();
  return result<std::shared_ptr<actors::answer_store>>{std::move(answers)};
}

} // namespace troupe
