#include "state_rules.hpp"

#include <troupe/protocol/json.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::state_operation;
using protocol::taint;

namespace {

constexpr std::size_t key_bytes_max = 256;
constexpr std::chrono::days ttl_max{3650};

protocol::error conflict(const protocol::state_write& it,
                         std::uint64_t version) {
  const auto is = version == 0 ? "does not exist"
                               : "is at version " + std::to_string(version);
  const auto wanted =
      *it.expected == 0
          ? std::string{"it was not expected to exist"}
          : "version " + std::to_string(*it.expected) + " was expected";
  return fail(errc::version_conflict,
              "key '" + it.key + "' " + is + ", " + wanted);
}

} // namespace

protocol::result<void> check_state_key(std::string_view key, bool is_prefix) {
  const auto is_control = [](unsigned char c) {
    return c < 0x20 || c == 0x7F;
  };
  if ((key.empty() && !is_prefix) || key.size() > key_bytes_max
      || std::any_of(key.begin(), key.end(), is_control))
    return fail(errc::invalid_request,
                "a key is 1 to 256 bytes without control characters");
  return {};
}

// A store that has lost its state starts one revision higher: nobody who holds
// the old state may take the new one for its continuation.
state_rules::state_rules(const state_limits& limits, update_sealer seal,
                         std::uint64_t revision)
    : limits_(limits), seal_(std::move(seal)),
      table_(limits, revision == 0 ? 0 : revision + 1),
      log_(limits.log_commits, limits.log_bytes,
           revision == 0 ? 0 : revision + 1),
      followers_(limits, table_, log_, seal_), reads_(limits, table_, log_),
      turn_(limits.turn_bytes) {}

protocol::result<void>
state_rules::check(const protocol::state_write& it) const {
  if (auto good = check_state_key(it.key); !good)
    return good;
  if (it.operation == state_operation::check && !it.expected)
    return fail(errc::invalid_request,
                "key '" + it.key + "': 'check' needs 'expected'");
  if (it.operation != state_operation::put) {
    if (!it.value.empty() || it.ttl != protocol::duration{0})
      return fail(errc::invalid_request,
                  "key '" + it.key + "': only 'put' has a value and a ttl");
    return {};
  }
  if (it.ttl < protocol::duration{0} || it.ttl > ttl_max)
    return fail(errc::invalid_request,
                "key '" + it.key + "': the ttl is at most 3,650 days");
  if (it.value.size() > limits_.value_bytes)
    return fail(errc::limit_exceeded, "key '" + it.key + "': a value has "
                                          + std::to_string(limits_.value_bytes)
                                          + " bytes at most");
  if (auto json = protocol::parse_json(it.value); !json)
    return fail(errc::invalid_request,
                "key '" + it.key + "': the value is " + json.error().detail);
  return {};
}

protocol::result<void>
state_rules::check(const protocol::write_state& body) const {
  if (body.changes.empty())
    return fail(errc::invalid_request, "a transaction has at least one change");
  if (body.changes.size() > limits_.changes)
    return fail(errc::limit_exceeded, "a transaction has "
                                          + std::to_string(limits_.changes)
                                          + " changes at most");
  std::size_t bytes = 0;
  std::vector<std::string_view> keys;
  for (const auto& it : body.changes) {
    bytes += state_cost(it.key, it.value);
    keys.push_back(it.key);
  }
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end())
    return fail(errc::invalid_request,
                "key '" + std::string(*twice) + "' occurs twice");
  if (bytes > limits_.change_bytes)
    return fail(errc::limit_exceeded, "a transaction has "
                                          + std::to_string(limits_.change_bytes)
                                          + " bytes at most");
  for (const auto& it : body.changes)
    if (auto good = check(it); !good)
      return good;
  return {};
}

protocol::result<protocol::state_commit>
state_rules::plan(const protocol::request<protocol::write_state>& ask,
                  protocol::state_written& answer) const {
  using kind = protocol::state_change_kind;
  protocol::state_commit out{log_.last() + 1, now_, {}};
  out.changes.reserve(ask.body.changes.size());
  for (const auto& it : ask.body.changes) {
    const auto [now, next] = table_.find(it.key);
    const auto version = now == nullptr ? 0 : now->number;
    if (it.expected && *it.expected != version)
      return conflict(it, version);
    if (it.operation == state_operation::check
        || (it.operation == state_operation::remove && now == nullptr)) {
      answer.versions.push_back(version);
      continue;
    }
    auto& change = out.changes.emplace_back();
    change.key = it.key;
    change.version = next;
    change.content = ask.head.content;
    if (it.operation == state_operation::remove) {
      change.kind = kind::deleted;
    } else {
      change.kind = now == nullptr ? kind::created : kind::changed;
      change.value = it.value;
      if (it.ttl != protocol::duration{0})
        change.expires = now_ + it.ttl;
    }
    answer.versions.push_back(change.version);
  }
  return out;
}

