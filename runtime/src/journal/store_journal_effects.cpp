// The part of store_journal that keeps what tools do.
#include "journal/digest.hpp"
#include "journal/record_chain.hpp"
#include "journal/store_journal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>

namespace troupe {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::string effects_of(protocol::id run) {
  return "effects/" + to_string(run);
}

std::string key_of(protocol::id run, const std::string& effect) {
  return "effect/" + to_string(run) + '/' + effect;
}

/// Members in order of their names, so that equal values are equal texts.
json::value sorted(const json::value& it) {
  if (const auto* all = it.if_array()) {
    json::array out;
    for (const auto& each : *all)
      out.push_back(sorted(each));
    return out;
  }
  const auto* members = it.if_object();
  if (members == nullptr)
    return it;
  std::vector<std::string_view> names;
  for (const auto& each : *members)
    names.emplace_back(each.key().data(), each.key().size());
  std::sort(names.begin(), names.end());
  json::object out;
  for (const auto name : names)
    out[name] = sorted(members->at(name));
  return out;
}

std::string canonical(const std::string& arguments) {
  const auto parsed = protocol::parse_json(arguments);
  return parsed ? json::serialize(sorted(*parsed)) : arguments;
}

std::string name_of(const actors::begin_effect& what) {
  const auto parts =
      json::array{what.step, what.tool, canonical(what.arguments), what.number};
  return sha256(to_string(what.run) + json::serialize(parts));
}

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

/// An effect's state at a moment, in the chain of its run's effects.
struct effect_mark {
  std::string effect;
  std::string state; ///< SHA-256 of its text.
};
BOOST_DESCRIBE_STRUCT(effect_mark, (), (effect, state))

/// Its mark is for the chain of its run's effects.
std::string put_effect(protocol::id run, const std::string& key,
                       const kept_effect& it, actors::store_txn& to) {
  auto state = json::serialize(protocol::to_json(it));
  auto mark =
      json::serialize(protocol::to_json(effect_mark{key, sha256(state)}));
  to.ops.emplace_back(actors::put_value{key_of(run, key), std::move(state)});
  return mark;
}

} // namespace

result<std::optional<kept_effect>>
store_journal::effect(protocol::id run, const std::string& key) {
  const std::vector<std::string> keys{key_of(run, key)};
  const auto found = store_->get(keys);
  if (!found)
    return failed(found.error());
  if (found->front().revision == 0)
    return std::optional<kept_effect>{};
  const auto read = protocol::parse_json(found->front().value);
  auto it = read ? protocol::from_json<kept_effect>(*read)
                 : result<kept_effect>{read.error()};
  if (!it)
    return fail(errc::journal_damaged,
                "effect " + key + ": " + it.error().detail);
  return std::optional{std::move(*it)};
}

result<void> store_journal::keep(protocol::id run, const std::string& key,
                                 const kept_effect& it) {
  auto chain = chain_at(*store_, effects_of(run));
  if (!chain)
    return chain.error();
  actors::store_txn txn;
  txn.id = ids_.next(now_());
  if (auto good = own(run, txn); !good)
    return good;
  const auto mark = put_effect(run, key, it, txn);
  extend_chain(effects_of(run), run, {mark}, *chain, txn);
  const auto done = commit(txn);
  if (done.outcome == actors::commit_outcome::committed)
    return {};
  (void)is_conflict(txn, done); // one that is another's is lost
  return failed(done.why);
}

result<actors::effect_begun>
store_journal::begin(const actors::begin_effect& what) {
  const auto key = name_of(what);
  auto known = effect(what.run, key);
  if (!known)
    return known.error();
  kept_effect now{what.step, what.tool, now_(), 1, {}, {}};
  if (*known) {
    auto& before = **known;
    if (before.outcome)
      return actors::effect_begun{key, std::move(before.outcome)};
    if (!what.is_idempotent && before.told_by.empty()) {
      auto why =
          fail(errc::effect_unknown, "tool '" + what.tool + "', begun at "
                                         + protocol::to_text(before.begun)
                                         + ", has not answered");
      why.effect = key;
      return why;
    }
    now.times = before.times + 1;
  }
  if (auto kept = keep(what.run, key, now); !kept)
    return kept.error();
  return actors::effect_begun{key, {}};
}

result<void> store_journal::end(const actors::end_effect& what) {
  auto known = effect(what.run, what.key);
  if (!known)
    return known.error();
  if (!*known)
    return fail(errc::invalid_request, "no effect " + what.key);
  (*known)->outcome = what.outcome;
  return keep(what.run, what.key, **known);
}

/// What somebody has said stands from the moment their answer is kept.
result<void> store_journal::add_told_effects(const actors::run_entries& batch,
                                             actors::store_txn& to) {
  std::vector<std::string> marks;
  for (const auto& entry : batch.entries) {
    const auto* said = std::get_if<protocol::approval_given>(&entry.what);
    if (said == nullptr || said->effect.empty() || said->by.empty())
      continue;
    auto known = effect(batch.run, said->effect);
    if (!known)
      return known.error();
    // A run from elsewhere has it as it stood in the end.
    if (!*known || (*known)->outcome || (*known)->begun > entry.at)
      continue;
    auto& it = **known;
    it.told_by = said->by;
    if (said->is_yes)
      it.outcome = protocol::tool_result{{}, said->note, false};
    marks.push_back(put_effect(batch.run, said->effect, it, to));
  }
  if (marks.empty())
    return {};
  auto chain = chain_at(*store_, effects_of(batch.run));
  if (!chain)
    return chain.error();
  extend_chain(effects_of(batch.run), batch.run, marks, *chain, to);
  return {};
}

result<std::map<std::string, kept_effect>>
store_journal::effects(protocol::id run) {
  std::map<std::string, kept_effect> all;
  std::string after;
  const auto prefix = key_of(run, "");
  for (bool is_more = true; is_more;) {
    const auto found = store_->list(prefix, after, parts_page);
    if (!found)
      return failed(found.error());
    is_more = found->size() == parts_page;
    for (const auto& it : *found) {
      after = it.key;
      auto key = it.key.substr(prefix.size());
      auto one = effect(run, key);
      if (!one)
        return one.error();
      if (*one)
        all.emplace(std::move(key), std::move(**one));
    }
  }
  return all;
}

result<void> store_journal::verify_effects(protocol::id run) {
  const auto wrong = [&](const std::string& what) {
    return fail(errc::journal_damaged, "run " + to_string(run) + ", " + what);
  };
  std::map<std::string, std::string> states; // by effect, the last
  const auto take = [&](std::string_view text,
                        const std::string&) -> result<void> {
    const auto mark = from_text<effect_mark>(text, "the mark of an effect");
    if (!mark)
      return mark.error();
    states.insert_or_assign(mark->effect, mark->state);
    return {};
  };
  if (const auto end = follow_chain(*store_, effects_of(run), run, take); !end)
    return fail(end.error().code, "run " + to_string(run)
                                      + ", its effects: " + end.error().detail);
  const auto prefix = key_of(run, "");
  for (const auto& [effect, state] : states) {
    const std::vector<std::string> keys{prefix + effect};
    const auto found = store_->get(keys);
    if (!found)
      return failed(found.error());
    if (sha256(found->front().value) != state)
      return wrong("effect " + effect + " was changed");
  }
  return {};
}

} // namespace troupe
