#include "task_row.hpp"

#include "report_facts.hpp"
#include "report_text.hpp"

#include <algorithm>

namespace troupe::report {

using protocol::duration;
using protocol::for_people;
using protocol::instant;
using protocol::run_report;
using protocol::task_record;

namespace {

text_table::cell figure(std::uint64_t value) {
  return value == 0 ? text_table::cell{"-", tone::faint}
                    : text_table::cell{grouped(value)};
}

text_table::cell figure(duration value) {
  return value == duration{} ? text_table::cell{"-", tone::faint}
                             : text_table::cell{for_people(value)};
}

text_table::cell figure(protocol::money value) {
  return value == protocol::money{} ? text_table::cell{"-", tone::faint}
                                    : text_table::cell{for_people(value)};
}

} // namespace

duration time_of(const task_record& task) noexcept {
  return task.started == instant{} || task.finished < task.started
             ? duration{}
             : task.finished - task.started;
}

std::vector<text_table::column> task_columns(bool notes) {
  std::vector<text_table::column> columns{{"TASK", false, true},
                                          {"STATE"},
                                          {"AGENT", false, true, 3},
                                          {"MODEL", false, true, 8},
                                          {"TRIES", true, false, 4},
                                          {"IN", true, false, 5},
                                          {"OUT", true, false, 6},
                                          {"EST. COST", true, false, 1},
                                          {"COST", true},
                                          {"EST. TIME", true, false, 2},
                                          {"TIME", true}};
  if (notes)
    columns.push_back({"NOTE", false, true, 7});
  return columns;
}

std::string heading_of(const text_table::column& column) {
  auto text = column.title;
  for (std::size_t i = 1; i < text.size(); ++i)
    if (text[i] >= 'A' && text[i] <= 'Z')
      text[i] = static_cast<char>(text[i] - 'A' + 'a');
  return text;
}

std::vector<text_table::cell> task_cells(const task_record& task) {
  return {{task.task},
          {std::string(enum_name(task.state)), tone_of(task.state)},
          {task.agent},
          {task.model.empty() ? "-" : task.model},
          figure(task.attempts),
          figure(task.used.prompt()),
          figure(task.used.output),
          figure(task.estimate.cost),
          figure(task.cost),
          figure(task.estimate.time),
          figure(time_of(task)),
          {task_note(task), tone::faint}};
}

std::vector<text_table::cell>
total_cells(const run_report& report, const protocol::run_summary& summary) {
  std::uint64_t attempts = 0;
  protocol::money estimated;
  duration time{};
  for (const auto& task : report.tasks) {
    attempts += task.attempts;
    estimated += task.estimate.cost;
    time += task.estimate.time;
  }
  auto cells =
      std::vector<text_table::cell>{{"total"},
                                    {std::string(enum_name(report.state))},
                                    {""},
                                    {""},
                                    figure(attempts),
                                    figure(report.used.prompt()),
                                    figure(report.used.output),
                                    figure(estimated),
                                    figure(report.cost),
                                    figure(time),
                                    figure(summary.work)};
  for (auto& each : cells)
    each.look = tone::strong;
  return cells;
}

bool has_notes(const run_report& report) {
  return std::any_of(
      report.tasks.begin(), report.tasks.end(), [](const auto& task) {
        return task.reused_from || !task.why.empty() || !task.decided.empty();
      });
}

} // namespace troupe::report