protocol::result<protocol::state_written>
state_rules::write(const protocol::request<protocol::write_state>& ask,
                   protocol::instant now, std::uint64_t asker) {
  count_call(now);
  if (auto good = check(ask.body); !good)
    return good.error();
  protocol::state_written answer;
  auto planned = plan(ask, answer);
  if (!planned)
    return planned.error();
  if (!planned->changes.empty()) {
    if (auto fits = table_.check_room(*planned); !fits)
      return fits.error();
    protocol::state_update update;
    update.head.conversation = ask.head.conversation;
    update.head.trace = ask.head.trace;
    update.head.content = ask.head.content;
    update.body = std::move(*planned);
    commit(std::move(update));
    reads_.see_write(asker);
  }
  answer.revision = log_.last();
  return answer;
}

void state_rules::commit(protocol::state_update update) {
  table_.apply(update.body);
  const auto sealed = seal_(std::move(update));
  if (note_)
    note_(sealed);
  log_.push(sealed);
  while (const auto old = log_.pop_excess())
    table_.forget_before((*old)->get().body);
  followers_.on_commit();
}

void state_rules::put_back(std::uint64_t revision,
                           std::vector<protocol::state_entry> entries) {
  table_ = state_table{limits_, revision};
  for (auto& it : entries) {
    protocol::state_commit one{it.revision, {}, {}};
    one.changes.push_back({std::move(it.key), it.version,
                           protocol::state_change_kind::created,
                           std::move(it.value), it.content, it.expires});
    table_.apply(one);
  }
}

void state_rules::restore(kept_state from) {
  put_back(from.revision, std::move(from.entries));
  log_ = commit_log{limits_.log_commits, limits_.log_bytes,
                    from.revision - from.commits.size()};
  if (!from.commits.empty())
    now_ = from.commits.back().body.at; // time does not go back
  for (auto& it : from.commits)
    log_.push(seal_(std::move(it)));
  while (log_.pop_excess()) {
  }
}

protocol::result<void> state_rules::take(protocol::state_update update,
                                         protocol::instant now) {
  if (update.body.revision != log_.last() + 1 || update.body.changes.empty())
    return fail(errc::invalid_request,
                "revision " + std::to_string(log_.last() + 1) + " is next, not "
                    + std::to_string(update.body.revision));
  commit(std::move(update));
  count_call(now);
  return {};
}

void state_rules::take(std::uint64_t revision,
                       std::vector<protocol::state_entry> entries,
                       protocol::instant now) {
  put_back(revision, std::move(entries));
  log_ = commit_log{limits_.log_commits, limits_.log_bytes, revision};
  followers_.fall_behind();
  count_call(now);
}

void state_rules::expire(protocol::instant now) {
  now_ = std::max(now_, now);
  while (!is_replica_) {
    const auto keys = table_.due(now_, limits_.changes);
    if (keys.empty())
      return;
    protocol::state_update update;
    update.body = {log_.last() + 1, now_, {}};
    for (const auto& key : keys) {
      auto& change = update.body.changes.emplace_back();
      change.key = key;
      change.version = table_.find(key).next;
      change.kind = protocol::state_change_kind::expired;
    }
    commit(std::move(update));
  }
}

protocol::result<void> state_rules::reached(std::uint64_t at_least) const {
  if (at_least > log_.last())
    return fail(errc::invalid_request,
                "the store is at revision " + std::to_string(log_.last())
                    + ", 'at_least' is " + std::to_string(at_least));
  return {};
}

protocol::result<protocol::state_value>
state_rules::read(const protocol::read_state& ask, protocol::instant now) {
  count_call(now);
  if (auto good = check_state_key(ask.key); !good)
    return good.error();
  if (auto good = reached(ask.at_least); !good)
    return good.error();
  protocol::state_value answer{log_.last(), std::nullopt};
  if (const auto* it = table_.find(ask.key).now)
    answer.entry = protocol::state_entry{ask.key,   it->number,  it->revision,
                                         it->value, it->content, it->expires};
  return answer;
}

protocol::result<std::size_t>
state_rules::subscribe(const protocol::subscribe_state& ask, protocol::id name,
                       std::uint64_t owner, protocol::instant now) {
  expire(now);
  if (auto good = check_state_key(ask.key, ask.is_prefix); !good)
    return good.error();
  auto slot = followers_.add(ask, name, owner);
  if (slot)
    work();
  return slot;
}

state_figures state_rules::figures() const {
  state_figures out;
  out.revision = log_.last();
  out.log_commits = log_.size();
  out.log_bytes = log_.bytes();
  table_.count(out);
  followers_.count(out);
  out.reads = reads_.size();
  return out;
}

} // namespace troupe::actors
