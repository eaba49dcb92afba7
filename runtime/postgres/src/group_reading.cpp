// What is asked before a group is decided.
#include "group_trips.hpp"

namespace troupe::postgres {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

result<protocol::id> id_of(const std::string& bytes) {
  const auto both = numbers_of(bytes);
  if (both.size() != 2)
    return fail(errc::internal, "PostgreSQL: the store holds an id that "
                                "cannot be read");
  return protocol::id{both[0], both[1]};
}

text_array all_of(const std::set<std::string>& names) {
  text_array out;
  for (const auto& it : names)
    out.add(it);
  return out;
}

/// One row of `txns`.
result<known_txn> txn_of(const rows& from, int row) {
  const auto print = id_of(from.bytes(row, 1));
  if (!print)
    return print.error();
  const auto code = from.number(row, 2);
  const auto failed = from.number(row, 3);
  known_txn out{*print, {}, false};
  if (code == 0) {
    out.outcome.outcome = actors::commit_outcome::committed;
    out.outcome.numbers = numbers_of(from.bytes(row, 5));
    return out;
  }
  const auto why = static_cast<errc>(code);
  if (code < 0 || code > 0xff || to_string(why) == "unknown")
    return fail(errc::internal, "PostgreSQL: the store holds a refusal that "
                                "cannot be read");
  out.outcome = actors::refused(fail(why, from.bytes(row, 4)));
  if (failed >= 0)
    out.outcome.failed_requirement = static_cast<std::size_t>(failed);
  return out;
}

} // namespace

/// One kind of what is needed: how it is asked for, and where a row goes.
struct group_reading::part {
  sql which;
  bool is_needed;
  std::function<values()> given;
  std::function<result<void>(const rows&, int, group_rules&)> take;
};

std::vector<group_reading::part> group_reading::parts() const {
  const auto add = [](sql which, const std::set<std::string>& names,
                      auto take) {
    return part{which, !names.empty(),
                [&names] { return values{}.add(all_of(names)); },
                [take](const rows& from, int i, group_rules& to) {
                  take(from, i, to);
                  return result<void>{};
                }};
  };
  return {
      add(sql::find_pairs, needs_.pairs,
          [](const rows& from, int i, group_rules& to) {
            to.pairs.load(from.bytes(i, 0), {from.count(i, 1), nullptr, false});
          }),
      add(sql::find_streams, needs_.streams,
          [](const rows& from, int i, group_rules& to) {
            to.streams.load(from.bytes(i, 0),
                            {from.count(i, 1), from.count(i, 2), false});
          }),
      add(sql::find_accounts, needs_.accounts,
          [](const rows& from, int i, group_rules& to) {
            to.accounts.load(from.bytes(i, 0), {from.number(i, 1), false});
          }),
      add(sql::find_leases, needs_.leases,
          [](const rows& from, int i, group_rules& to) {
            to.leases.load(
                from.bytes(i, 0),
                {from.count(i, 1),
                 protocol::instant{protocol::duration{from.number(i, 2)}}});
          }),
      tasks_part(),
      keyed_part(),
      txns_part(),
  };
}

group_reading::part group_reading::tasks_part() const {
  return {
      sql::find_tasks, !needs_.tasks.empty(),
      [this] {
        number_array tasks;
        for (const auto it : needs_.tasks)
          tasks.add(signed_of(it));
        return values{}.add(std::move(tasks));
      },
      [](const rows& from, int i, group_rules& to) -> result<void> {
        to.tasks.load(
            from.count(i, 0),
            {from.count(i, 1), from.bytes(i, 2), from.bytes(i, 3), false, {}});
        return {};
      }};
}

group_reading::part group_reading::keyed_part() const {
  return {
      sql::find_keyed, !needs_.keyed.empty(),
      [this] {
        text_array queues;
        text_array keys;
        for (const auto& [queue, key] : needs_.keyed) {
          queues.add(queue);
          keys.add(key);
        }
        return values{}.add(std::move(queues)).add(std::move(keys));
      },
      [](const rows& from, int i, group_rules& to) -> result<void> {
        to.keyed.load({from.bytes(i, 0), from.bytes(i, 1)}, from.count(i, 2));
        return {};
      }};
}

group_reading::part group_reading::txns_part() const {
  return {sql::find_txns, !needs_.txns.empty(),
          [this] {
            text_array txns;
            for (const auto& it : needs_.txns)
              txns.add(bytes_of(it));
            return values{}.add(std::move(txns));
          },
          [](const rows& from, int i, group_rules& to) -> result<void> {
            const auto id = id_of(from.bytes(i, 0));
            auto known = txn_of(from, i);
            if (!id || !known)
              return id ? known.error() : id.error();
            to.txns.load(*id, std::move(*known));
            return {};
          }};
}

std::vector<query> group_reading::queries() const {
  std::vector<query> out;
  for (const auto& it : parts())
    if (it.is_needed)
      out.push_back({it.which, it.given()});
  return out;
}

result<void> group_reading::read(std::span<const rows> all,
                                 group_rules& to) const {
  std::size_t at = 0;
  for (const auto& it : parts()) {
    if (!it.is_needed)
      continue;
    const auto& from = all[at++];
    for (int i = 0; i < from.size(); ++i)
      if (auto good = it.take(from, i, to); !good)
        return good;
  }
  return {};
}

} // namespace troupe::postgres
