// The part of store_journal that reads.
#include "journal/journal_group.hpp"
#include "journal/record_chain.hpp"
#include "journal/store_journal.hpp"

#include <troupe/protocol/json.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t page = 256;
constexpr std::size_t problems_max = 100;

std::string stream_of(protocol::id run) {
  return "run/" + to_string(run);
}

/// Its value does not matter.
constexpr auto open_runs_listed = "open-runs-listed";

bool is_open(const actors::kept_run& it) {
  return it.state == protocol::run_state::running
         || it.state == protocol::run_state::paused;
}

/// Whether what was forgotten had ended as its run did.
bool ends(const run_mark& before, const run_mark& forgotten) {
  return before.is_closed && before.forgotten == protocol::instant{}
         && before.chain == forgotten.chain;
}

} // namespace

result<std::string> store_journal::blob(const std::string& hash) {
  const std::vector<std::string> keys{"blob/" + hash};
  auto found = store_->get(keys);
  if (!found)
    return fail(errc::journal_failed, found.error().detail);
  if (found->front().revision == 0)
    return fail(errc::journal_damaged, "the text " + hash + " is missing");
  return std::move(found->front().value);
}

result<std::vector<protocol::journal_entry>>
store_journal::read(protocol::id run) {
  auto head = kept_head(run);
  if (!head)
    return head.error();
  std::vector<protocol::journal_entry> all;
  std::string before = no_hash;
  for (int i = 0; i < tries_max; ++i) {
    if (auto done = read_on(run, all, before); !done)
      return done.error();
    if (all.empty() && head->chain.records == 0)
      return fail(errc::unknown_run, "no run " + to_string(run));
    if (head->chain == chain_head{all.size(), before})
      return all;
    // Another process may write it: then it has come further.
    auto now = kept_head(run);
    if (!now)
      return now.error();
    if (now->chain == head->chain)
      break;
    head = std::move(now);
  }
  return fail(errc::journal_damaged, "run " + to_string(run) + " has "
                                         + std::to_string(all.size())
                                         + " entries where it had "
                                         + std::to_string(head->chain.records));
}

/// Adds the entries behind those that were read.
result<void> store_journal::read_on(protocol::id run,
                                    std::vector<protocol::journal_entry>& all,
                                    std::string& before) {
  const auto texts = [this](const std::string& hash) {
    return blob(hash);
  };
  for (bool is_more = true; is_more;) {
    const auto records = store_->read(stream_of(run), all.size(), page);
    if (!records)
      return fail(errc::journal_failed, records.error().detail);
    for (const auto& it : *records) {
      auto read = it.sequence == all.size() + 1
                      ? parse_record(before, run, it.record, texts)
                      : fail(errc::journal_damaged, "it is missing");
      if (!read)
        return fail(read.error().code, "run " + to_string(run) + ", entry "
                                           + std::to_string(all.size() + 1)
                                           + ": " + read.error().detail);
      before = std::move(read->hash);
      all.push_back(std::move(read->entry));
    }
    is_more = records->size() == page;
  }
  return {};
}

/// Journals of before there were such keys get them once. A run that ends
/// meanwhile may leave one: whoever reads it next takes it away.
result<void> store_journal::index_open_runs() {
  const std::vector<std::string> keys{open_runs_listed};
  const auto found = store_->get(keys);
  if (!found)
    return fail(errc::journal_failed, found.error().detail);
  if (found->front().revision != 0)
    return {};
  const auto all = runs(std::size_t{1} << 30U);
  if (!all)
    return all.error();
  actors::store_txn puts;
  for (const auto& it : *all)
    if (is_open(it))
      puts.ops.emplace_back(actors::put_value{open_key(it.run), ""});
  actors::store_txn last;
  last.id = ids_.next(now_());
  if (auto done = add_puts(std::move(puts), last); !done)
    return done;
  last.ops.emplace_back(actors::put_value{open_runs_listed, "1"});
  if (const auto done = commit(last);
      done.outcome != actors::commit_outcome::committed)
    return fail(errc::journal_failed, done.why.detail);
  return {};
}

