#include "report_text.hpp"

#include "printable.hpp"
#include "report_facts.hpp"
#include "task_row.hpp"
#include "text_width.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <unordered_set>

namespace troupe::report {

using protocol::for_people;
using protocol::run_report;
using protocol::run_state;
using protocol::run_summary;
using protocol::task_state;

namespace {

/// Where the figures below the table stand.
constexpr std::size_t figures_indent = 15;
/// More omitted tasks than these are counted and not listed.
constexpr std::ptrdiff_t omitted_rows_max = 10;

std::string task_table(const run_report& report, const run_summary& summary,
                       const page& on) {
  const auto omitted = std::count_if(
      report.tasks.begin(), report.tasks.end(),
      [](const auto& it) { return it.state == task_state::omitted; });
  text_table table{task_columns(has_notes(report))};
  for (const auto& task : report.tasks)
    if (task.state != task_state::omitted || omitted <= omitted_rows_max)
      table.add_row(task_cells(task));
  table.add_row(total_cells(report, summary));
  return table.text(on);
}

/// The id stands on a line of its own where the page is narrow.
std::string title_text(const run_report& report, const run_summary& summary,
                       const page& on) {
  const auto name = "Run of " + printable_line(report.mission) + ": ";
  const auto state = std::string(enum_name(report.state));
  const auto time = " in " + for_people(summary.makespan);
  auto id = "  (id " + to_string(report.run) + ")";
  if (on.columns != 0 && columns_of(name + state + time + id) > on.columns)
    id = "\nid " + to_string(report.run);
  const auto look = report.state == run_state::done ? tone::good : tone::bad;
  return painted(name, tone::strong, on.color) + painted(state, look, on.color)
         + time + id + '\n';
}

std::string facts_text(const run_report& report, const run_summary& summary) {
  std::string text;
  for (const auto& it : report_facts(report, summary))
    text += padded(it.name + ": ", figures_indent) + it.value + '\n';
  return text;
}

std::string failures(const run_report& report, const page& on) {
  std::string text;
  const auto add = [&](const std::string& name,
                       const protocol::error& failure) {
    const auto title = printable_line(name) + ": ";
    const auto all =
        wrapped(title + failure_text(failure, "  "), on.columns, 2);
    text += painted(title, tone::bad, on.color) + all.substr(title.size());
  };
  for (const auto& it : report_failures(report))
    add(it.name, it.why);
  return text.empty() ? text : '\n' + text;
}

} // namespace

std::string report_text(const run_report& report, const run_summary& summary,
                        const page& on) {
  auto text = title_text(report, summary, on);
  if (report.simulated)
    text +=
        painted(wrapped(simulated_text, on.columns, 0), tone::busy, on.color)
        + '\n';
  text += '\n' + task_table(report, summary, on) + '\n'
          + wrapped(facts_text(report, summary), on.columns, figures_indent);
  return text + failures(report, on);
}

std::string report_json(const run_report& report, const run_summary& summary) {
  const boost::json::object line{{"report", protocol::to_json(report)},
                                 {"summary", protocol::to_json(summary)}};
  return boost::json::serialize(line);
}

std::vector<std::size_t> final_tasks(const run_report& report) {
  std::unordered_set<std::string_view> needed;
  for (const auto& task : report.tasks)
    if (task.state == task_state::done) // else nothing was made of its needs
      needed.insert(task.needs.begin(), task.needs.end());
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < report.tasks.size(); ++i)
    if (report.tasks[i].state == task_state::done
        && !needed.contains(report.tasks[i].task))
      found.push_back(i);
  return found;
}

} // namespace troupe::report
