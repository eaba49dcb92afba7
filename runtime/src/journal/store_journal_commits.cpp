// The part of store_journal that commits, beside other processes.
#include "journal/journal_group.hpp"
#include "journal/record_chain.hpp"

#include <algorithm>

namespace troupe {

using actors::commit_outcome;
using actors::store_txn;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t known_blobs_max = 50'000;

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

protocol::error taken_over(protocol::id run) {
  return fail(errc::journal_failed,
              "run " + to_string(run) + " is another process's now");
}

} // namespace

result<run_head> store_journal::kept_head(protocol::id run) {
  const std::vector<std::string> keys{"run/" + to_string(run)};
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

/// Its value is not empty while texts are removed that nobody names.
result<actors::stored_value> store_journal::sweep_mark() {
  if (sweep_)
    return *sweep_;
  const std::vector<std::string> keys{"sweep"};
  const auto found = store_->get(keys);
  if (!found)
    return failed(found.error());
  sweep_ = found->front();
  known_blobs_.clear(); // they were known under another
  return *sweep_;
}

/// What is committed for a run is so while it is this process's. One that
/// begins is taken.
result<void> store_journal::own(protocol::id run, store_txn& to, bool begins) {
  if (!leases_ || !run)
    return {};
  if (begins)
    if (auto taken = leases_->take(run); !taken)
      return taken;
  const auto token = leases_->token_of(run);
  if (token == 0)
    return taken_over(run);
  to.require.emplace_back(
      actors::require_lease{run_leases::name_of(run), token});
  return {};
}

/// Whether another process was first with what all of them write: made anew
/// it may be committed. A run that is another's is lost instead.
bool store_journal::is_conflict(const store_txn& txn,
                                const actors::commit_result& said) {
  if (said.outcome != commit_outcome::refused
      || said.why.code != errc::version_conflict || !said.failed_requirement
      || !leases_)
    return false;
  const auto& which = txn.require[*said.failed_requirement];
  const auto* held = std::get_if<actors::require_lease>(&which);
  if (held == nullptr)
    return true;
  if (const auto run = protocol::parse_id(held->name.substr(4)))
    leases_->lose(*run);
  return false;
}

actors::commit_result store_journal::commit(const store_txn& txn) {
  auto done = store_->commit({&txn, 1}, now_());
  // Nobody knows: the same id again answers as it was.
  for (int i = 0; i < 3 && done.front().outcome == commit_outcome::unknown; ++i)
    done = store_->commit({&txn, 1}, now_());
  return std::move(done.front());
}

result<void>
store_journal::commit_made(const std::function<result<store_txn>()>& make) {
  result<void> out;
  for (int i = 0; i < tries_max; ++i) {
    const auto txn = make();
    if (!txn)
      return txn.error();
    const auto done = commit(*txn);
    if (done.outcome == commit_outcome::committed)
      return {};
    out = failed(done.why);
    const bool is_over = !is_conflict(*txn, done);
    forget();
    if (is_over)
      break;
  }
  return out;
}

/// What was thought to be kept may not be: it is read again.
void store_journal::forget() {
  heads_.clear();
  list_.reset();
  known_blobs_.clear();
  sweep_.reset();
}

actors::group_kept
store_journal::keep(std::span<const actors::run_entries> batches,
                    std::span<const actors::keep_call> calls) {
  actors::group_kept kept;
  kept.entries.resize(batches.size());
  kept.calls.resize(calls.size());
  std::vector<bool> batch_waits(batches.size(), true);
  std::vector<bool> call_waits(calls.size(), true);
  const auto is_again = [](const group& all, const result<void>& it) {
    return std::find(all.again.begin(), all.again.end(), &it)
           != all.again.end();
  };
  for (int i = 0; i < tries_max; ++i) {
    group all{kept};
    if (i > 0) // texts are put anew, whoever removes others
      sweep_ = actors::stored_value{"sweep", "again", 0};
    for (std::size_t k = 0; k < batches.size(); ++k)
      if (batch_waits[k]) {
        kept.entries[k] = {};
        all.add(txn_of(batches[k]), {&kept.entries[k]});
      }
    add_calls(calls, call_waits, all);
    commit_all(all);
    if (i > 0)
      sweep_.reset();
    if (all.again.empty())
      break;
    for (std::size_t k = 0; k < batches.size(); ++k)
      batch_waits[k] = is_again(all, kept.entries[k]);
    for (std::size_t k = 0; k < calls.size(); ++k)
      call_waits[k] = is_again(all, kept.calls[k]);
  }
  return kept;
}

void store_journal::commit_all(group& all) {
  auto done = store_->commit(all.txns, now_());
  for (std::size_t i = 0; i < all.txns.size(); ++i) {
    if (done[i].outcome == commit_outcome::unknown)
      done[i] = commit(all.txns[i]);
    if (done[i].outcome == commit_outcome::committed)
      continue;
    all.is_whole = false;
    const bool is_again = is_conflict(all.txns[i], done[i]);
    for (auto* told : all.told[i]) {
      *told = failed(done[i].why);
      if (is_again)
        all.again.push_back(told);
    }
  }
  if (!all.is_whole)
    return forget();
  for (const auto& txn : all.txns)
    for (const auto& op : txn.ops)
      if (const auto* put = std::get_if<actors::put_value>(&op);
          put != nullptr && put->key.starts_with("blob/")
          && known_blobs_.size() < known_blobs_max)
        known_blobs_.insert(put->key.substr(5));
}

} // namespace troupe
