#include "plan_text.hpp"

#include "printable.hpp"
#include "report_text.hpp"
#include "text_table.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace troupe::report {

using actors::mission_plan;
using protocol::for_people;
using protocol::mission;

namespace {

std::string who(const protocol::task_spec& task) {
  return task.agent.empty() ? "(" + task.skill + ")" : task.agent;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "-" : text;
}

std::string task_table(const mission& m, const mission_plan& plan,
                       const page& on) {
  std::unordered_map<std::string_view, std::size_t> wave;
  for (std::size_t i = 0; i < plan.waves.size(); ++i)
    for (const auto& id : plan.waves[i])
      wave.emplace(id, i + 1);
  std::unordered_map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < m.tasks.size(); ++i)
    index.emplace(m.tasks[i].id, i);
  const std::unordered_set<std::string_view> critical(
      plan.critical_path.begin(), plan.critical_path.end());
  text_table table{{{"WAVE", true},
                    {"TASK", false, true},
                    {"AGENT", false, true},
                    {"MODEL", false, true},
                    {"IN", true},
                    {"OUT", true},
                    {"COST", true},
                    {"TIME", true},
                    {"NEEDS", false, true}}};
  for (const auto& id : plan.order) {
    const auto& task = m.tasks[index[id]];
    const auto& guess = plan.estimates[index[id]];
    table.add_row({{std::to_string(wave[id])},
                   {id, critical.contains(id) ? tone::strong : tone::plain},
                   {who(task)},
                   {guess.model.empty() ? "-" : guess.model},
                   {grouped(guess.prompt_tokens)},
                   {grouped(guess.output_tokens)},
                   {for_people(guess.cost)},
                   {for_people(guess.time)},
                   {joined(task.needs)}});
  }
  return table.text(on);
}

/// The inside of a quoted string of the DOT language.
std::string dot_quoted(std::string_view text) {
  std::string out;
  for (const char c : printable_line(text)) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return '"' + out + '"';
}

/// A label of two lines: `\n` between them is DOT's own.
std::string dot_label(std::string_view first, std::string_view second) {
  auto text = dot_quoted(first);
  text.pop_back();
  return text + "\\n" + dot_quoted(second).substr(1);
}

bool has_cascade(const mission& m) {
  return std::any_of(m.tasks.begin(), m.tasks.end(), [&](const auto& task) {
    return (task.models ? *task.models : m.models).cascade.has_value();
  });
}

} // namespace

std::string plan_text(const mission& m, const mission_plan& plan,
                      const page& on) {
  std::uint64_t tokens = 0;
  for (const auto& guess : plan.estimates)
    tokens += guess.prompt_tokens + guess.output_tokens;
  auto text = painted(printable_line(m.name), tone::strong, on.color) + ": "
              + std::to_string(m.tasks.size()) + " tasks in "
              + std::to_string(plan.waves.size()) + " waves, at most "
              + std::to_string(m.concurrency) + " at one time\n\n"
              + task_table(m, plan, on) + '\n';
  text += "Critical path: " + chain_text(plan.critical_path) + " ("
          + for_people(plan.critical_time) + ")\n";
  text += "Estimated:     " + for_people(plan.makespan) + ", " + grouped(tokens)
          + " tokens, " + for_people(plan.cost);
  if (m.budget != protocol::money::max())
    text += " of a budget of " + for_people(m.budget);
  text += "\nEvery task is taken to succeed at its first attempt and to use "
          "60 % of its output limit.\n";
  if (has_cascade(m))
    text += "With a cascade, a task is taken to be done by its own tier at "
            "once.\n";
  return text;
}

std::string plan_json(const mission& m, const mission_plan& plan) {
  boost::json::object tasks;
  for (std::size_t i = 0; i < m.tasks.size(); ++i)
    tasks[m.tasks[i].id] = protocol::to_json(plan.estimates[i]);
  const boost::json::object json{
      {"mission", m.name},
      {"order", protocol::to_json(plan.order)},
      {"waves", protocol::to_json(plan.waves)},
      {"critical_path", protocol::to_json(plan.critical_path)},
      {"critical_time", protocol::to_json(plan.critical_time)},
      {"makespan", protocol::to_json(plan.makespan)},
      {"cost", protocol::to_json(plan.cost)},
      {"estimates", std::move(tasks)}};
  return boost::json::serialize(json);
}

std::string plan_dot(const mission& m, const mission_plan& plan) {
  const std::unordered_set<std::string_view> critical(
      plan.critical_path.begin(), plan.critical_path.end());
  std::map<std::string_view, std::string_view> next_critical;
  for (std::size_t i = 1; i < plan.critical_path.size(); ++i)
    next_critical.emplace(plan.critical_path[i - 1], plan.critical_path[i]);
  std::string text = "digraph " + dot_quoted(m.name) + " {\n"
                     + "  rankdir=LR;\n  node [shape=box];\n";
  for (std::size_t i = 0; i < m.tasks.size(); ++i) {
    const auto& task = m.tasks[i];
    const auto& guess = plan.estimates[i];
    text += "  " + dot_quoted(task.id) + " [label="
            + dot_label(task.id, who(task) + ", " + for_people(guess.time)
                                     + ", " + for_people(guess.cost))
            + (critical.contains(task.id) ? ", penwidth=3" : "") + "];\n";
  }
  for (const auto& task : m.tasks)
    for (const auto& need : task.needs) {
      const auto found = next_critical.find(need);
      const bool bold =
          found != next_critical.end() && found->second == task.id;
      text += "  " + dot_quoted(need) + " -> " + dot_quoted(task.id)
              + (bold ? " [penwidth=3]" : "") + ";\n";
    }
  return text + "}\n";
}

} // namespace troupe::report
