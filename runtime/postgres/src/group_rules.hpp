#pragma once

#include "undo_map.hpp"

#include <troupe/actors/store_rules.hpp>

#include <set>
#include <span>
#include <string>

/// What a group of commits does, decided from what stands in the tables: plain
/// values, no server. What is handed out refers to the group's own texts.
namespace troupe::postgres {

using name_pair = std::pair<std::string, std::string>; ///< Queue and key.

/// What has to be read before a group can be decided.
struct group_needs {
  std::set<std::string> pairs;
  std::set<std::string> streams;
  std::set<std::string> accounts;
  std::set<std::string> leases;
  std::set<std::uint64_t> tasks;
  std::set<name_pair> keyed;
  std::set<protocol::id> txns;
};

/// Of those txns that are within the limits.
[[nodiscard]] group_needs needs_of(std::span<const actors::store_txn> group,
                                   const actors::store_capabilities& allowed);

struct store_counters {
  std::uint64_t revision = 0;
  std::uint64_t task = 0;
  std::uint64_t token = 0;
  std::uint64_t stream = 0;

  bool operator==(const store_counters&) const = default;
};

struct pair_state {
  std::uint64_t revision = 0;         ///< 0: it is not there.
  const std::string* value = nullptr; ///< Not null: to be written.
  bool is_deleted = false;            ///< It was there, and is to go.
};

struct stream_state {
  std::uint64_t number = 0; ///< 0: it is not there.
  std::uint64_t last = 0;
  bool is_changed = false;
};

struct account_state {
  std::int64_t amount = 0;
  bool is_changed = false;
};

struct lease_state {
  std::uint64_t token = 0;
  protocol::instant until = protocol::instant::min();
};

struct task_state {
  std::uint64_t token = 0;
  std::string queue;
  std::string key;
  bool is_done = false;
  std::optional<protocol::instant> back; ///< Given back, due then.
};

/// What became of a commit that had an id.
struct known_txn {
  protocol::id print;
  actors::commit_result outcome; ///< `committed` or `refused`.
  bool is_new = false;
};

struct new_record {
  std::uint64_t stream = 0;
  std::uint64_t sequence = 0;
  const std::string* bytes = nullptr;
};

struct dropped_records {
  std::uint64_t stream = 0;
  std::uint64_t up_to = 0;
};

struct new_task {
  std::uint64_t task = 0;
  const actors::enqueue_task* what = nullptr;
  protocol::instant due;
};

struct new_change {
  std::uint64_t cursor = 0;
  actors::change_kind kind = actors::change_kind::put;
  std::string name;
  std::uint64_t number = 0; ///< 0: the cursor.
};

/// Decides the commits of one group, in order. Not thread-safe. Filled with
/// what `needs_of` names, it answers as every store does, and then holds what
/// is to be written. The group must outlive it.
class group_rules {
public:
  store_counters counters;
  undo_map<std::string, pair_state> pairs;
  undo_map<std::string, stream_state> streams;
  undo_map<std::string, account_state> accounts;
  undo_map<std::string, lease_state> leases;
  undo_map<std::uint64_t, task_state> tasks;
  undo_map<name_pair, std::uint64_t> keyed;
  undo_map<protocol::id, known_txn> txns;

  std::vector<new_record> records;
  std::vector<dropped_records> drops; ///< To be done after `records`.
  std::vector<new_task> new_tasks;
  std::vector<new_change> changes;

  [[nodiscard]] actors::commit_result
  commit(const actors::store_txn& it, const actors::store_capabilities& allowed,
         protocol::instant now);

  /// Whether there is nothing to be written.
  [[nodiscard]] bool is_idle() const;

private:
  using numbered = protocol::result<std::uint64_t>;

  actors::commit_result execute(const actors::store_txn& it,
                                protocol::instant now);
  [[nodiscard]] protocol::result<void> check(const actors::requirement& it,
                                             protocol::instant now) const;
  numbered run(const actors::put_value& it, protocol::instant now);
  numbered run(const actors::delete_key& it, protocol::instant now);
  numbered run(const actors::append_records& it, protocol::instant now);
  numbered run(const actors::drop_records& it, protocol::instant now);
  numbered run(const actors::enqueue_task& it, protocol::instant now);
  numbered run(const actors::ack_task& it, protocol::instant now);
  numbered run(const actors::nack_task& it, protocol::instant now);
  numbered run(const actors::credit_account& it, protocol::instant now);
  std::uint64_t tell(actors::change_kind kind, const std::string& name,
                     std::uint64_t number);
  void keep();

  bool has_new_txns_ = false;
};

} // namespace troupe::postgres
