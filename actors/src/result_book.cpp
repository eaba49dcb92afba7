#include "troupe/actors/result_book.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::work_part;

namespace {

protocol::id key_of(const std::vector<work_part>& parts) {
  protocol::fingerprint_builder mix;
  for (const auto& it : parts)
    mix.add_value(it);
  return mix.finish();
}

/// What stays of an outcome that is used once more: it costs nothing.
protocol::task_result kept_of(const protocol::task_result& it) {
  protocol::task_result kept;
  kept.output = it.output;
  kept.model = it.model;
  kept.simulated = it.simulated;
  return kept;
}

std::string changes(const std::vector<work_part>& before,
                    const std::vector<work_part>& now) {
  std::string text;
  std::size_t count = 0;
  const auto tell = [&](const std::string& what) {
    if (++count <= 5)
      text += (text.empty() ? "" : "; ") + what;
  };
  const auto in = [](const std::vector<work_part>& parts,
                     const std::string& name) {
    return std::find_if(parts.begin(), parts.end(),
                        [&](const work_part& it) { return it.name == name; });
  };
  for (const auto& it : now) {
    const auto old = in(before, it.name);
    if (old == before.end())
      tell(it.name + " is new");
    else if (old->digest != it.digest)
      tell(it.name + " has changed");
  }
  for (const auto& it : before)
    if (in(now, it.name) == now.end())
      tell(it.name + " is gone");
  if (count > 5)
    text += " and " + std::to_string(count - 5) + " more";
  return text;
}

} // namespace

void result_book::add(protocol::id run,
                      const std::vector<protocol::journal_entry>& past) {
  std::unordered_map<std::string, const protocol::attempt_started*> started;
  for (const auto& entry : past) {
    if (const auto* it = std::get_if<protocol::attempt_started>(&entry.what))
      started[it->task] = it;
    const auto* it = std::get_if<protocol::attempt_ended>(&entry.what);
    if (it == nullptr || it->is_interrupted)
      continue;
    const auto begun = started.find(it->task);
    const auto* parts = &it->made_of;
    if (!it->reused_from && begun != started.end())
      parts = &begun->second->made_of;
    if (parts->empty())
      continue;
    const bool is_new =
        tasks_.try_emplace(it->task, last_time{run, *parts, bool(it->failure)})
            .second;
    if (!is_new && tasks_[it->task].run == run)
      tasks_[it->task] = {run, *parts, bool(it->failure)};
    if (!it->failure)
      results_.try_emplace(key_of(*parts),
                           known_result{it->reused_from ? it->reused_from : run,
                                        kept_of(it->outcome)});
  }
}

void result_book::add_as_told(
    protocol::id run, const std::vector<protocol::journal_entry>& past) {
  std::vector<protocol::journal_entry> reused;
  for (const auto& entry : past) {
    if (const auto* it = std::get_if<protocol::attempt_started>(&entry.what))
      told_.try_emplace(it->task, it->why);
    const auto* it = std::get_if<protocol::attempt_ended>(&entry.what);
    if (it != nullptr && it->reused_from)
      reused.push_back(entry);
  }
  add(run, reused);
}

const result_book::known_result*
result_book::find(const std::vector<work_part>& parts) const {
  const auto found = results_.find(key_of(parts));
  return found == results_.end() ? nullptr : &found->second;
}

std::string result_book::reason(const std::string& task,
                                const std::vector<work_part>& parts) const {
  if (const auto told = told_.find(task); told != told_.end())
    return told->second;
  const auto last = tasks_.find(task);
  if (last == tasks_.end())
    return "no earlier run has done it";
  if (auto what = changes(last->second.parts, parts); !what.empty())
    return what;
  return last->second.has_failed ? "it had failed" : "it had not ended";
}

} // namespace troupe::actors
