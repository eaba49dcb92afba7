#pragma once

#include "sqlite/database.hpp"

#include <troupe/actors/store_rules.hpp>

#include <array>

namespace troupe::store {

/// What is said to the file of a store.
enum class sql : std::uint8_t {
  begin,
  commit,
  rollback,
  save, ///< From here on a txn can be undone.
  keep,
  undo,
  find_value,
  put_value,
  delete_value,
  list_values,
  find_stream,
  add_stream,
  move_stream,
  add_record,
  drop_records,
  read_records,
  find_account,
  put_account,
  find_lease,
  put_lease,
  drop_lease,
  find_key,
  add_task,
  ack_task,
  nack_task,
  due_tasks,
  claim_task,
  extend_task,
  next_token,
  add_change,
  read_changes,
  drop_changes,
  find_forgotten,
  set_forgotten,
  find_txn,
  add_txn,
  drop_txns,
  count,
};

/// The file of a store, with all that is said to it prepared.
class store_file {
public:
  explicit store_file(std::string file);

  /// Errors: `file_unreadable`, `config_invalid`.
  protocol::result<void> open(const char* vfs);

  protocol::result<void> begin();
  protocol::result<void> commit();
  /// Whether what `commit` has failed at may count after a crash all the same.
  [[nodiscard]] bool is_in_doubt() const noexcept { return is_in_doubt_; }
  void rollback();

  [[nodiscard]] const sqlite::statement& operator[](sql which) const {
    return statements_[static_cast<std::size_t>(which)];
  }
  /// What went wrong last: `internal`, which no refusal is.
  [[nodiscard]] protocol::error problem() const {
    return db_.problem(protocol::errc::internal);
  }
  [[nodiscard]] protocol::error unreadable(const char* what) const;
  [[nodiscard]] sqlite3* get() const noexcept { return db_.get(); }

private:
  protocol::result<void> lock();
  protocol::result<void> settle();

  sqlite::database db_;
  std::array<sqlite::statement, static_cast<std::size_t>(sql::count)>
      statements_;
  bool is_in_doubt_ = false;
};

/// A number as SQLite takes it, for comparing which is equal: none that is
/// larger is there.
[[nodiscard]] inline std::int64_t signed_of(std::uint64_t it) noexcept {
  return static_cast<std::int64_t>(it);
}

/// The same for comparing which is larger.
[[nodiscard]] std::int64_t bound_of(std::uint64_t it) noexcept;

/// One statement at work. What it is given must live as long.
class query {
public:
  template <class... Ts>
  query(store_file& file, sql which, const Ts&... values)
      : file_(file), run_(file[which]) {
    int at = 0;
    (set(++at, values), ...);
  }

  /// Whether there is one more row.
  protocol::result<bool> next();
  /// Runs it for what it does.
  protocol::result<void> finish();
  /// Whether `finish` has changed a row.
  protocol::result<bool> changes();

  [[nodiscard]] std::int64_t number(int column) const {
    return run_.number(column);
  }
  [[nodiscard]] std::uint64_t count(int column) const {
    return static_cast<std::uint64_t>(run_.number(column));
  }
  [[nodiscard]] std::string bytes(int column) const {
    return std::string{run_.bytes(column)};
  }

private:
  void set(int at, const std::string& bytes) { run_.set_bytes(at, bytes); }
  void set(int at, std::int64_t number) { run_.set_number(at, number); }
  void set(int at, protocol::instant it) {
    run_.set_number(at, it.time_since_epoch().count());
  }

  store_file& file_;
  sqlite::run_of run_;
};

} // namespace troupe::store
