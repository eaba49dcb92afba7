// What is written when a group was decided.
#include "group_trips.hpp"

namespace troupe::postgres {

namespace {

/// Of texts in one statement, so that no message becomes too large.
constexpr std::size_t bytes_max = 16U << 20U;

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
