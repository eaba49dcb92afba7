#pragma once

#include <cstdint>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <vector>

namespace troupe::benchmarks {

/// The statements of a durable store and nothing else: what SQLite itself
/// costs.
class bare_store {
public:
  explicit bare_store(const std::string& file);

  void begin() { run(begin_); }
  void commit() { run(commit_); }
  void put(const std::string& key, const std::string& value);
  void append(const std::vector<std::string>& records);
  /// The task's number.
  std::int64_t enqueue(const std::string& body);
  /// Takes the first that is due.
  std::int64_t claim();
  void ack(std::int64_t task);
  /// The id of a commit and what became of it.
  void note(std::uint64_t id);
  /// The newest change.
  std::int64_t see(std::int64_t cursor);

private:
  struct close {
    void operator()(sqlite3* it) const { sqlite3_close_v2(it); }
    void operator()(sqlite3_stmt* it) const { sqlite3_finalize(it); }
  };
  using statement = std::unique_ptr<sqlite3_stmt, close>;

  [[nodiscard]] statement prepare(const char* sql) const;
  /// The first column of the first row, when there is one.
  std::int64_t run(const statement& it) const;
  void tell(const std::string& name, std::int64_t number) const;

  std::unique_ptr<sqlite3, close> db_;
  statement begin_, commit_, change_, put_, record_, stream_, enqueue_, due_,
      claim_, token_, ack_, txn_, see_;
  std::int64_t sequence_ = 0;
};

} // namespace troupe::benchmarks
