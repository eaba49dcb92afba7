#pragma once

#include "troupe/actors/store_commit.hpp"

#include <span>

namespace troupe::actors {

/// What a store promises of a commit that it has acknowledged.
enum class survives : std::uint8_t {
  nothing, ///< It is gone with the store: memory.
  process, ///< It outlives a crash of the process.
  machine, ///< It outlives a power cut.
  quorum,  ///< It outlives the loss of a minority of machines.
};

struct store_capabilities {
  survives promise = survives::nothing;
  /// Of one commit: requirements, ops, and each record that is appended.
  std::size_t ops_max = 0;
  std::size_t value_max = 0; ///< Bytes of a value, a record or a body.
  std::size_t name_max = 0;  ///< Bytes of a key or any other name; at least 1.
};

struct stored_value {
  std::string key;
  std::string value;
  std::uint64_t revision = 0;

  bool operator==(const stored_value&) const = default;
};

struct stored_record {
  std::uint64_t sequence = 0; ///< From 1.
  std::string record;

  bool operator==(const stored_record&) const = default;
};

/// A task that is the claimer's until its lease runs out.
struct claimed_task {
  std::uint64_t task = 0;
  std::uint64_t token = 0;   ///< Fences: each claim has a higher one.
  std::uint32_t attempt = 0; ///< How often it was handed out; from 1.
  std::string body;

  bool operator==(const claimed_task&) const = default;
};

enum class change_kind : std::uint8_t {
  put,
  deleted,
  appended, ///< One for all records of an op.
  enqueued, ///< Also when a task was given back.
  credited,
};

/// One thing that a commit has done.
struct store_change {
  std::uint64_t cursor = 0; ///< Grows from change to change.
  change_kind kind = change_kind::put;
  std::string name; ///< Key, stream, queue or account.
  /// Revision, last sequence, task id, what an account holds.
  std::uint64_t number = 0;

  bool operator==(const store_change&) const = default;
};

/// What was kept for good. Revisions are never used twice, also not of a key
/// that was deleted. Used by one thread at a time, which it may block for as
/// long as a disk or a network takes. `now` of later calls is not earlier.
class durable_store {
public:
  durable_store() = default;
  durable_store(const durable_store&) = delete;
  durable_store& operator=(const durable_store&) = delete;
  virtual ~durable_store() = default;

  [[nodiscard]] virtual store_capabilities capabilities() const = 0;

  /// Commits each of them or not, in order; those of one group share the cost
  /// of being made durable. One that is refused does not touch the others, of
  /// which a later one sees an earlier. By txn. Limits of `capabilities`:
  /// beyond them a txn is refused with `limit_exceeded`.
  [[nodiscard]] virtual std::vector<commit_result>
  commit(std::span<const store_txn> group, protocol::instant now) = 0;

  /// By key; a missing one has revision 0.
  [[nodiscard]] virtual protocol::result<std::vector<stored_value>>
  get(std::span<const std::string> keys) = 0;

  /// The keys that begin with `prefix` and come behind `after`, in order.
  [[nodiscard]] virtual protocol::result<std::vector<stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max) = 0;

  /// The records of a stream behind `after`, in order.
  [[nodiscard]] virtual protocol::result<std::vector<stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t count_max) = 0;

  [[nodiscard]] virtual protocol::result<std::int64_t>
  funds(const std::string& account) = 0;

  /// Hands out tasks that may be worked on: due, and not held by a lease that
  /// has not run out. Those that were due first come first.
  [[nodiscard]] virtual protocol::result<std::vector<claimed_task>>
  claim(const std::string& queue, std::size_t count_max,
        protocol::duration lease, protocol::instant now) = 0;

  /// Holds a task for longer. False: its token is not the newest, or its lease
  /// has run out, or it is gone.
  [[nodiscard]] virtual protocol::result<bool>
  extend(std::uint64_t task, std::uint64_t token, protocol::duration lease,
         protocol::instant now) = 0;

  /// Takes a lease that nobody holds, or goes on with one's own: `token` is
  /// what was given before, 0 at first. Answers the fencing token, which is
  /// higher than any before for that name unless it was held on to; 0: somebody
  /// else holds it.
  [[nodiscard]] virtual protocol::result<std::uint64_t>
  lease(const std::string& name, std::uint64_t token, protocol::duration ttl,
        protocol::instant now) = 0;

  /// Lets go of a lease; with an old token: no effect.
  [[nodiscard]] virtual protocol::result<void> release(const std::string& name,
                                                       std::uint64_t token) = 0;

  /// The changes behind `cursor` whose name begins with `prefix`: in order,
  /// without gaps, again for as long as they are asked for. Error:
  /// `invalid_request` when some behind `cursor` are no longer kept.
  [[nodiscard]] virtual protocol::result<std::vector<store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) = 0;

  /// Forgets changes up to `cursor`, and the ids of commits before `before`:
  /// the same txn would then be committed a second time.
  [[nodiscard]] virtual protocol::result<void>
  forget(std::uint64_t cursor, protocol::instant before) = 0;
};

} // namespace troupe::actors
