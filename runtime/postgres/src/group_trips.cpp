#include "group_trips.hpp"

namespace troupe::postgres {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t word = 8;
/// Of texts in one statement, so that no message becomes too large.
constexpr std::size_t bytes_max = 16U << 20U;

/// Eight bytes each, the most telling first.
std::string bytes_of(std::span<const std::uint64_t> numbers) {
  std::string out;
  out.reserve(numbers.size() * word);
  for (const auto number : numbers)
    for (std::size_t i = word; i-- > 0;)
      out += static_cast<char>(number >> (8 * i) & 0xffU);
  return out;
}

std::vector<std::uint64_t> numbers_of(const std::string& bytes) {
  std::vector<std::uint64_t> out(bytes.size() / word);
  for (std::size_t i = 0; i < out.size() * word; ++i)
    out[i / word] = out[i / word] << 8U | static_cast<unsigned char>(bytes[i]);
  return out;
}

std::string bytes_of(protocol::id it) {
  const std::uint64_t both[] = {it.high, it.low};
  return bytes_of(both);
}

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

/// A statement with columns, in as many pieces as it takes.
template <class... Arrays>
class pieces {
public:
  pieces(sql which, std::vector<query>& to) : which_(which), to_(to) {}

  template <class... Ts>
  void add(const Ts&... cells) {
    add_all(std::index_sequence_for<Ts...>{}, cells...);
    bytes_ += (size_of(cells) + ... + 0U);
    if (bytes_ > bytes_max)
      end();
  }

  void end() {
    if (std::get<0>(columns_).size() == 0)
      return;
    values given;
    std::apply([&](auto&... all) { (given.add(std::move(all)), ...); },
               columns_);
    to_.push_back({which_, std::move(given)});
    columns_ = {};
    bytes_ = 0;
  }

private:
  static std::size_t size_of(const std::string& it) { return it.size() + 8; }
  static std::size_t size_of(std::int64_t) { return 8; }

  template <std::size_t... Is, class... Ts>
  void add_all(std::index_sequence<Is...>, const Ts&... cells) {
    (std::get<Is>(columns_).add(cells), ...);
  }

  sql which_;
  std::vector<query>& to_;
  std::tuple<Arrays...> columns_;
  std::size_t bytes_ = 0;
};

using texts = text_array;
using numbers = number_array;

void write_pairs(const group_rules& it, std::vector<query>& to) {
  pieces<texts> deleted{sql::delete_pairs, to};
  pieces<texts, numbers, texts> put{sql::put_pairs, to};
  for (const auto& [key, state] : it.pairs) {
    if (state.is_deleted)
      deleted.add(key);
    else if (state.value != nullptr)
      put.add(key, signed_of(state.revision), *state.value);
  }
  deleted.end();
  put.end();
}

void write_streams(const group_rules& it, std::vector<query>& to) {
  pieces<texts, numbers, numbers> streams{sql::put_streams, to};
  for (const auto& [name, state] : it.streams)
    if (state.is_changed)
      streams.add(name, signed_of(state.number), signed_of(state.last));
  streams.end();
  pieces<numbers, numbers, texts> records{sql::add_records, to};
  for (const auto& record : it.records)
    records.add(signed_of(record.stream), signed_of(record.sequence),
                *record.bytes);
  records.end();
  for (const auto& drop : it.drops)
    to.push_back(
        {sql::drop_records,
         values{}.add(signed_of(drop.stream)).add(bound_of(drop.up_to))});
}

void write_tasks(const group_rules& it, std::vector<query>& to) {
  pieces<numbers> done{sql::delete_tasks, to};
  pieces<numbers, numbers> back{sql::nack_tasks, to};
  for (const auto& [task, state] : it.tasks) {
    if (state.is_done)
      done.add(signed_of(task));
    else if (state.back)
      back.add(signed_of(task), ns_of(*state.back));
  }
  done.end();
  back.end();
  pieces<numbers, texts, texts, numbers, texts> added{sql::add_tasks, to};
  for (const auto& task : it.new_tasks)
    added.add(signed_of(task.task), task.what->queue, task.what->key,
              ns_of(task.due), task.what->body);
  added.end();
}

void write_txns(const group_rules& it, protocol::instant now,
                std::vector<query>& to) {
  text_array ids;
  text_array prints;
  number_array codes;
  number_array failed;
  text_array details;
  text_array outcomes;
  for (const auto& [id, known] : it.txns) {
    if (!known.is_new)
      continue;
    const auto& what = known.outcome;
    const bool is_refused = what.outcome == actors::commit_outcome::refused;
    ids.add(bytes_of(id));
    prints.add(bytes_of(known.print));
    codes.add(is_refused ? static_cast<std::int64_t>(what.why.code) : 0);
    failed.add(what.failed_requirement
                   ? static_cast<std::int64_t>(*what.failed_requirement)
                   : -1);
    details.add(what.why.detail);
    outcomes.add(bytes_of(what.numbers));
  }
  if (ids.size() == 0)
    return;
  values given;
  given.add(std::move(ids)).add(ns_of(now)).add(std::move(prints));
  given.add(std::move(codes)).add(std::move(failed)).add(std::move(details));
  given.add(std::move(outcomes));
  to.push_back({sql::add_txns, std::move(given)});
}

} // namespace

