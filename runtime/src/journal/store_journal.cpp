#include "journal/store_journal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe {

using actors::commit_outcome;
using actors::store_txn;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t known_blobs_max = 50'000;
constexpr std::size_t open_runs_max = 10'000;
constexpr std::size_t puts_max = 200; ///< In one commit.
constexpr const char* list_stream = "runs";

std::string stream_of(protocol::id run) {
  return "run/" + to_string(run);
}

template <class T>
result<T> from_text(const std::string& text, const std::string& what) {
  const auto json = protocol::parse_json(text);
  auto read = json ? protocol::from_json<T>(*json) : result<T>{json.error()};
  if (!read)
    return fail(errc::journal_damaged, what + ": " + read.error().detail);
  return read;
}

template <class T>
std::string text_of(const T& it) {
  return boost::json::serialize(protocol::to_json(it));
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
  const std::vector<std::string> keys{stream_of(run)};
  const auto found = store_->get(keys);
  if (!found)
    return failed(found.error());
  if (found->front().revision == 0) {
    run_head none;
    none.run.run = run;
    return none;
  }
  return from_text<run_head>(found->front().value, "run " + to_string(run));
}

result<chain_head> store_journal::chain_at(const std::string& name) {
  const std::vector<std::string> keys{name};
  const auto found = store_->get(keys);
  if (!found)
    return failed(found.error());
  if (found->front().revision == 0)
    return chain_head{};
  return from_text<chain_head>(found->front().value, name);
}

void store_journal::extend_chain(const std::string& name, protocol::id run,
                                 const std::vector<std::string>& texts,
                                 chain_head& chain, store_txn& to) {
  to.require.emplace_back(actors::require_last{name, chain.records});
  actors::append_records records{name, {}};
  for (const auto& text : texts) {
    chain = {chain.records + 1, hash_of(chain.hash, run, text)};
    records.records.push_back(chain.hash + ' ' + text);
  }
  to.ops.emplace_back(std::move(records));
  to.ops.emplace_back(actors::put_value{name, text_of(chain)});
}

result<chain_head> store_journal::list_head() {
  return list_ ? result<chain_head>{*list_} : chain_at(list_stream);
}

result<void> store_journal::mark(const run_head& head, bool begins, bool closes,
                                 store_txn& to) {
  auto list = list_head();
  if (!list)
    return list.error();
  std::vector<std::string> marks;
  for (const bool is_closed : {false, true})
    if (is_closed ? closes : begins)
      marks.push_back(text_of(run_mark{head.run.run, head.chain, is_closed}));
  extend_chain(list_stream, {}, marks, *list, to);
  list_ = *list;
  return {};
}

result<void> store_journal::add_blobs(const blobs& apart, store_txn& to) {
  std::vector<const blobs::value_type*> missing;
  for (const auto& it : apart) {
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
  // Too many for one commit: they are there before anything names them.
  store_txn first;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    auto& txn = missing.size() - i > puts_max ? first : to;
    txn.ops.emplace_back(
        actors::put_value{"blob/" + missing[i]->first, missing[i]->second});
    if (first.ops.size() == puts_max) {
      first.id = ids_.next(now_());
      if (const auto done = commit(first);
          done.outcome != commit_outcome::committed)
        return failed(done.why);
      first = {};
    }
  }
  if (!first.ops.empty()) {
    first.id = ids_.next(now_());
    if (const auto done = commit(first);
        done.outcome != commit_outcome::committed)
      return failed(done.why);
  }
  return {};
}

result<store_txn> store_journal::txn_of(const actors::run_entries& batch) {
  auto known = head_of(batch.run);
  if (!known)
    return known.error();
  run_head head = std::move(*known);
  store_txn txn;
  txn.id = ids_.next(now_());
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

actors::commit_result store_journal::commit(const store_txn& txn) {
  auto done = store_->commit({&txn, 1}, now_());
  // Nobody knows: the same id again answers as it was.
  for (int i = 0; i < 3 && done.front().outcome == commit_outcome::unknown; ++i)
    done = store_->commit({&txn, 1}, now_());
  return std::move(done.front());
}

/// What was thought to be kept may not be: it is read again.
void store_journal::forget() {
  heads_.clear();
  list_.reset();
  known_blobs_.clear();
}

std::vector<result<void>>
store_journal::append(std::span<const actors::run_entries> batches) {
  std::vector<result<void>> all(batches.size());
  std::vector<store_txn> group;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    auto txn = txn_of(batches[i]);
    if (txn) {
      group.push_back(std::move(*txn));
      of.push_back(i);
    } else {
      all[i] = txn.error();
    }
  }
  auto done = store_->commit(group, now_());
  bool is_sure = true;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (done[i].outcome == commit_outcome::unknown)
      done[i] = commit(group[i]);
    if (done[i].outcome == commit_outcome::committed)
      continue;
    is_sure = false;
    all[of[i]] = failed(done[i].why);
  }
  if (!is_sure || group.size() != batches.size())
    forget();
  else
    for (const auto& txn : group)
      for (const auto& op : txn.ops)
        if (const auto* put = std::get_if<actors::put_value>(&op);
            put != nullptr && put->key.starts_with("blob/")
            && known_blobs_.size() < known_blobs_max)
          known_blobs_.insert(put->key.substr(5));
  return all;
}

} // namespace troupe
