#include "journal/journal_group.hpp"
#include "journal/record_chain.hpp"

namespace troupe {

using actors::commit_outcome;
using actors::store_txn;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t open_runs_max = 10'000;
constexpr std::size_t puts_max = 200; ///< In one commit.
constexpr const char* list_stream = "runs";

std::string stream_of(protocol::id run) {
  return "run/" + to_string(run);
}

/// What the list of runs shows of an entry.
struct summary {
  actors::kept_run& run;

  void operator()(const protocol::run_planned& it) const {
    run.mission = it.what.name;
    run.tasks = static_cast<std::uint32_t>(it.what.tasks.size());
  }
  void operator()(const protocol::attempt_started&) const {}
  void operator()(const protocol::attempt_ended& it) const {
    run.tasks_done += it.failure ? 0 : 1;
    run.cost += it.outcome.cost;
  }
  void operator()(const protocol::run_cancelled&) const {
    run.state = protocol::run_state::running;
  }
  void operator()(const protocol::attempt_answered&) const {}
  void operator()(const protocol::approval_given&) const {}
  void operator()(const protocol::task_quarantined&) const {}
  void operator()(const protocol::run_suspended&) const {
    run.state = protocol::run_state::paused;
  }
  void operator()(const protocol::run_continued& it) const {
    run.state = protocol::run_state::running;
    run.resumed += it.is_other_process ? 1 : 0;
  }
  void operator()(const protocol::run_closed& it) const {
    run.state = it.state;
    run.cost = it.cost;
  }
};

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

} // namespace

result<run_head> store_journal::head_of(protocol::id run) {
  if (const auto known = heads_.find(run); known != heads_.end())
    return known->second;
  return kept_head(run);
}

result<chain_head> store_journal::list_head() {
  return list_ ? result<chain_head>{*list_} : chain_at(*store_, list_stream);
}

result<void> store_journal::mark(const run_head& head, bool begins, bool closes,
                                 store_txn& to) {
  auto list = list_head();
  if (!list)
    return list.error();
  if (closes)
    to.ops.emplace_back(actors::delete_key{open_key(head.run.run)});
  else
    to.ops.emplace_back(actors::put_value{open_key(head.run.run), ""});
  std::vector<std::string> marks;
  for (const bool is_closed : {false, true})
    if (is_closed ? closes : begins)
      marks.push_back(
          text_of(run_mark{head.run.run, head.chain, is_closed, {}, {}}));
  extend_chain(list_stream, {}, marks, *list, to);
  list_ = *list;
  return {};
}

/// While texts that nobody names are removed, and when another was first, each
/// is put anew: who removes them sees so. Otherwise the mark must be as it was,
/// since what was there may be gone.
result<void> store_journal::add_blobs(const blobs& apart, store_txn& to) {
  if (apart.empty())
    return {};
  if (apart.size() > puts_max) // not all in one commit
    sweep_.reset();
  const auto mark = sweep_mark();
  if (!mark)
    return mark.error();
  if (mark->value.empty() || apart.size() > puts_max)
    to.require.emplace_back(
        actors::require_revision{mark->key, mark->revision});
  std::vector<const blobs::value_type*> missing;
  for (const auto& it : apart) {
    if (!mark->value.empty()) {
      missing.push_back(&it);
      continue;
    }
    if (known_blobs_.contains(it.first))
      continue;
    const std::vector<std::string> keys{"blob/" + it.first};
    const auto found = store_->get(keys);
    if (!found)
      return failed(found.error());
    if (found->front().revision == 0)
      missing.push_back(&it);
    else
      known_blobs_.insert(it.first);
  }
  store_txn puts;
  for (const auto* it : missing)
    puts.ops.emplace_back(actors::put_value{"blob/" + it->first, it->second});
  return add_puts(std::move(puts), to);
}

/// What is too much for one commit is there before anything names it.
result<void> store_journal::add_puts(store_txn puts, store_txn& to) {
  auto& all = puts.ops;
  std::size_t at = 0;
  while (all.size() - at > puts_max) {
    store_txn first;
    first.id = ids_.next(now_());
    const auto end = at + puts_max;
    for (; at < end; ++at)
      first.ops.push_back(std::move(all[at]));
    if (const auto done = commit(first);
        done.outcome != commit_outcome::committed)
      return failed(done.why);
  }
  for (; at < all.size(); ++at)
    to.ops.push_back(std::move(all[at]));
  return {};
}

result<store_txn> store_journal::txn_of(const actors::run_entries& batch) {
  auto known = head_of(batch.run);
  if (!known)
    return known.error();
  run_head head = std::move(*known);
  store_txn txn;
  txn.id = ids_.next(now_());
  if (auto good = own(batch.run, txn, head.chain.records == 0); !good)
    return good.error();
  txn.require.emplace_back(
      actors::require_last{stream_of(batch.run), head.chain.records});
  actors::append_records records{stream_of(batch.run), {}};
  blobs apart;
  bool begins = false;
  bool closes = false;
  for (const auto& entry : batch.entries) {
    if (entry.sequence != head.chain.records + 1)
      return fail(errc::journal_damaged,
                  "entry " + std::to_string(entry.sequence)
                      + " does not follow entry "
                      + std::to_string(head.chain.records));
    records.records.push_back(
        make_record(head.chain.hash, batch.run, entry, apart));
    head.chain.hash = records.records.back().substr(0, no_hash.size());
    head.chain.records += 1;
    if (entry.sequence == 1)
      head.run.started = entry.at;
    head.run.changed = entry.at;
    head.run.entries = entry.sequence;
    std::visit(summary{head.run}, entry.what);
    begins = begins || entry.sequence == 1;
    closes = closes || std::holds_alternative<protocol::run_closed>(entry.what);
  }
  if (auto done = add_blobs(apart, txn); !done)
    return done.error();
  if (auto done = add_interruptions(batch, txn); !done)
    return done.error();
  if (auto done = add_told_effects(batch, txn); !done)
    return done.error();
  txn.ops.emplace_back(std::move(records));
  txn.ops.emplace_back(actors::put_value{stream_of(batch.run), text_of(head)});
  if (begins || closes)
    if (auto done = mark(head, begins, closes, txn); !done)
      return done.error();
  if (heads_.size() >= open_runs_max)
    heads_.clear();
  heads_.insert_or_assign(batch.run, std::move(head));
  return txn;
}

} // namespace troupe
