#pragma once

#include <troupe/protocol/id.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The forms of one atomic commit to a `durable_store`.
namespace troupe::actors {

/// A key has that revision; 0: there is no such key.
struct require_revision {
  std::string key;
  std::uint64_t revision = 0;

  bool operator==(const require_revision&) const = default;
};

/// The last record ever appended has that sequence; 0: there was none.
struct require_last {
  std::string stream;
  std::uint64_t sequence = 0;

  bool operator==(const require_last&) const = default;
};

/// A lease is still held under that fencing token and has not run out.
struct require_lease {
  std::string name;
  std::uint64_t token = 0;

  bool operator==(const require_lease&) const = default;
};

/// An account holds at least so much; one that was never credited holds 0.
struct require_funds {
  std::string account;
  std::int64_t amount = 0;

  bool operator==(const require_funds&) const = default;
};

using requirement =
    std::variant<require_revision, require_last, require_lease, require_funds>;

/// Writes a value; its revision is new.
struct put_value {
  std::string key;
  std::string value;

  bool operator==(const put_value&) const = default;
};

/// A key that is not there: no effect, and no change is told.
struct delete_key {
  std::string key;

  bool operator==(const delete_key&) const = default;
};

/// Adds records behind the last, with sequences that follow it without a gap.
struct append_records {
  std::string stream;
  std::vector<std::string> records;

  bool operator==(const append_records&) const = default;
};

/// Removes the records of a stream up to a sequence; those behind it keep
/// theirs, and later ones go on counting.
struct drop_records {
  std::string stream;
  std::uint64_t sequence = 0;

  bool operator==(const drop_records&) const = default;
};

/// Adds a task to a queue; no effect while one of the same `key` is there.
struct enqueue_task {
  std::string queue;
  std::string body;
  protocol::instant not_before; ///< Not handed out sooner; epoch: at once.
  std::string key{};            ///< Empty: always a task of its own.

  bool operator==(const enqueue_task&) const = default;
};

/// Completes a claimed task, which is gone then. Refused with an old token.
struct ack_task {
  std::uint64_t task = 0;
  std::uint64_t token = 0;

  bool operator==(const ack_task&) const = default;
};

/// Gives a claimed task back, for after `delay`. Refused as `ack_task` is.
struct nack_task {
  std::uint64_t task = 0;
  std::uint64_t token = 0;
  protocol::duration delay{};

  bool operator==(const nack_task&) const = default;
};

/// Adds to an account; below 0: takes from it. Refused when that would leave
/// less than 0, or more than 63 bits hold.
struct credit_account {
  std::string account;
  std::int64_t amount = 0;

  bool operator==(const credit_account&) const = default;
};

using store_op =
    std::variant<put_value, delete_key, append_records, drop_records,
                 enqueue_task, ack_task, nack_task, credit_account>;

/// All of it or nothing.
struct store_txn {
  /// The same id again: the outcome of the first, and no second effect; with
  /// another content: refused. None: every commit is its own.
  protocol::id id;
  std::vector<requirement> require;
  std::vector<store_op> ops; ///< In this order; a later one sees an earlier.
};

enum class commit_outcome : std::uint8_t {
  committed,   ///< And safe from what the store's capabilities say.
  refused,     ///< Nothing was done; `why` says what did not hold.
  unknown,     ///< Nobody knows: ask again under the same id.
  unavailable, ///< Nothing was done; the store cannot, for now.
};

struct commit_result {
  commit_outcome outcome = commit_outcome::unavailable;
  /// By op: the revision of what was put, the sequence of the last record, the
  /// id of a task, what is left of an account; 0 where there is none.
  std::vector<std::uint64_t> numbers;
  /// Refused: which requirement; null: an op.
  std::optional<std::size_t> failed_requirement;
  /// `version_conflict`, `budget_exhausted`, `limit_exceeded`, `key_conflict`.
  protocol::error why;
};

} // namespace troupe::actors
