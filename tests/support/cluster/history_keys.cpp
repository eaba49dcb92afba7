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

/// Finds the write that has brought what was read.
class sources {
public:
  explicit sources(const key_ops& key) {
    for (const auto* write : key.written)
      by_version_.emplace(write->version, write);
    for (const auto* write : key.perhaps)
      by_value_.emplace(write->value, write);
  }

  [[nodiscard]] bool brought(const client_op& read) const {
    if (read.version == 0 && read.value.empty())
      return true; // absent
    // Two with one version are told elsewhere; either may be it.
    const auto [first, last] = by_version_.equal_range(read.version);
    if (first == last) {
      const auto perhaps = by_value_.equal_range(read.value);
      return std::any_of(perhaps.first, perhaps.second, [&](const auto& it) {
        return it.second->invoked < read.returned;
      });
    }
    return std::any_of(first, last, [&](const auto& it) {
      return it.second->value == read.value
             && it.second->invoked < read.returned;
    });
  }

private:
  std::unordered_multimap<std::uint64_t, const client_op*> by_version_;
  std::unordered_multimap<std::string, const client_op*> by_value_;
};

void check_key(const key_ops& key, violations& found) {
  const highest_before written{key.written};
  const sources from{key};
  const client_op* last = nullptr;
  for (const auto* write : key.written)
    if (last == nullptr || last->returned < write->returned)
      last = write;
  bool is_read = last == nullptr;
  for (const auto* read : key.read) {
    if (!from.brought(*read))
      found.push_back(
          {"nowhere", "no write has brought what was seen: " + text_of(*read)});
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
  std::unordered_map<std::string, highest_before> own;
  for (auto& [client, its] : by_client)
    own.emplace(client, std::move(its));
  for (const auto* read : key.read) {
    if (read->is_strong)
      continue;
    if (const auto* before = own.at(read->client).at(read->invoked);
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
