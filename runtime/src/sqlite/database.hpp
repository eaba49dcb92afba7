#pragma once

#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// What troupe's own SQLite files have in common.
namespace troupe::sqlite {

struct close_database {
  void operator()(sqlite3* it) const;
};
struct end_statement {
  void operator()(sqlite3_stmt* it) const;
};
using statement = std::unique_ptr<sqlite3_stmt, end_statement>;

/// A statement at work; free for the next when it goes. Columns count from 0,
/// what is set from 1.
class run_of {
public:
  explicit run_of(const statement& it) : it_(it.get()) {}
  ~run_of();
  run_of(const run_of&) = delete;
  run_of& operator=(const run_of&) = delete;

  void set_text(int at, const std::string& text);
  /// `bytes` must live as long as this.
  void set_bytes(int at, const std::string& bytes);
  void set_number(int at, std::int64_t number);
  [[nodiscard]] int step(); ///< A result code of SQLite's.
  [[nodiscard]] std::int64_t number(int column) const;
  /// Of a text or of bytes; valid until the next step.
  [[nodiscard]] std::string_view bytes(int column) const;

private:
  sqlite3_stmt* it_;
};

/// What a file is for.
struct file_kind {
  const char* name;       ///< In messages: `ledger`.
  const char* self;       ///< `ledger of troupe`: what another file is not.
  int application_id = 0; ///< Its mark in the file's head.
  int schema_version = 0;
};

/// A file of one kind. Blocking: as long as a disk takes. Not thread-safe.
class database {
public:
  database(std::string file, const file_kind& kind)
      : file_(std::move(file)), kind_(kind) {}

  /// Makes the file, readable for its owner alone, when there is none. Waits up
  /// to `patience_ms` for others that use it, here and later. `vfs`: what is
  /// between SQLite and the disk, and makes files itself; null: SQLite's own.
  /// Errors: `file_unreadable`, `config_invalid`.
  protocol::result<void> open(int patience_ms, const char* vfs = nullptr);

  /// Makes the tables of an empty file with `schema` and marks it, in the
  /// transaction that is open or one of its own. Errors: `config_invalid` for a
  /// file of another kind or of a later version.
  protocol::result<void> prepare_schema(const std::string& schema);

  protocol::result<void>
  run(const std::string& sql,
      protocol::errc code = protocol::errc::config_invalid);
  /// The first column of the first row.
  protocol::result<std::int64_t> number_of(const char* sql);
  /// For as long as the file is open.
  protocol::result<void> prepare(statement& to, const char* sql);

  /// What went wrong last.
  [[nodiscard]] protocol::error problem(protocol::errc code) const;
  /// `ledger 'troupe.ledger'`
  [[nodiscard]] std::string name() const;
  [[nodiscard]] sqlite3* get() const noexcept { return db_.get(); }

private:
  std::string file_;
  file_kind kind_;
  std::unique_ptr<sqlite3, close_database> db_;
};

} // namespace troupe::sqlite
