#include "memory_tables.hpp"

#include <limits>

namespace troupe::actors {

using protocol::instant;
using protocol::result;

void memory_tables::undo() {
  for (; !undo_.empty(); undo_.pop_back())
    undo_.back()();
}

result<void> memory_tables::check(const requirement& it, instant now) const {
  return std::visit([&](const auto& what) { return holds(what, now); }, it);
}

result<void> memory_tables::holds(const require_revision& it, instant) const {
  const auto found = value_of(it.key).revision;
  if (found != it.revision)
    return other_revision(found);
  return {};
}

result<void> memory_tables::holds(const require_last& it, instant) const {
  const auto at = streams_.find(it.stream);
  const auto last = at == streams_.end() ? 0 : at->second.last;
  if (last != it.sequence)
    return other_last(last);
  return {};
}

result<void> memory_tables::holds(const require_lease& it, instant now) const {
  const auto at = leases_.find(it.name);
  if (at == leases_.end() || at->second.token != it.token
      || at->second.until <= now)
    return lost_lease();
  return {};
}

result<void> memory_tables::holds(const require_funds& it, instant) const {
  const auto held = funds(it.account);
  if (held < it.amount)
    return too_little(held);
  return {};
}

result<std::uint64_t> memory_tables::apply(const store_op& it, instant now) {
  return std::visit([&](const auto& what) { return run(what, now); }, it);
}

std::uint64_t memory_tables::tell(change_kind kind, const std::string& name,
                                  std::uint64_t number) {
  const auto cursor = forgotten_ + changes_.size() + 1;
  changes_.push_back({cursor, kind, name, number == 0 ? cursor : number});
  undo_.emplace_back([this] { changes_.pop_back(); });
  return cursor;
}

memory_tables::numbered memory_tables::run(const put_value& it, instant) {
  const auto [at, is_new] = values_.try_emplace(it.key);
  undo_.emplace_back([this, is_new = is_new, key = it.key,
                      old = std::move(at->second)]() mutable {
    if (is_new)
      values_.erase(key);
    else
      values_[key] = std::move(old);
  });
  at->second = {it.value, tell(change_kind::put, it.key, 0)};
  return at->second.revision;
}

memory_tables::numbered memory_tables::run(const delete_key& it, instant) {
  const auto at = values_.find(it.key);
  if (at == values_.end())
    return 0U;
  undo_.emplace_back(
      [this, key = it.key, old = std::move(at->second)]() mutable {
        values_[key] = std::move(old);
      });
  values_.erase(at);
  tell(change_kind::deleted, it.key, 0);
  return 0U;
}

memory_tables::numbered memory_tables::run(const append_records& it, instant) {
  const auto at = streams_.find(it.stream);
  const auto last = at == streams_.end() ? 0 : at->second.last;
  if (it.records.empty())
    return last;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (it.records.size() > most - last)
    return too_long_stream();
  auto& to = streams_[it.stream];
  undo_.emplace_back([this, name = it.stream, last] {
    auto& from = streams_[name];
    from.records.erase(from.records.upper_bound(last), from.records.end());
    from.last = last;
  });
  for (const auto& record : it.records)
    to.records.emplace(++to.last, record);
  tell(change_kind::appended, it.stream, to.last);
  return to.last;
}

memory_tables::numbered memory_tables::run(const drop_records& it, instant) {
  const auto at = streams_.find(it.stream);
  if (at == streams_.end())
    return 0U;
  auto& records = at->second.records;
  std::map<std::uint64_t, std::string> dropped;
  while (!records.empty() && records.begin()->first <= it.sequence)
    dropped.insert(records.extract(records.begin()));
  undo_.emplace_back(
      [&records, old = std::move(dropped)]() mutable { records.merge(old); });
  return 0U;
}

memory_tables::numbered memory_tables::run(const credit_account& it, instant) {
  const auto before = funds(it.account);
  const auto after = balance_after(before, it.amount);
  if (!after)
    return after.error();
  const auto left = static_cast<std::uint64_t>(*after);
  if (it.amount == 0)
    return left;
  undo_.emplace_back(
      [this, name = it.account, before] { accounts_[name] = before; });
  accounts_[it.account] = *after;
  tell(change_kind::credited, it.account, left);
  return left;
}

stored_value memory_tables::value_of(const std::string& key) const {
  const auto at = values_.find(key);
  if (at == values_.end())
    return {key, {}, 0};
  return {key, at->second.bytes, at->second.revision};
}

std::vector<stored_value> memory_tables::list(const std::string& prefix,
                                              const std::string& after,
                                              std::size_t count_max) const {
  std::vector<stored_value> out;
  for (auto at = values_.lower_bound(list_begin(prefix, after));
       at != values_.end() && out.size() < count_max
       && at->first.starts_with(prefix);
       ++at)
    out.push_back({at->first, at->second.bytes, at->second.revision});
  return out;
}

std::vector<stored_record> memory_tables::read(const std::string& stream,
                                               std::uint64_t after,
                                               std::size_t count_max) const {
  std::vector<stored_record> out;
  const auto from = streams_.find(stream);
  if (from == streams_.end())
    return out;
  const auto& records = from->second.records;
  for (auto at = records.upper_bound(after);
       at != records.end() && out.size() < count_max; ++at)
    out.push_back({at->first, at->second});
  return out;
}

std::int64_t memory_tables::funds(const std::string& account) const {
  const auto at = accounts_.find(account);
  return at == accounts_.end() ? 0 : at->second;
}

result<std::vector<store_change>>
memory_tables::changes(std::uint64_t cursor, const std::string& prefix,
                       std::size_t count_max) const {
  if (cursor < forgotten_)
    return forgotten_changes(forgotten_);
  std::vector<store_change> out;
  for (auto at = cursor - forgotten_;
       at < changes_.size() && out.size() < count_max; ++at)
    if (changes_[at].name.starts_with(prefix))
      out.push_back(changes_[at]);
  return out;
}

void memory_tables::forget(std::uint64_t cursor) {
  if (cursor <= forgotten_)
    return;
  const auto count =
      std::min<std::uint64_t>(cursor - forgotten_, changes_.size());
  changes_.erase(changes_.begin(),
                 changes_.begin() + static_cast<std::ptrdiff_t>(count));
  forgotten_ += count;
}

} // namespace troupe::actors
