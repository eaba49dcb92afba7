// The part of store_journal that keeps the calls of models.
#include "journal/digest.hpp"
#include "journal/journal_group.hpp"
#include "journal/record_chain.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace troupe {

namespace json = boost::json;
using actors::kept_call;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::string calls_of(protocol::id run) {
  return "calls/" + to_string(run);
}

/// Of equal length, so that keys are in order of the numbers.
std::string padded(std::uint32_t number) {
  auto digits = std::to_string(number);
  return std::string(10 - digits.size(), '0') + digits;
}

std::string keys_of(protocol::id run) {
  return "call/" + to_string(run) + '/';
}

/// Names may have any length and letters: their hash has not.
std::string keys_of(protocol::id run, const std::string& task,
                    const std::string& agent, std::uint32_t depth,
                    protocol::id thread) {
  auto who = json::array{task, agent, depth};
  if (thread)
    who.emplace_back(to_string(thread));
  return keys_of(run) + sha256(json::serialize(who)) + '/';
}

std::string key_of(protocol::id run, const kept_call& it) {
  return keys_of(run, it.task, it.agent, it.depth, it.thread)
         + padded(it.attempt) + '/' + padded(it.number) + '/'
         + to_string(it.call);
}

std::string interruption_key(protocol::id run, const std::string& task) {
  return "interrupted/" + to_string(run) + '/' + task;
}

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

/// What its conversation was does not speak against it.
bool is_broken_off(const protocol::attempt_ended& it) {
  return it.is_interrupted
         || (it.failure && it.failure->code == errc::effect_unknown);
}

/// A call that was kept, in the chain of its run's calls.
struct call_mark {
  std::string call;  ///< The end of its key.
  std::string state; ///< SHA-256 of its text.
};
BOOST_DESCRIBE_STRUCT(call_mark, (), (call, state))

} // namespace

result<actors::store_txn>
store_journal::txn_of(protocol::id run,
                      const std::vector<const kept_call*>& calls) {
  auto chain = chain_at(*store_, calls_of(run));
  if (!chain)
    return chain.error();
  actors::store_txn txn;
  txn.id = ids_.next(now_());
  if (auto good = own(run, txn); !good)
    return good.error();
  blobs apart;
  std::vector<std::string> marks;
  for (const auto* it : calls) {
    auto text = write_text(protocol::to_json(*it), apart);
    auto key = key_of(run, *it);
    marks.push_back(json::serialize(protocol::to_json(
        call_mark{key.substr(keys_of(run).size()), sha256(text)})));
    txn.ops.emplace_back(actors::put_value{std::move(key), std::move(text)});
  }
  if (auto done = add_blobs(apart, txn); !done)
    return done.error();
  extend_chain(calls_of(run), run, marks, *chain, txn);
  return txn;
}

void store_journal::add_calls(std::span<const actors::keep_call> calls,
                              const std::vector<bool>& waits, group& to) {
  std::map<protocol::id, std::vector<std::size_t>> by_run;
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (waits[i]) {
      to.kept.calls[i] = {};
      by_run[calls[i].run].push_back(i);
    }
  for (const auto& [run, of] : by_run) {
    std::vector<const kept_call*> them;
    std::vector<result<void>*> told;
    for (const auto i : of) {
      them.push_back(&calls[i].what);
      told.push_back(&to.kept.calls[i]);
    }
    to.add(txn_of(run, them), std::move(told));
  }
}

result<interruption> store_journal::interruptions(protocol::id run,
                                                  const std::string& task) {
  const std::vector<std::string> keys{interruption_key(run, task)};
  const auto found = store_->get(keys);
  if (!found)
    return failed(found.error());
  if (found->front().revision == 0)
    return interruption{};
  const auto read = protocol::parse_json(found->front().value);
  auto it = read ? protocol::from_json<interruption>(*read)
                 : result<interruption>{read.error()};
  if (!it)
    return fail(errc::journal_damaged, keys.front() + ": " + it.error().detail);
  return it;
}