std::vector<query> group_reading::queries() const {
  std::vector<query> out;
  const auto add = [&](sql which, const std::set<std::string>& names) {
    out.push_back({which, values{}.add(all_of(names))});
  };
  add(sql::find_pairs, needs_.pairs);
  add(sql::find_streams, needs_.streams);
  add(sql::find_accounts, needs_.accounts);
  add(sql::find_leases, needs_.leases);
  number_array tasks;
  for (const auto it : needs_.tasks)
    tasks.add(signed_of(it));
  text_array queues;
  text_array keys;
  for (const auto& [queue, key] : needs_.keyed) {
    queues.add(queue);
    keys.add(key);
  }
  text_array txns;
  for (const auto& it : needs_.txns)
    txns.add(bytes_of(it));
  out.push_back({sql::find_tasks, values{}.add(std::move(tasks))});
  out.push_back(
      {sql::find_keyed, values{}.add(std::move(queues)).add(std::move(keys))});
  out.push_back({sql::find_txns, values{}.add(std::move(txns))});
  return out;
}

result<void> group_reading::read(std::span<const rows> all,
                                 group_rules& to) const {
  for (int i = 0; i < all[0].size(); ++i)
    to.pairs.load(all[0].bytes(i, 0), {all[0].count(i, 1), nullptr, false});
  for (int i = 0; i < all[1].size(); ++i)
    to.streams.load(all[1].bytes(i, 0),
                    {all[1].count(i, 1), all[1].count(i, 2), false});
  for (int i = 0; i < all[2].size(); ++i)
    to.accounts.load(all[2].bytes(i, 0), {all[2].number(i, 1), false});
  for (int i = 0; i < all[3].size(); ++i)
    to.leases.load(all[3].bytes(i, 0),
                   {all[3].count(i, 1), protocol::instant{protocol::duration{
                                            all[3].number(i, 2)}}});
  for (int i = 0; i < all[4].size(); ++i)
    to.tasks.load(all[4].count(i, 0), {all[4].count(i, 1),
                                       all[4].bytes(i, 2),
                                       all[4].bytes(i, 3),
                                       false,
                                       {}});
  for (int i = 0; i < all[5].size(); ++i)
    to.keyed.load({all[5].bytes(i, 0), all[5].bytes(i, 1)}, all[5].count(i, 2));
  for (int i = 0; i < all[6].size(); ++i) {
    const auto id = id_of(all[6].bytes(i, 0));
    auto known = txn_of(all[6], i);
    if (!id || !known)
      return id ? known.error() : id.error();
    to.txns.load(*id, std::move(*known));
  }
  return {};
}

std::vector<query> writes_of(const group_rules& it, protocol::instant now) {
  std::vector<query> out;
  write_pairs(it, out);
  write_streams(it, out);
  pieces<texts, numbers> accounts{sql::put_accounts, out};
  for (const auto& [name, state] : it.accounts)
    if (state.is_changed)
      accounts.add(name, state.amount);
  accounts.end();
  write_tasks(it, out);
  pieces<numbers, numbers, texts, numbers> changes{sql::add_changes, out};
  for (const auto& change : it.changes)
    changes.add(signed_of(change.cursor),
                static_cast<std::int64_t>(change.kind), change.name,
                signed_of(change.number));
  changes.end();
  write_txns(it, now, out);
  const auto& to = it.counters;
  out.push_back({sql::move_counters, values{}
                                         .add(signed_of(to.revision))
                                         .add(signed_of(to.task))
                                         .add(signed_of(to.token))
                                         .add(signed_of(to.stream))});
  return out;
}

} // namespace troupe::postgres
