#include "sqlite/database.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace troupe::sqlite {

using protocol::errc;
using protocol::fail;
using protocol::result;

void close_database::operator()(sqlite3* it) const {
  sqlite3_close_v2(it);
}

void end_statement::operator()(sqlite3_stmt* it) const {
  sqlite3_finalize(it);
}

run_of::~run_of() {
  sqlite3_reset(it_);
  sqlite3_clear_bindings(it_);
}

void run_of::set_text(int at, const std::string& text) {
  sqlite3_bind_text64(it_, at, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
}

void run_of::set_bytes(int at, const std::string& bytes) {
  sqlite3_bind_blob64(it_, at, bytes.data(), bytes.size(), SQLITE_STATIC);
}

void run_of::set_number(int at, std::int64_t number) {
  sqlite3_bind_int64(it_, at, number);
}

int run_of::step() {
  return sqlite3_step(it_);
}

std::int64_t run_of::number(int column) const {
  return sqlite3_column_int64(it_, column);
}

std::string_view run_of::bytes(int column) const {
  const auto* at = static_cast<const char*>(sqlite3_column_blob(it_, column));
  const auto size = sqlite3_column_bytes(it_, column);
  return at == nullptr ? std::string_view{}
                       : std::string_view{at, static_cast<std::size_t>(size)};
}

std::string database::name() const {
  return std::string{kind_.name} + " '" + file_ + "'";
}

protocol::error database::problem(errc code) const {
  return fail(code,
              name() + ": " + (db_ ? sqlite3_errmsg(get()) : "out of memory"));
}

result<void> database::open(int patience_ms, const char* vfs) {
  int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  if (vfs == nullptr) {
    // SQLite gives its other files the rights of this one.
    const int made = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made < 0)
      return fail(errc::file_unreadable, name() + ": " + std::strerror(errno));
    ::close(made);
  } else {
    flags |= SQLITE_OPEN_CREATE;
  }
  sqlite3* opened = nullptr;
  const auto code = sqlite3_open_v2(file_.c_str(), &opened, flags, vfs);
  db_.reset(opened);
  if (code != SQLITE_OK)
    return problem(errc::config_invalid);
  sqlite3_busy_timeout(get(), patience_ms);
  return {};
}

result<void> database::prepare_schema(const std::string& schema) {
  const auto application = number_of("PRAGMA application_id");
  const auto version = number_of("PRAGMA user_version");
  const auto tables = number_of("SELECT count(*) FROM sqlite_schema");
  if (!application || !version || !tables)
    return problem(errc::config_invalid);
  const bool is_ours = *application == kind_.application_id;
  if (is_ours && *version == kind_.schema_version)
    return {};
  if (is_ours && *version > kind_.schema_version)
    return fail(errc::config_invalid,
                name() + " is of a later version of troupe");
  if (*tables != 0 || *application != 0)
    return fail(errc::config_invalid,
                "'" + file_ + "' is no " + std::string{kind_.self});
  const auto made =
      schema + "; PRAGMA user_version=" + std::to_string(kind_.schema_version)
      + "; PRAGMA application_id=" + std::to_string(kind_.application_id);
  const bool is_open = sqlite3_get_autocommit(get()) == 0;
  return run(is_open ? made : "BEGIN IMMEDIATE; " + made + "; COMMIT");
}

result<void> database::run(const std::string& sql, errc code) {
  if (sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return problem(code);
  return {};
}

result<std::int64_t> database::number_of(const char* sql) {
  statement it;
  if (auto good = prepare(it, sql); !good)
    return good.error();
  run_of row{it};
  if (row.step() != SQLITE_ROW)
    return problem(errc::config_invalid);
  return row.number(0);
}

result<void> database::prepare(statement& to, const char* sql) {
  sqlite3_stmt* made = nullptr;
  sqlite3_prepare_v3(get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  to.reset(made);
  if (!to)
    return problem(errc::config_invalid);
  return {};
}

} // namespace troupe::sqlite