result<void> store_journal::add_interruptions(const actors::run_entries& batch,
                                              actors::store_txn& to) {
  std::map<std::string, interruption> tasks;
  for (const auto& entry : batch.entries) {
    const auto* end = std::get_if<protocol::attempt_ended>(&entry.what);
    if (end == nullptr || !is_broken_off(*end))
      continue;
    auto found = tasks.find(end->task);
    if (found == tasks.end()) {
      auto known = interruptions(batch.run, end->task);
      if (!known)
        return known.error();
      found = tasks.emplace(end->task, *known).first;
    }
    auto& it = found->second;
    if (it.last != end->attempt && it.last + 1 != end->attempt)
      it.first = end->attempt;
    it.last = end->attempt;
  }
  actors::store_txn puts;
  for (const auto& [task, it] : tasks)
    puts.ops.emplace_back(
        actors::put_value{interruption_key(batch.run, task),
                          json::serialize(protocol::to_json(it))});
  return add_puts(std::move(puts), to);
}

result<kept_call> store_journal::read_call(const std::string& text) {
  auto body =
      read_text(text, [this](const std::string& hash) { return blob(hash); });
  if (!body)
    return body.error();
  auto it = protocol::from_json<kept_call>(*body);
  if (!it)
    return fail(errc::journal_damaged, it.error().detail);
  return it;
}

result<std::vector<kept_call>>
store_journal::calls_behind(const std::string& prefix, std::string after) {
  std::vector<kept_call> all;
  for (bool is_more = true; is_more;) {
    const auto found = store_->list(prefix, after, parts_page);
    if (!found)
      return failed(found.error());
    is_more = found->size() == parts_page;
    for (const auto& it : *found) {
      after = it.key;
      auto one = read_call(it.value);
      if (!one)
        return fail(one.error().code, it.key + ": " + one.error().detail);
      all.push_back(std::move(*one));
    }
  }
  return all;
}

result<std::vector<kept_call>> store_journal::calls(protocol::id run) {
  return calls_behind(keys_of(run), {});
}

result<std::vector<kept_call>>
store_journal::calls_before(const actors::read_calls& what) {
  const auto broken = interruptions(what.run, what.task);
  if (!broken)
    return broken.error();
  std::vector<kept_call> talk;
  if (broken->last == 0 || broken->last + 1 != what.attempt)
    return talk; // the attempt before it has ended by itself
  const auto prefix =
      keys_of(what.run, what.task, what.agent, what.depth, what.thread);
  auto all = calls_behind(prefix, prefix + padded(broken->first));
  if (!all)
    return all.error();
  for (auto& it : *all) {
    if (it.attempt >= what.attempt)
      break;
    if (it.number == 1)
      talk.clear(); // an attempt that went on with nothing
    if (it.number != talk.size() + 1)
      return fail(errc::journal_damaged, "run " + to_string(what.run)
                                             + ", task '" + what.task
                                             + "': a call is missing");
    talk.push_back(std::move(it));
  }
  return talk;
}

result<void> store_journal::verify_calls(protocol::id run,
                                         std::uint64_t& count) {
  const auto wrong = [&](const std::string& what) {
    return fail(errc::journal_damaged, "run " + to_string(run) + ", " + what);
  };
  std::set<std::string> marked;
  const auto take = [&](std::string_view text,
                        const std::string&) -> result<void> {
    const auto mark = from_text<call_mark>(text, "the mark of a call");
    if (!mark)
      return mark.error();
    const std::vector<std::string> keys{keys_of(run) + mark->call};
    const auto found = store_->get(keys);
    if (!found)
      return failed(found.error());
    if (sha256(found->front().value) != mark->state)
      return fail(errc::journal_damaged, "call " + mark->call + " was changed");
    marked.insert(mark->call);
    return {};
  };
  if (const auto end = follow_chain(*store_, calls_of(run), run, take); !end)
    return fail(end.error().code,
                "run " + to_string(run) + ", its calls: " + end.error().detail);
  const auto all = calls(run);
  if (!all)
    return wrong(all.error().detail);
  count += all->size();
  if (all->size() != marked.size())
    return wrong("there are calls that were not kept");
  return {};
}

} // namespace troupe
