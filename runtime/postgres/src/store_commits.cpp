// The part of postgres_store that commits.
#include "postgres_store.hpp"

#include <algorithm>

namespace troupe::postgres {

using actors::commit_outcome;
using actors::commit_result;
using actors::store_txn;
using protocol::errc;
using protocol::fail;
using protocol::instant;

namespace {

constexpr std::size_t group_max = 256; ///< Commits that are made at one time.

std::vector<commit_result> all_of(std::size_t count, commit_outcome outcome,
                                  const protocol::error& why) {
  return std::vector<commit_result>(count, {outcome, {}, {}, why});
}

} // namespace

std::vector<commit_result>
postgres_store::commit(std::span<const store_txn> group, instant now) {
  std::vector<commit_result> out;
  out.reserve(group.size());
  while (!group.empty()) {
    const auto count = std::min(group.size(), group_max);
    for (auto& it : commit_some(group.first(count), now))
      out.push_back(std::move(it));
    group = group.subspan(count);
  }
  return out;
}

std::vector<commit_result>
postgres_store::commit_some(std::span<const store_txn> group, instant now) {
  const auto needs = needs_of(group, allowed_);
  const group_reading reading{needs};
  std::vector<query> first{{sql::begin}, {sql::lock}};
  for (auto& it : reading.queries())
    first.push_back(std::move(it));
  const auto found = ask(std::move(first));
  if (!found)
    return all_of(group.size(), commit_outcome::unavailable, found.error());
  group_rules rules;
  const auto& counters = (*found)[1];
  rules.counters = {counters.count(0, 0), counters.count(0, 1),
                    counters.count(0, 2), counters.count(0, 3)};
  if (auto good = reading.read(std::span{*found}.subspan(2), rules); !good) {
    roll_back();
    return all_of(group.size(), commit_outcome::unavailable, good.error());
  }
  const auto at = time_of(counters, 4, now);
  std::vector<commit_result> decided;
  decided.reserve(group.size());
  for (const auto& it : group)
    decided.push_back(rules.commit(it, allowed_, at));
  return write(rules.is_idle() ? std::vector<query>{} : writes_of(rules, at),
               std::move(decided));
}

/// Also a group that has nothing to write is ended by COMMIT: the lock that it
/// had must reach the standbys, and with it what it has seen.
std::vector<commit_result>
postgres_store::write(std::vector<query> writes,
                      std::vector<commit_result> decided) {
  const auto end = writes.size();
  writes.push_back({sql::commit});
  const auto done = to_.send(writes);
  if (done.is_in_doubt)
    return all_of(decided.size(), commit_outcome::unknown, in_doubt());
  if (!done.failure && done.all[end].tag() == "COMMIT")
    return decided;
  roll_back();
  if (!done.failure)
    return all_of(decided.size(), commit_outcome::unavailable,
                  fail(errc::internal, "PostgreSQL: rolled back"));
  const bool is_known = done.failure->at && *done.failure->at < end;
  return all_of(decided.size(),
                is_known ? commit_outcome::unavailable
                         : commit_outcome::unknown,
                done.failure->why);
}

} // namespace troupe::postgres
