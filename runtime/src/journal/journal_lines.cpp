#include "journal/journal_lines.hpp"

#include <troupe/actors/run_past.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace troupe {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr protocol::json_limits line_limits{line_reader::line_bytes_max, 64,
                                            20'000'000};
constexpr std::size_t key_digits = 64;

/// A call of a tool, under its key.
struct named_effect {
  std::string key;
  kept_effect state;
};
BOOST_DESCRIBE_STRUCT(named_effect, (), (key, state))

template <class T>
std::string line(protocol::id run, const char* kind, const T& it) {
  return json::serialize(
      json::object{{"run", to_string(run)}, {kind, protocol::to_json(it)}});
}

bool is_key(const std::string& text) {
  return text.size() == key_digits
         && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// Calls must be those of tasks and attempts that the run has had.
result<void> check(const whole_run& it) {
  const auto run = to_string(it.entries.run);
  // What a resume would refuse is not taken in.
  if (const auto past = actors::read_past(it.entries.run, it.entries.entries);
      !past)
    return fail(past.error().code, "run " + run + ": " + past.error().detail);
  std::map<std::string, std::uint32_t> attempts;
  for (const auto& entry : it.entries.entries)
    if (const auto* begun = std::get_if<protocol::attempt_started>(&entry.what))
      attempts[begun->task] = std::max(attempts[begun->task], begun->attempt);
  for (const auto& call : it.calls) {
    const auto task = attempts.find(call.task);
    if (task == attempts.end() || call.attempt == 0
        || call.attempt > task->second || call.number == 0)
      return fail(errc::journal_damaged,
                  "run " + run + ": a call of no attempt of task '" + call.task
                      + "'");
  }
  for (const auto& [key, effect] : it.effects) {
    const auto task = effect.step.substr(0, effect.step.rfind('/'));
    if (!attempts.contains(task))
      return fail(errc::journal_damaged, "run " + run
                                             + ": a tool's call of no task: '"
                                             + effect.step + "'");
  }
  return {};
}

} // namespace

std::string line_of(protocol::id run, const protocol::journal_entry& it) {
  return line(run, "entry", it);
}

std::string line_of(protocol::id run, const actors::kept_call& it) {
  return line(run, "call", it);
}

result<void> write_lines(store_journal& from, protocol::id run,
                         const std::function<void(const std::string&)>& to) {
  const auto entries = from.read(run);
  if (!entries)
    return entries.error();
  for (const auto& it : *entries)
    to(line_of(run, it));
  const auto calls = from.calls(run);
  if (!calls)
    return calls.error();
  for (const auto& it : *calls)
    to(line_of(run, it));
  const auto effects = from.effects(run);
  if (!effects)
    return effects.error();
  for (const auto& [key, state] : *effects)
    to(line(run, "effect", named_effect{key, state}));
  return {};
}

result<void> line_reader::add(const std::string& line) {
  const auto parsed = protocol::parse_json(line, line_limits);
  if (!parsed)
    return parsed.error();
  const auto* members = parsed->if_object();
  const auto* run = members == nullptr ? nullptr : members->if_contains("run");
  if (run == nullptr || !run->is_string() || members->size() != 2)
    return fail(errc::malformed_message, "it is no part of a run");
  const auto id = protocol::parse_id(run->get_string());
  if (!id)
    return id.error();
  const auto whole = [&]() -> whole_run& {
    auto& it = runs_[*id];
    it.entries.run = *id;
    return it;
  };
  if (const auto* entry = members->if_contains("entry")) {
    auto it = protocol::from_json<protocol::journal_entry>(*entry);
    if (!it)
      return it.error();
    whole().entries.entries.push_back(std::move(*it));
    return {};
  }
  if (const auto* call = members->if_contains("call")) {
    auto it = protocol::from_json<actors::kept_call>(*call);
    if (!it)
      return it.error();
    whole().calls.push_back(std::move(*it));
    return {};
  }
  const auto* effect = members->if_contains("effect");
  if (effect == nullptr)
    return fail(errc::malformed_message,
                "it has no 'entry', 'call' or 'effect'");
  auto it = protocol::from_json<named_effect>(*effect);
  if (!it)
    return it.error();
  if (!is_key(it->key))
    return fail(errc::malformed_message, "an effect's key has 64 digits");
  whole().effects.insert_or_assign(it->key, std::move(it->state));
  return {};
}

result<std::size_t> line_reader::add_to(store_journal& journal) {
  for (const auto& [id, run] : runs_) {
    if (const auto good = check(run); !good)
      return good.error();
    if (const auto done = journal.add(run); !done)
      return done.error();
  }
  return runs_.size();
}

} // namespace troupe
