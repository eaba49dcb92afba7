// The part of postgres_store that reads.
#include "postgres_store.hpp"

#include <map>

namespace troupe::postgres {

using protocol::errc;
using protocol::fail;
using protocol::result;

result<std::vector<actors::stored_value>>
postgres_store::get(std::span<const std::string> keys) {
  text_array names;
  for (const auto& it : keys)
    names.add(it);
  const auto found = ask({{sql::get_values, values{}.add(std::move(names))}});
  if (!found)
    return found.error();
  const auto& from = found->front();
  std::map<std::string, int> at;
  for (int i = 0; i < from.size(); ++i)
    at.emplace(from.bytes(i, 0), i);
  std::vector<actors::stored_value> out;
  out.reserve(keys.size());
  for (const auto& key : keys) {
    const auto row = at.find(key);
    if (row == at.end())
      out.push_back({key, {}, 0});
    else
      out.push_back(
          {key, from.bytes(row->second, 2), from.count(row->second, 1)});
  }
  return out;
}

result<std::vector<actors::stored_value>>
postgres_store::list(const std::string& prefix, const std::string& after,
                     std::size_t count_max) {
  // Behind all names that begin so; behind all names.
  auto end = prefix;
  while (!end.empty() && end.back() == '\xff')
    end.pop_back();
  if (end.empty())
    end = std::string(allowed_.name_max + 1, '\xff');
  else
    ++end.back();
  const auto found =
      ask({{sql::list_values, values{}
                                  .add(actors::list_begin(prefix, after))
                                  .add(end)
                                  .add(bound_of(count_max))}});
  if (!found)
    return found.error();
  const auto& from = found->front();
  std::vector<actors::stored_value> out;
  for (int i = 0; i < from.size(); ++i)
    out.push_back({from.bytes(i, 0), from.bytes(i, 2), from.count(i, 1)});
  return out;
}

result<std::vector<actors::stored_record>>
postgres_store::read(const std::string& stream, std::uint64_t after,
                     std::size_t count_max) {
  const auto found = ask(
      {{sql::read_records,
        values{}.add(stream).add(bound_of(after)).add(bound_of(count_max))}});
  if (!found)
    return found.error();
  const auto& from = found->front();
  std::vector<actors::stored_record> out;
  for (int i = 0; i < from.size(); ++i)
    out.push_back({from.count(i, 0), from.bytes(i, 1)});
  return out;
}

result<std::int64_t> postgres_store::funds(const std::string& account) {
  text_array names;
  names.add(account);
  const auto found =
      ask({{sql::find_accounts, values{}.add(std::move(names))}});
  if (!found)
    return found.error();
  const auto& from = found->front();
  return from.size() == 0 ? 0 : from.number(0, 1);
}

result<std::vector<actors::store_change>>
postgres_store::changes(std::uint64_t cursor, const std::string& prefix,
                        std::size_t count_max) {
  // What is forgotten while it is read shows behind it.
  const auto found = ask(
      {{sql::read_changes,
        values{}.add(bound_of(cursor)).add(prefix).add(bound_of(count_max))},
       {sql::find_forgotten}});
  if (!found)
    return found.error();
  if (const auto floor = (*found)[1].count(0, 0); cursor < floor)
    return actors::forgotten_changes(floor);
  const auto& from = found->front();
  std::vector<actors::store_change> out;
  for (int i = 0; i < from.size(); ++i) {
    const auto kind = from.number(i, 1);
    if (kind < 0 || kind > static_cast<int>(actors::change_kind::credited))
      return fail(errc::internal,
                  "PostgreSQL: the store holds a change that cannot be read");
    const auto at = from.count(i, 0);
    const auto number = from.count(i, 3);
    out.push_back({at, static_cast<actors::change_kind>(kind), from.bytes(i, 2),
                   number == 0 ? at : number});
  }
  return out;
}

} // namespace troupe::postgres
