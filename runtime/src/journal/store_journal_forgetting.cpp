// The part of store_journal that lets go of runs that have ended.
#include "journal/journal_times.hpp"
#include "journal/record_chain.hpp"
#include "journal/store_journal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t page = 256;
constexpr std::size_t blob_page = 32;    ///< Each may be a megabyte.
constexpr std::size_t deletes_max = 500; ///< Each with a requirement.
constexpr std::size_t id_chars = 36;
constexpr std::size_t runs_max = 1'000'000;

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

bool has_ended(const actors::kept_run& it) {
  return it.state != protocol::run_state::running
         && it.state != protocol::run_state::paused;
}

/// The names of texts in a text that was written. A few too many do no harm:
/// what a program wrote may look like one.
std::vector<std::string> names_in(std::string_view text) {
  constexpr std::string_view sign = "{\"$blob\":[";
  std::vector<std::string> names;
  for (auto at = text.find(sign); at != std::string_view::npos;
       at = text.find(sign, at)) {
    at += sign.size();
    while (at + no_hash.size() + 2 <= text.size() && text[at] == '"') {
      names.emplace_back(text.substr(at + 1, no_hash.size()));
      at += no_hash.size() + 2;
      if (at < text.size() && text[at] == ',')
        ++at;
    }
  }
  return names;
}

} // namespace

/// What is kept besides the list of runs, while it is looked through. Others
/// may write meanwhile: whatever was written since it began stays, and who
/// names a text that was there before writes it anew (`add_blobs`).
struct store_journal::sweep {
  store_journal& of;
  std::uint64_t began = 0;       ///< The revision of the mark that says so.
  std::set<std::string> runs{};  ///< That are kept.
  std::set<std::string> times{}; ///< Keys, of missions that have such.
  std::set<std::string> names{}; ///< Of their texts.
  std::vector<actors::stored_value> deletes{}; ///< Without their values.
  forgotten_parts gone{};

  result<void> mark(const std::string& value);
  result<void> gather_names(protocol::id run);
  result<void> gather_names(const std::string& text);
  result<void> sweep_keys(const std::string& prefix);
  result<void> delete_swept();
};

result<std::vector<actors::kept_run>>
store_journal::forgettable(const forget_rule& rule) {
  auto all = runs(runs_max); // newest first
  if (!all)
    return all;
  std::size_t ended = 0;
  std::erase_if(*all, [&](const actors::kept_run& it) {
    return !has_ended(it) || ++ended <= rule.keep || it.changed >= rule.before;
  });
  return all;
}

result<actors::store_txn> store_journal::drop_of(protocol::id run,
                                                 const std::string& by) {
  const auto head = kept_head(run);
  if (!head)
    return head.error();
  if (head->chain.records == 0)
    return fail(errc::unknown_run, "no run " + to_string(run));
  if (!has_ended(head->run))
    return fail(errc::invalid_request,
                "run " + to_string(run) + " has not ended");
  auto list = list_head();
  if (!list)
    return list.error();
  actors::store_txn txn;
  txn.id = ids_.next(now_());
  run_mark mark{run, head->chain, true, now_(), by};
  extend_chain("runs", {}, {text_of(mark)}, *list, txn);
  for (const std::string kind : {"run/", "effects/", "calls/"}) {
    const auto name = kind + to_string(run);
    const auto chain = kind == "run/" ? result<chain_head>{head->chain}
                                      : chain_at(*store_, name);
    if (!chain)
      return chain.error();
    txn.require.emplace_back(actors::require_last{name, chain->records});
    txn.ops.emplace_back(actors::drop_records{name, chain->records});
    txn.ops.emplace_back(actors::delete_key{name});
  }
  return txn;
}

result<forgotten_parts>
store_journal::forget_runs(const std::vector<protocol::id>& which,
                           const std::string& by) {
  for (const auto& run : which) {
    const auto done = commit_made([&] { return drop_of(run, by); });
    forget();
    if (!done)
      return done.error();
  }
  sweep all{*this};
  all.gone.runs = which.size();
  if (auto done = all.mark("on"); !done)
    return done.error();
  const auto kept = runs(runs_max);
  if (!kept)
    return kept.error();
  for (const auto& it : *kept) {
    all.runs.insert(to_string(it.run));
    all.times.insert(times_key(it.mission));
    if (auto done = all.gather_names(it.run); !done)
      return done.error();
  }
  for (const auto* prefix :
       {"call/", "effect/", "interrupted/", "times/", "blob/"})
    if (auto done = all.sweep_keys(prefix); !done)
      return done.error();
  if (auto done = all.mark(""); !done)
    return done.error();
  // Ids of the last hour stay: others may ask what became of a commit.
  const auto before = leases_ ? now_() - std::chrono::hours{1} : now_();
  if (auto done = store_->forget(~std::uint64_t{0} >> 1U, before); !done)
    return failed(done.error());
  forget();
  return all.gone;
}

