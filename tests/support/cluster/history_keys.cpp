// What must hold of reads and writes.
#include "support/cluster/history_checker.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace troupe::test {

namespace {

using violations = std::vector<history_violation>;
using ops = std::vector<const client_op*>;

std::string at(history_time time) {
  if (time == never)
    return "never";
  return std::to_string(
             std::chrono::duration_cast<std::chrono::microseconds>(time)
                 .count())
         + " us";
}

std::string text_of(const client_op& op) {
  return (op.kind == op_kind::read ? "read of '" : "write of '") + op.key
         + "' by " + op.client + " at " + op.node + " (version "
         + std::to_string(op.version) + ", value '" + op.value + "', "
         + at(op.invoked) + " to " + at(op.returned) + ")";
}

/// Requests to one key.
struct key_ops {
  ops written; ///< Acknowledged.
  ops perhaps; ///< Of unknown end.
  ops read;    ///< Answered.
};

std::map<std::string, key_ops> by_key(const history& seen) {
  std::map<std::string, key_ops> all;
  for (const auto& op : seen.ops) {
    if (op.kind == op_kind::effect || op.end == op_end::failed)
      continue;
    auto& key = all[op.key];
    if (op.kind == op_kind::read) {
      if (op.end == op_end::ok)
        key.read.push_back(&op);
    } else {
      (op.end == op_end::ok ? key.written : key.perhaps).push_back(&op);
    }
  }
  return all;
}

/// For any instant, the highest version of what had returned before it.
class highest_before {
public:
  explicit highest_before(ops all) : all_{std::move(all)} {
    std::sort(all_.begin(), all_.end(), [](const auto* a, const auto* b) {
      return a->returned < b->returned;
    });
    const client_op* highest = nullptr;
    for (const auto* op : all_) {
      if (highest == nullptr || highest->version < op->version)
        highest = op;
      highest_.push_back(highest);
    }
  }

  /// Null: nothing had.
  [[nodiscard]] const client_op* at(history_time instant) const {
    const auto end =
        std::partition_point(all_.begin(), all_.end(), [&](const auto* op) {
          return op->returned < instant;
        });
    return end == all_.begin()
               ? nullptr
               : highest_[static_cast<std::size_t>(end - all_.begin()) - 1];
  }

private:
  ops all_;
  ops highest_;
};

/// Whether one of these writes can have brought what was read.
bool brings(const ops& writes, const client_op& read, bool has_version) {
  return std::any_of(writes.begin(), writes.end(), [&](const auto* write) {
    return write->value == read.value && write->invoked < read.returned
           && (!has_version || write->version == read.version);
  });
}

void check_source(const key_ops& key, const client_op& read,
                  const std::set<std::uint64_t>& versions, violations& found) {
  if (read.version == 0 && read.value.empty())
    return; // absent
  const bool is_known = versions.contains(read.version);
  if (is_known ? !brings(key.written, read, true)
               : !brings(key.perhaps, read, false))
    found.push_back(
        {"nowhere", "no write has brought what was seen: " + text_of(read)});
}

void check_key(const key_ops& key, violations& found) {
  const highest_before written{key.written};
  std::set<std::uint64_t> versions;
  const client_op* last = nullptr;
  for (const auto* write : key.written) {
    versions.insert(write->version);
    if (last == nullptr || last->returned < write->returned)
      last = write;
  }
  bool is_read = last == nullptr;
  for (const auto* read : key.read) {
    check_source(key, *read, versions, found);
    if (!read->is_strong)
      continue;
    is_read = is_read || last->returned < read->invoked;
    if (const auto* before = written.at(read->invoked);
        before != nullptr && read->version < before->version)
      found.push_back(
          {"lost", text_of(*read) + " has not seen the " + text_of(*before)});
  }
  if (!is_read)
    found.push_back({"unread", "nobody has looked for the " + text_of(*last)});
}

void check_order(const key_ops& key, violations& found) {
  auto strong = key.written;
  for (const auto* read : key.read)
    if (read->is_strong)
      strong.push_back(read);
  const highest_before any{strong};
  for (const auto* op : strong) {
    const auto* before = any.at(op->invoked);
    if (before == nullptr)
      continue;
    const bool is_read = op->kind == op_kind::read;
    // A write makes a version of its own, also after a read.
    if (op->version < before->version
        || (!is_read && op->version == before->version))
      found.push_back(
          {"back", text_of(*op) + " came after the " + text_of(*before)});
  }
}

void check_clients(const key_ops& key, violations& found) {
  auto all = key.written;
  all.insert(all.end(), key.read.begin(), key.read.end());
  std::unordered_map<std::string, ops> by_client;
  for (const auto* op : all)
    by_client[op->client].push_back(op);
  for (const auto* read : key.read) {
    if (read->is_strong)
      continue;
    const highest_before own{by_client[read->client]};
    if (const auto* before = own.at(read->invoked);
        before != nullptr && read->version < before->version)
      found.push_back(
          {"back", text_of(*read) + " came after its own " + text_of(*before)});
  }
}

void check_gaps(const std::string& name, const key_ops& key,
                violations& found) {
  std::set<std::uint64_t> versions;
  std::uint64_t highest = 0;
  for (const auto* write : key.written) {
    if (write->version == 0 || !versions.insert(write->version).second)
      found.push_back({"twice", "the version was given before, or is none: "
                                    + text_of(*write)});
    highest = std::max(highest, write->version);
  }
  std::unordered_map<std::string, std::uint64_t> version_of;
  for (const auto* read : key.read) {
    highest = std::max(highest, read->version);
    const auto [first, is_new] =
        version_of.try_emplace(read->value, read->version);
    if (!read->value.empty() && first->second != read->version)
      found.push_back({"twice", "it was seen as version "
                                    + std::to_string(first->second)
                                    + ", too: " + text_of(*read)});
  }
  const auto missing = highest - versions.size();
  if (highest > versions.size() && missing > key.perhaps.size())
    found.push_back(
        {"gap", "'" + name + "' came to version " + std::to_string(highest)
                    + " by " + std::to_string(versions.size()) + " writes and "
                    + std::to_string(key.perhaps.size()) + " of unknown end"});
}

} // namespace

std::vector<history_violation> check_writes(const history& seen) {
  violations found;
  for (const auto& [name, key] : by_key(seen))
    check_key(key, found);
  return found;
}

std::vector<history_violation> check_versions(const history& seen) {
  violations found;
  for (const auto& [name, key] : by_key(seen)) {
    check_gaps(name, key, found);
    check_order(key, found);
    check_clients(key, found);
  }
  return found;
}

} // namespace troupe::test
