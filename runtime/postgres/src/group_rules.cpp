#include "group_rules.hpp"

#include <algorithm>
#include <limits>

namespace troupe::postgres {

using actors::change_kind;
using actors::commit_outcome;
using actors::commit_result;
using protocol::instant;
using protocol::result;

namespace {

struct need {
  group_needs& to;

  void operator()(const actors::require_revision& it) const {
    to.pairs.insert(it.key);
  }
  void operator()(const actors::require_last& it) const {
    to.streams.insert(it.stream);
  }
  void operator()(const actors::require_lease& it) const {
    to.leases.insert(it.name);
  }
  void operator()(const actors::require_funds& it) const {
    to.accounts.insert(it.account);
  }
  void operator()(const actors::put_value&) const {}
  void operator()(const actors::delete_key& it) const {
    to.pairs.insert(it.key);
  }
  void operator()(const actors::append_records& it) const {
    to.streams.insert(it.stream);
  }
  void operator()(const actors::drop_records& it) const {
    to.streams.insert(it.stream);
  }
  void operator()(const actors::enqueue_task& it) const {
    if (!it.key.empty())
      to.keyed.emplace(it.queue, it.key);
  }
  void operator()(const actors::ack_task& it) const {
    to.tasks.insert(it.task);
  }
  void operator()(const actors::nack_task& it) const {
    to.tasks.insert(it.task);
  }
  void operator()(const actors::credit_account& it) const {
    to.accounts.insert(it.account);
  }
};

bool is_held(const task_state* it, std::uint64_t token) {
  return it != nullptr && !it->is_done && token != 0 && it->token == token;
}

} // namespace

group_needs needs_of(std::span<const actors::store_txn> group,
                     const actors::store_capabilities& allowed) {
  group_needs out;
  for (const auto& txn : group) {
    if (!actors::check_limits(txn, allowed))
      continue;
    if (txn.id)
      out.txns.insert(txn.id);
    for (const auto& it : txn.require)
      std::visit(need{out}, it);
    for (const auto& it : txn.ops)
      std::visit(need{out}, it);
  }
  return out;
}

commit_result group_rules::commit(const actors::store_txn& it,
                                  const actors::store_capabilities& allowed,
                                  instant now) {
  if (auto good = actors::check_limits(it, allowed); !good)
    return actors::refused(good.error());
  if (!it.id)
    return execute(it, now);
  const auto print = actors::print_of(it);
  if (const auto* known = txns.find(it.id))
    return known->print == print ? known->outcome
                                 : actors::refused(actors::other_txn());
  auto done = execute(it, now);
  txns.load(it.id, {print, done, true});
  has_new_txns_ = true;
  return done;
}

commit_result group_rules::execute(const actors::store_txn& it, instant now) {
  for (std::size_t i = 0; i < it.require.size(); ++i)
    if (auto good = check(it.require[i], now); !good)
      return actors::refused(good.error(), i);
  const auto before = counters;
  const auto records_before = records.size();
  const auto drops_before = drops.size();
  const auto tasks_before = new_tasks.size();
  const auto changes_before = changes.size();
  commit_result out{commit_outcome::committed, {}, {}, {}};
  for (const auto& op : it.ops) {
    const auto number =
        std::visit([&](const auto& what) { return run(what, now); }, op);
    if (number) {
      out.numbers.push_back(*number);
      continue;
    }
    counters = before;
    records.resize(records_before);
    drops.resize(drops_before);
    new_tasks.resize(tasks_before);
    changes.resize(changes_before);
    pairs.undo();
    streams.undo();
    accounts.undo();
    tasks.undo();
    keyed.undo();
    return actors::refused(number.error());
  }
  keep();
  return out;
}

void group_rules::keep() {
  pairs.keep();
  streams.keep();
  accounts.keep();
  tasks.keep();
  keyed.keep();
}

bool group_rules::is_idle() const {
  return changes.empty() && drops.empty() && !has_new_txns_
         && std::none_of(tasks.begin(), tasks.end(),
                         [](const auto& it) { return it.second.is_done; });
}

result<void> group_rules::check(const actors::requirement& it,
                                instant now) const {
  if (const auto* key = std::get_if<actors::require_revision>(&it)) {
    const auto found = pairs.get(key->key).revision;
    if (found != key->revision)
      return actors::other_revision(found);
  } else if (const auto* end = std::get_if<actors::require_last>(&it)) {
    const auto last = streams.get(end->stream).last;
    if (last != end->sequence)
      return actors::other_last(last);
  } else if (const auto* held = std::get_if<actors::require_lease>(&it)) {
    const auto at = leases.get(held->name);
    if (at.token == 0 || at.token != held->token || at.until <= now)
      return actors::lost_lease();
  } else if (const auto* funds = std::get_if<actors::require_funds>(&it)) {
    const auto amount = accounts.get(funds->account).amount;
    if (amount < funds->amount)
      return actors::too_little(amount);
  }
  return {};
}

std::uint64_t group_rules::tell(change_kind kind, const std::string& name,
                                std::uint64_t number) {
  changes.push_back({++counters.revision, kind, name, number});
  return counters.revision;
}

group_rules::numbered group_rules::run(const actors::put_value& it, instant) {
  const auto revision = tell(change_kind::put, it.key, 0);
  pairs.set(it.key, {revision, &it.value, false});
  return revision;
}

group_rules::numbered group_rules::run(const actors::delete_key& it, instant) {
  if (pairs.get(it.key).revision == 0)
    return 0U;
  tell(change_kind::deleted, it.key, 0);
  pairs.set(it.key, {0, nullptr, true});
  return 0U;
}

group_rules::numbered group_rules::run(const actors::append_records& it,
                                       instant) {
  auto to = streams.get(it.stream);
  if (it.records.empty())
    return to.last;
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  if (to.last > most || it.records.size() > most - to.last)
    return actors::too_long_stream();
  if (to.number == 0)
    to.number = ++counters.stream;
  to.is_changed = true;
  for (const auto& record : it.records)
    records.push_back({to.number, ++to.last, &record});
  streams.set(it.stream, to);
  tell(change_kind::appended, it.stream, to.last);
  return to.last;
}

group_rules::numbered group_rules::run(const actors::drop_records& it,
                                       instant) {
  const auto from = streams.get(it.stream);
  // Not what comes later in the group.
  if (from.number != 0)
    drops.push_back({from.number, std::min(it.sequence, from.last)});
  return 0U;
}

group_rules::numbered group_rules::run(const actors::enqueue_task& it,
                                       instant now) {
  if (!it.key.empty())
    if (const auto same = keyed.get({it.queue, it.key}); same != 0)
      return same;
  const auto task = ++counters.task;
  new_tasks.push_back({task, &it, std::max(it.not_before, now)});
  if (!it.key.empty())
    keyed.set({it.queue, it.key}, task);
  tell(change_kind::enqueued, it.queue, task);
  return task;
}

group_rules::numbered group_rules::run(const actors::ack_task& it, instant) {
  const auto* found = tasks.find(it.task);
  if (!is_held(found, it.token))
    return actors::lost_task();
  auto done = *found;
  done.is_done = true;
  if (!done.key.empty())
    keyed.set({done.queue, done.key}, 0);
  tasks.set(it.task, std::move(done));
  return it.task;
}

group_rules::numbered group_rules::run(const actors::nack_task& it,
                                       instant now) {
  const auto* found = tasks.find(it.task);
  if (!is_held(found, it.token))
    return actors::lost_task();
  auto back = *found;
  back.token = 0;
  back.back = actors::later(now, std::max(it.delay, protocol::duration{}));
  tell(change_kind::enqueued, back.queue, it.task);
  tasks.set(it.task, std::move(back));
  return it.task;
}

group_rules::numbered group_rules::run(const actors::credit_account& it,
                                       instant) {
  const auto after =
      actors::balance_after(accounts.get(it.account).amount, it.amount);
  if (!after)
    return after.error();
  const auto left = static_cast<std::uint64_t>(*after);
  if (it.amount == 0)
    return left;
  accounts.set(it.account, {*after, true});
  tell(change_kind::credited, it.account, left);
  return left;
}

} // namespace troupe::postgres