/// Only who has begun it last may go on with it.
result<void> store_journal::sweep::mark(const std::string& value) {
  const auto done = of.commit_made([&]() -> result<actors::store_txn> {
    of.sweep_.reset();
    const auto before = of.sweep_mark();
    if (!before)
      return before.error();
    if (began != 0 && before->revision != began)
      return fail(errc::journal_failed, "another process forgets runs, too");
    actors::store_txn txn;
    txn.id = of.ids_.next(of.now_());
    txn.require.emplace_back(
        actors::require_revision{before->key, before->revision});
    txn.ops.emplace_back(actors::put_value{before->key, value});
    return txn;
  });
  of.sweep_.reset();
  if (!done)
    return done;
  const auto now = of.sweep_mark();
  if (!now)
    return now.error();
  began = now->revision;
  return {};
}

result<void> store_journal::sweep::gather_names(protocol::id run) {
  const auto stream = "run/" + to_string(run);
  std::uint64_t after = 0;
  for (bool is_more = true; is_more;) {
    const auto records = of.store_->read(stream, after, page);
    if (!records)
      return failed(records.error());
    is_more = records->size() == page;
    for (const auto& it : *records) {
      after = it.sequence;
      const auto start = std::min(it.record.size(), no_hash.size() + 1);
      if (auto done = gather_names(it.record.substr(start)); !done)
        return done;
    }
  }
  return {};
}

result<void> store_journal::sweep::gather_names(const std::string& text) {
  const auto found = names_in(text);
  names.insert(found.begin(), found.end());
  if (!text.starts_with("{\"$blob\":"))
    return {};
  std::string whole; // it is apart itself, and names others
  for (const auto& name : found) {
    auto piece = of.blob(name);
    if (!piece)
      return piece.error();
    whole += *piece;
  }
  const auto more = names_in(whole);
  names.insert(more.begin(), more.end());
  return {};
}

result<void> store_journal::sweep::sweep_keys(const std::string& prefix) {
  const bool is_blob = prefix == "blob/";
  const auto count = is_blob ? blob_page : page;
  std::string after;
  for (bool is_more = true; is_more;) {
    const auto found = of.store_->list(prefix, after, count);
    if (!found)
      return failed(found.error());
    is_more = found->size() == count;
    for (const auto& it : *found) {
      after = it.key;
      const auto name = it.key.substr(prefix.size());
      const bool stays =
          it.revision > began
          || (is_blob              ? names.contains(name)
              : prefix == "times/" ? times.contains(it.key)
                                   : runs.contains(name.substr(0, id_chars)));
      if (stays && prefix == "call/")
        if (auto good = gather_names(it.value); !good)
          return good;
      if (!stays)
        deletes.push_back({it.key, {}, it.revision});
    }
    if (deletes.size() + count > deletes_max || !is_more)
      if (auto good = delete_swept(); !good)
        return good;
  }
  return {};
}

/// What was written anew meanwhile stays.
result<void> store_journal::sweep::delete_swept() {
  if (deletes.empty())
    return {};
  const auto deleted = of.commit_made([&]() -> result<actors::store_txn> {
    std::vector<std::string> keys;
    for (const auto& it : deletes)
      keys.push_back(it.key);
    const auto now = of.store_->get(keys);
    if (!now)
      return failed(now.error());
    std::erase_if(deletes, [&](const actors::stored_value& it) {
      const auto at = std::find(keys.begin(), keys.end(), it.key);
      const auto& found = (*now)[static_cast<std::size_t>(at - keys.begin())];
      return found.revision != it.revision;
    });
    actors::store_txn txn;
    txn.id = of.ids_.next(of.now_());
    txn.require.emplace_back(actors::require_revision{"sweep", began});
    for (const auto& it : deletes) {
      txn.require.emplace_back(actors::require_revision{it.key, it.revision});
      txn.ops.emplace_back(actors::delete_key{it.key});
    }
    return txn;
  });
  if (deleted)
    gone.texts += static_cast<std::uint64_t>(
        std::count_if(deletes.begin(), deletes.end(), [](const auto& it) {
          return it.key.starts_with("blob/");
        }));
  deletes.clear();
  return deleted;
}

} // namespace troupe