result<std::vector<actors::kept_run>> store_journal::orphans() {
  if (auto done = index_open_runs(); !done)
    return done.error();
  std::vector<actors::kept_run> out; // bounded by the runs that are open
  std::string after;
  for (bool is_more = true; is_more;) {
    const auto found = store_->list("open/", after, page);
    if (!found)
      return fail(errc::journal_failed, found.error().detail);
    for (const auto& it : *found) {
      after = it.key;
      auto orphan = orphan_at(after);
      if (!orphan)
        return orphan.error();
      if (*orphan)
        out.push_back(std::move(**orphan));
    }
    is_more = found->size() == page;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

result<std::optional<actors::kept_run>>
store_journal::orphan_at(const std::string& key) {
  const auto run = protocol::parse_id(key.substr(key.find('/') + 1));
  auto head = run ? kept_head(*run) : result<run_head>{run.error()};
  if (!head)
    return head.error();
  if (head->chain.records == 0 || !is_open(head->run)) {
    actors::store_txn gone;
    gone.id = ids_.next(now_());
    gone.ops.emplace_back(actors::delete_key{key});
    (void)commit(gone); // else the next one finds it
    return std::nullopt;
  }
  const auto is_free = leases_ ? leases_->is_free(*run) : result<bool>{true};
  if (!is_free)
    return is_free.error();
  return *is_free ? std::optional{std::move(head->run)} : std::nullopt;
}

result<std::vector<actors::kept_run>>
store_journal::runs(std::size_t count_max) {
  std::deque<actors::kept_run> last; // bounded by count_max
  std::string after;
  for (bool is_more = true; is_more;) {
    const auto found = store_->list("run/", after, page);
    if (!found)
      return fail(errc::journal_failed, found.error().detail);
    for (const auto& it : *found) {
      after = it.key;
      const auto json = protocol::parse_json(it.value);
      auto head = json ? protocol::from_json<run_head>(*json)
                       : result<run_head>{json.error()};
      if (!head)
        return fail(errc::journal_damaged, it.key + ": " + head.error().detail);
      last.push_front(std::move(head->run));
      if (last.size() > count_max)
        last.pop_back();
    }
    is_more = found->size() == page;
  }
  return std::vector<actors::kept_run>{last.begin(), last.end()};
}

/// What the list of runs tells.
struct store_journal::run_list {
  std::map<protocol::id, run_mark> marks; ///< The last of each run.
  std::set<std::string> heads;            ///< All that it has had.
};

result<store_journal::run_list> store_journal::read_list(journal_findings& to) {
  run_list found;
  found.heads.insert(no_hash);
  const auto take = [&](std::string_view text,
                        const std::string& hash) -> result<void> {
    const auto mark = from_text<run_mark>(text, "the mark of a run");
    if (!mark)
      return mark.error();
    if (mark->forgotten != protocol::instant{}
        && !ends(found.marks[mark->run], *mark))
      to.problems.push_back("run " + to_string(mark->run)
                            + " was forgotten before its end");
    found.marks.insert_or_assign(mark->run, *mark);
    found.heads.insert(hash);
    return {};
  };
  list_.reset();
  const auto chain = follow_chain(*store_, "runs", {}, take);
  if (chain)
    to.head = chain->hash;
  else if (chain.error().code == errc::journal_failed)
    return chain.error();
  else
    to.problems.push_back("the list of runs: " + chain.error().detail);
  return found;
}

result<journal_findings> store_journal::verify(const std::string& head) {
  journal_findings found;
  const auto add = [&](const std::string& problem) {
    if (found.problems.size() < problems_max)
      found.problems.push_back(problem);
  };
  // First the runs, then their list: what others begin meanwhile is in it.
  const auto all = runs(std::size_t{1} << 30U);
  if (!all)
    return all.error();
  auto list = read_list(found);
  if (!list)
    return list.error();
  if (!head.empty() && !list->heads.contains(head))
    add("the list of runs never ended in " + head);
  for (const auto& it : *all) {
    const auto mark = list->marks.find(it.run);
    if (leases_ && mark != list->marks.end()
        && mark->second.forgotten != protocol::instant{})
      if (const auto now = kept_head(it.run); now && now->chain.records == 0)
        continue; // it was forgotten meanwhile
    verify_run(it.run, mark == list->marks.end() ? nullptr : &mark->second,
               found);
    if (mark != list->marks.end())
      list->marks.erase(mark);
  }
  if (const auto steps = health(0); !steps)
    add("the agents' health: " + steps.error().detail);
  for (const auto& [run, mark] : list->marks) {
    if (mark.forgotten != protocol::instant{})
      continue;
    const auto now = leases_ ? kept_head(run) : result<run_head>{run_head{}};
    if (now && now->chain.records == 0)
      add("run " + to_string(run) + " is missing");
  }
  return found;
}

/// `mark`: the last of it in the list of runs; null: there is none.
void store_journal::verify_run(protocol::id run, const run_mark* mark,
                               journal_findings& to) {
  const auto add = [&](const std::string& problem) {
    if (to.problems.size() < problems_max)
      to.problems.push_back(problem);
  };
  ++to.runs;
  const auto entries = read(run);
  if (!entries)
    add(entries.error().detail);
  else
    to.entries += entries->size();
  if (const auto good = verify_effects(run); !good)
    add(good.error().detail);
  if (const auto good = verify_calls(run, to.calls); !good)
    add(good.error().detail);
  if (mark == nullptr)
    return add("run " + to_string(run) + " was not listed when it began");
  if (mark->forgotten != protocol::instant{})
    add("run " + to_string(run) + " was forgotten, and is there");
  const auto head = kept_head(run);
  if (entries && head && mark->is_closed && head->chain != mark->chain)
    add("run " + to_string(run) + " was changed after its end");
}

} // namespace troupe
