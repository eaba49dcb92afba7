#include "store/store_tables.hpp"

#include <limits>
#include <sqlite3.h>

namespace troupe::store {

using actors::change_kind;
using protocol::instant;
using protocol::result;

result<void> store_tables::check(const actors::requirement& it, instant now) {
  return std::visit([&](const auto& what) { return holds(what, now); }, it);
}

result<void> store_tables::holds(const actors::require_revision& it, instant) {
  query at{file_, sql::find_value, it.key};
  const auto is_there = at.next();
  if (!is_there)
    return is_there.error();
  const auto found = *is_there ? at.count(0) : 0;
  if (found != it.revision)
    return actors::other_revision(found);
  return {};
}

result<void> store_tables::holds(const actors::require_last& it, instant) {
  const auto at = find_stream(it.stream);
  if (!at)
    return at.error();
  if (at->last != it.sequence)
    return actors::other_last(at->last);
  return {};
}

result<void> store_tables::holds(const actors::require_lease& it, instant now) {
  const auto at = find_lease(it.name, now);
  if (!at)
    return at.error();
  if (at->token == 0 || at->token != it.token)
    return actors::lost_lease();
  return {};
}

result<void> store_tables::holds(const actors::require_funds& it, instant) {
  const auto held = funds(it.account);
  if (!held)
    return held.error();
  if (*held < it.amount)
    return actors::too_little(*held);
  return {};
}

store_tables::numbered store_tables::apply(const actors::store_op& it,
                                           instant now) {
  return std::visit([&](const auto& what) { return run(what, now); }, it);
}

store_tables::numbered store_tables::tell(change_kind kind,
                                          const std::string& name,
                                          std::uint64_t number) {
  query to{file_, sql::add_change, std::int64_t{static_cast<int>(kind)}, name,
           signed_of(number)};
  if (auto good = to.finish(); !good)
    return good.error();
  return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(file_.get()));
}

store_tables::numbered store_tables::run(const actors::put_value& it, instant) {
  auto revision = tell(change_kind::put, it.key, 0);
  if (!revision)
    return revision;
  query to{file_, sql::put_value, it.key, signed_of(*revision), it.value};
  if (auto good = to.finish(); !good)
    return good.error();
  return revision;
}

store_tables::numbered store_tables::run(const actors::delete_key& it,
                                         instant) {
  const auto done = query{file_, sql::delete_value, it.key}.changes();
  if (!done)
    return done.error();
  if (*done)
    if (auto told = tell(change_kind::deleted, it.key, 0); !told)
      return told;
  return 0U;
}

result<store_tables::kept_stream>
store_tables::find_stream(const std::string& name) {
  query at{file_, sql::find_stream, name};
  const auto is_there = at.next();
  if (!is_there)
    return is_there.error();
  return *is_there ? kept_stream{at.number(0), at.count(1)} : kept_stream{};
}

store_tables::numbered store_tables::run(const actors::append_records& it,
                                         instant) {
  auto to = find_stream(it.stream);
  if (!to)
    return to.error();
  if (it.records.empty())
    return to->last;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (to->last > most || it.records.size() > most - to->last)
    return actors::too_long_stream();
  if (to->number == 0) {
    if (auto good = query{file_, sql::add_stream, it.stream}.finish(); !good)
      return good.error();
    to->number = sqlite3_last_insert_rowid(file_.get());
  }
  for (const auto& record : it.records) {
    query add{file_, sql::add_record, to->number, signed_of(++to->last),
              record};
    if (auto good = add.finish(); !good)
      return good.error();
  }
  query move{file_, sql::move_stream, signed_of(to->last), to->number};
  if (auto good = move.finish(); !good)
    return good.error();
  if (auto told = tell(change_kind::appended, it.stream, to->last); !told)
    return told;
  return to->last;
}

store_tables::numbered store_tables::run(const actors::drop_records& it,
                                         instant) {
  const auto from = find_stream(it.stream);
  if (!from)
    return from.error();
  query drop{file_, sql::drop_records, from->number, bound_of(it.sequence)};
  if (auto good = drop.finish(); !good)
    return good.error();
  return 0U;
}

store_tables::numbered store_tables::run(const actors::credit_account& it,
                                         instant) {
  const auto before = funds(it.account);
  if (!before)
    return before.error();
  const auto after = actors::balance_after(*before, it.amount);
  if (!after)
    return after.error();
  const auto left = static_cast<std::uint64_t>(*after);
  if (it.amount == 0)
    return left;
  query to{file_, sql::put_account, it.account, *after};
  if (auto good = to.finish(); !good)
    return good.error();
  if (auto told = tell(change_kind::credited, it.account, left); !told)
    return told;
  return left;
}

result<actors::stored_value> store_tables::value_of(const std::string& key) {
  query at{file_, sql::find_value, key};
  const auto is_there = at.next();
  if (!is_there)
    return is_there.error();
  return *is_there ? actors::stored_value{key, at.bytes(1), at.count(0)}
                   : actors::stored_value{key, {}, 0};
}

result<std::vector<actors::stored_value>>
store_tables::list(const std::string& prefix, const std::string& after,
                   std::size_t count_max) {
  std::vector<actors::stored_value> out;
  const auto begin = actors::list_begin(prefix, after);
  query at{file_, sql::list_values, begin};
  while (out.size() < count_max) {
    const auto row = at.next();
    if (!row)
      return row.error();
    if (!*row)
      break;
    auto key = at.bytes(0);
    if (!key.starts_with(prefix))
      break;
    out.push_back({std::move(key), at.bytes(2), at.count(1)});
  }
  return out;
}

result<std::vector<actors::stored_record>>
store_tables::read(const std::string& stream, std::uint64_t after,
                   std::size_t count_max) {
  std::vector<actors::stored_record> out;
  query at{file_, sql::read_records, stream, bound_of(after)};
  while (out.size() < count_max) {
    const auto row = at.next();
    if (!row)
      return row.error();
    if (!*row)
      break;
    out.push_back({at.count(0), at.bytes(1)});
  }
  return out;
}

result<std::int64_t> store_tables::funds(const std::string& account) {
  query at{file_, sql::find_account, account};
  const auto is_there = at.next();
  if (!is_there)
    return is_there.error();
  return *is_there ? at.number(0) : 0;
}

result<std::vector<actors::store_change>>
store_tables::changes(std::uint64_t cursor, const std::string& prefix,
                      std::size_t count_max) {
  {
    query floor{file_, sql::find_forgotten};
    if (auto row = floor.next(); !row)
      return row.error();
    if (cursor < floor.count(0))
      return actors::forgotten_changes(floor.count(0));
  }
  std::vector<actors::store_change> out;
  query at{file_, sql::read_changes, bound_of(cursor)};
  while (out.size() < count_max) {
    const auto row = at.next();
    if (!row)
      return row.error();
    if (!*row)
      break;
    const auto kind = at.number(1);
    if (kind < 0 || kind > static_cast<int>(change_kind::credited))
      return file_.unreadable("a change");
    auto name = at.bytes(2);
    const auto number = at.count(3) == 0 ? at.count(0) : at.count(3);
    if (name.starts_with(prefix))
      out.push_back({at.count(0), static_cast<change_kind>(kind),
                     std::move(name), number});
  }
  return out;
}

result<void> store_tables::forget(std::uint64_t cursor) {
  const auto up_to = bound_of(cursor);
  if (auto good = query{file_, sql::drop_changes, up_to}.finish(); !good)
    return good;
  return query{file_, sql::set_forgotten, up_to}.finish();
}

} // namespace troupe::store
