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
constexpr std::size_t blob_page = 32; ///< Each may be a megabyte.
constexpr std::size_t deletes_max = 500;
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

/// What is kept besides the list of runs, while it is looked through.
struct store_journal::sweep {
  std::set<std::string> runs;  ///< That are kept.
  std::set<std::string> times; ///< Keys, of missions that have such.
  std::set<std::string> names; ///< Of their texts.
  actors::store_txn deletes;
  forgotten_parts done;
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

result<void> store_journal::drop_run(protocol::id run, const std::string& by) {
  const auto head = head_of(run);
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
    txn.ops.emplace_back(actors::drop_records{name, chain->records});
    txn.ops.emplace_back(actors::delete_key{name});
  }
  const auto done = commit(txn);
  forget();
  if (done.outcome != actors::commit_outcome::committed)
    return failed(done.why);
  return {};
}

result<forgotten_parts>
store_journal::forget_runs(const std::vector<protocol::id>& which,
                           const std::string& by) {
  for (const auto& run : which)
    if (auto done = drop_run(run, by); !done)
      return done.error();
  sweep all;
  all.done.runs = which.size();
  const auto kept = runs(runs_max);
  if (!kept)
    return kept.error();
  for (const auto& it : *kept) {
    all.runs.insert(to_string(it.run));
    all.times.insert(times_key(it.mission));
    if (auto done = gather_names(it.run, all); !done)
      return done.error();
  }
  for (const auto* prefix :
       {"call/", "effect/", "interrupted/", "times/", "blob/"})
    if (auto done = sweep_keys(prefix, all); !done)
      return done.error();
  if (auto done = store_->forget(~std::uint64_t{0} >> 1U, now_()); !done)
    return failed(done.error());
  forget();
  return all.done;
}

result<void> store_journal::gather_names(protocol::id run, sweep& to) {
  const auto stream = "run/" + to_string(run);
  std::uint64_t after = 0;
  for (bool is_more = true; is_more;) {
    const auto records = store_->read(stream, after, page);
    if (!records)
      return failed(records.error());
    is_more = records->size() == page;
    for (const auto& it : *records) {
      after = it.sequence;
      const auto start = std::min(it.record.size(), no_hash.size() + 1);
      if (auto done = gather_names(it.record.substr(start), to); !done)
        return done;
    }
  }
  return {};
}

result<void> store_journal::gather_names(const std::string& text, sweep& to) {
  const auto names = names_in(text);
  to.names.insert(names.begin(), names.end());
  if (!text.starts_with("{\"$blob\":"))
    return {};
  std::string whole; // it is apart itself, and names others
  for (const auto& name : names) {
    auto piece = blob(name);
    if (!piece)
      return piece.error();
    whole += *piece;
  }
  const auto more = names_in(whole);
  to.names.insert(more.begin(), more.end());
  return {};
}

result<void> store_journal::sweep_keys(const std::string& prefix, sweep& all) {
  const bool is_blob = prefix == "blob/";
  const auto count = is_blob ? blob_page : page;
  std::string after;
  for (bool is_more = true; is_more;) {
    const auto found = store_->list(prefix, after, count);
    if (!found)
      return failed(found.error());
    is_more = found->size() == count;
    for (const auto& it : *found) {
      after = it.key;
      const auto name = it.key.substr(prefix.size());
      const bool stays = is_blob ? all.names.contains(name)
                         : prefix == "times/"
                             ? all.times.contains(it.key)
                             : all.runs.contains(name.substr(0, id_chars));
      if (stays && prefix == "call/")
        if (auto done = gather_names(it.value, all); !done)
          return done;
      if (stays)
        continue;
      all.done.texts += is_blob ? 1 : 0;
      all.deletes.ops.emplace_back(actors::delete_key{it.key});
    }
    if (all.deletes.ops.size() + count > deletes_max || !is_more)
      if (auto done = delete_swept(all); !done)
        return done;
  }
  return {};
}

result<void> store_journal::delete_swept(sweep& all) {
  if (all.deletes.ops.empty())
    return {};
  all.deletes.id = ids_.next(now_());
  const auto done = commit(all.deletes);
  all.deletes = {};
  if (done.outcome != actors::commit_outcome::committed)
    return failed(done.why);
  return {};
}

} // namespace troupe
