// What a mission's first lines say, held against what became of it.
#include "support/runtime/mission_cases.hpp"

#include <algorithm>
#include <optional>

namespace troupe::test {

namespace {

using protocol::event_kind;
using protocol::task_record;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string code_of(const std::optional<protocol::error>& failure) {
  return failure ? std::string{to_string(failure->code)} : "none";
}

std::string names_of(const std::vector<protocol::shortage_step>& steps) {
  std::string text;
  for (const auto it : steps)
    text += std::string{protocol::enum_name(it)} + " ";
  return text.empty() ? "none" : text;
}

const task_record* find(const mission_outcome& outcome,
                        const std::string& task) {
  const auto& all = outcome.report.tasks;
  const auto found =
      std::find_if(all.begin(), all.end(),
                   [&](const task_record& it) { return it.task == task; });
  return found == all.end() ? nullptr : &*found;
}

/// Of those tasks, in which order they were begun for the first time.
std::string order_of(const mission_outcome& outcome, const std::string& names) {
  std::string text;
  for (const auto& it : outcome.events)
    if (it.kind == event_kind::task_started && it.attempt == 1
        && contains(" " + names + " ", " " + it.task + " "))
      text += (text.empty() ? "" : " ") + it.task;
  return text;
}

/// The most tasks of an agent that ran at one time.
std::string most_at_once(const mission_outcome& outcome,
                         const std::string& agent) {
  std::size_t running = 0;
  std::size_t most = 0;
  for (const auto& it : outcome.events) {
    if (it.agent != agent)
      continue;
    if (it.kind == event_kind::task_started)
      most = std::max(most, ++running);
    else if (running != 0
             && (it.kind == event_kind::task_done
                 || it.kind == event_kind::task_failed
                 || it.kind == event_kind::task_cancelled
                 || it.kind == event_kind::attempt_failed))
      --running;
  }
  return std::to_string(most);
}

std::string calls_of(const mission_outcome& outcome) {
  std::uint32_t calls = 0;
  for (const auto& it : outcome.report.tasks)
    calls += it.model_calls;
  return std::to_string(calls);
}

std::size_t count_omitted(const mission_outcome& outcome) {
  const auto& all = outcome.report.tasks;
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const task_record& it) {
        return it.state == protocol::task_state::omitted;
      }));
}

/// What a line is held against, and whether it must be equal or contained.
struct finding {
  std::string found;
  bool holds = false;
};

finding same(std::string found, const std::string& wanted) {
  const bool holds = found == wanted;
  return {std::move(found), holds};
}

finding part(std::string found, const std::string& wanted) {
  const bool holds = contains(found, wanted);
  return {std::move(found), holds};
}

std::string text_of(std::uint32_t number) {
  return std::to_string(number);
}

/// What a report says of a task; null: the key is not about tasks.
std::optional<std::string> task_fact(const std::string& key,
                                     const task_record& it) {
  if (key == "task")
    return std::string{protocol::enum_name(it.state)};
  if (key == "output" || key == "lacks")
    return it.output;
  if (key == "error")
    return code_of(it.failure);
  if (key == "says")
    return it.failure ? it.failure->detail : std::string{};
  if (key == "attempts")
    return text_of(it.attempts);
  if (key == "interrupted")
    return text_of(it.interrupted);
  if (key == "calls")
    return text_of(it.model_calls);
  if (key == "model")
    return it.model;
  if (key == "simulated")
    return std::string{it.simulated ? "yes" : "no"};
  if (key == "decided")
    return it.decided;
  if (key == "degraded")
    return names_of(it.degraded);
  if (key == "why")
    return it.why;
  return std::nullopt;
}

finding task_finding(const std::string& found, const mission_line& line) {
  if (line.key == "lacks")
    return {found, !contains(found, line.value)};
  for (const auto* key : {"output", "says", "degraded", "why"})
    if (line.key == key)
      return part(found, line.value);
  return same(found, line.value);
}

finding run_finding(const mission_outcome& outcome, const mission_line& line) {
  const auto& report = outcome.report;
  if (line.key == "state")
    return same(outcome.state, line.value);
  if (line.key == "failure")
    return same(code_of(report.failure), line.value);
  if (line.key == "calls")
    return same(calls_of(outcome), line.value);
  if (line.key == "spent")
    return same(report.cost > protocol::money{} ? "some" : "0", line.value);
  if (line.key == "resumed")
    return same(std::to_string(report.resumed), line.value);
  if (line.key == "reused")
    return same(std::to_string(report.reused), line.value);
  if (line.key == "omitted")
    return same(std::to_string(count_omitted(outcome)), line.value);
  if (line.key == "order")
    return same(order_of(outcome, line.value), line.value);
  if (line.key == "at-once")
    return same(most_at_once(outcome, line.what), line.value);
  if (line.key == "problem") {
    std::string all;
    for (const auto& it : outcome.problems)
      all += it + "\n";
    return part(std::move(all), line.value);
  }
  return {{}, true}; // it says how the mission is run
}

finding finding_of(const mission_outcome& outcome, const mission_line& line) {
  if (line.what.empty() || !task_fact(line.key, {}))
    return run_finding(outcome, line);
  const auto* task = find(outcome, line.what);
  return task == nullptr ? finding{"no such task", false}
                         : task_finding(*task_fact(line.key, *task), line);
}

} // namespace

std::string faults_of(const mission_case& it, const mission_outcome& outcome) {
  std::string all = it.faults;
  for (const auto& line : it.lines) {
    const auto found = finding_of(outcome, line);
    if (!found.holds)
      all += line.key + (line.what.empty() ? "" : " ") + line.what + ": "
             + line.value + ", but it is: " + found.found + "\n";
  }
  const bool may_have_problems = it.find("problem") != nullptr;
  if (all.empty() && (may_have_problems || outcome.problems.empty()))
    return all;
  for (const auto& problem : outcome.problems)
    all += "problem: " + problem + "\n";
  for (const auto& task : outcome.report.tasks)
    if (task.failure)
      all += task.task + ": " + code_of(task.failure) + ": "
             + task.failure->detail + "\n";
  return all;
}

} // namespace troupe::test
