#pragma once

#include "values.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::postgres {

/// What is said to the server.
enum class sql : std::uint8_t {
  begin,
  commit,
  rollback,
  lock,         ///< From here on nobody else commits; counters and time.
  lock_for_due, ///< The same when a task is due.
  find_pairs,
  find_streams,
  find_accounts,
  find_leases,
  find_tasks,
  find_keyed,
  find_txns,
  put_pairs,
  delete_pairs,
  put_streams,
  add_records,
  drop_records,
  put_accounts,
  delete_tasks,
  nack_tasks,
  add_tasks,
  add_changes,
  add_txns,
  move_counters,
  get_values,
  list_values,
  read_records,
  due_tasks,
  claim_tasks,
  extend_task,
  extend_lease,
  put_lease,
  drop_lease,
  read_changes,
  find_forgotten,
  set_forgotten,
  drop_changes,
  drop_txns,
  count,
};

/// Its text, where the tables stand in `schema`.
[[nodiscard]] std::string text_of(sql which, const std::string& schema);

/// What makes the tables, in order.
[[nodiscard]] std::vector<std::string> schema_texts(const std::string& schema);

inline constexpr std::int64_t schema_version = 1;

/// Asks for the version of the schema.
[[nodiscard]] std::string version_text(const std::string& schema);

} // namespace troupe::postgres
