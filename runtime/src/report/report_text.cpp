#include "report_text.hpp"

#include "printable.hpp"
#include "text_table.hpp"
#include "text_width.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <unordered_set>

namespace troupe::report {

using protocol::duration;
using protocol::for_people;
using protocol::instant;
using protocol::run_report;
using protocol::run_state;
using protocol::run_summary;
using protocol::task_record;
using protocol::task_state;

namespace {

/// Where the figures below the table stand.
constexpr std::size_t figures_indent = 15;

duration time_of(const task_record& task) {
  return task.started == instant{} || task.finished < task.started
             ? duration{}
             : task.finished - task.started;
}

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

std::vector<text_table::cell> cells_of(const task_record& task) {
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
          figure(time_of(task))};
}

std::vector<text_table::cell> totals(const run_report& report,
                                     const run_summary& summary) {
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

std::string task_table(const run_report& report, const run_summary& summary,
                       const page& on) {
  text_table table{{{"TASK", false, true},
                    {"STATE"},
                    {"AGENT", false, true, 3},
                    {"MODEL", false, true, 7},
                    {"TRIES", true, false, 4},
                    {"IN", true, false, 5},
                    {"OUT", true, false, 6},
                    {"EST. COST", true, false, 1},
                    {"COST", true},
                    {"EST. TIME", true, false, 2},
                    {"TIME", true}}};
  for (const auto& task : report.tasks)
    table.add_row(cells_of(task));
  table.add_row(totals(report, summary));
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

std::string time_text(const run_report& report, const run_summary& summary) {
  auto text = "Critical path: " + chain_text(summary.critical_path) + " ("
              + for_people(summary.critical_time) + ")\n";
  text += "Time:          " + for_people(summary.makespan) + " for "
          + for_people(summary.work)
          + " of work: " + std::to_string(summary.speedup_permille / 1000) + '.'
          + std::to_string(summary.speedup_permille % 1000 / 100)
          + " times as fast as one by one\n";
  text += "Utilisation:   " + percent(summary.utilisation_permille) + " of "
          + std::to_string(
              std::min<std::uint64_t>(report.concurrency, report.tasks.size()))
          + " places\n";
  return text;
}

/// "draft: shorter; review: cheaper", for tasks that money was short for.
std::string degraded_text(const run_report& report) {
  std::string text;
  for (const auto& task : report.tasks) {
    if (task.degraded.empty())
      continue;
    text += (text.empty() ? "" : "; ") + printable_line(task.task) + ":";
    for (const auto step : task.degraded)
      text += " " + std::string(enum_name(step));
  }
  return text.empty() ? text : "Short of money: " + text + '\n';
}

std::string cache_text(const run_report& report, const run_summary& summary) {
  std::string text;
  if (report.cached_calls != 0)
    text += "Cache:         " + grouped(report.cached_calls)
            + (report.cached_calls == 1 ? " answer" : " answers")
            + " given again, which had cost " + for_people(report.saved) + '\n';
  if (report.used.cache_read != 0)
    text += "Prompt cache:  " + grouped(report.used.cache_read) + " of "
            + grouped(report.used.prompt()) + " tokens were read from it, "
            + for_people(summary.prompt_cache_saved) + " less than without\n";
  return text;
}

std::string cascade_text(const run_report& report) {
  if (report.escalations == 0)
    return {};
  return "Cascade:       " + grouped(report.escalations)
         + (report.escalations == 1 ? " cheaper answer was"
                                    : " cheaper answers were")
         + " not good enough; the next tier was asked\n";
}

std::string money_text(const run_report& report, const run_summary& summary) {
  auto text = "Cost:          " + for_people(report.cost);
  if (report.budget != protocol::money::max())
    text += " of a budget of " + for_people(report.budget);
  if (report.cost_unknown != protocol::money{})
    text += ", of which " + for_people(report.cost_unknown)
            + " may not have been billed";
  text += '\n' + degraded_text(report) + cascade_text(report)
          + cache_text(report, summary);
  if (summary.uniform_model.empty() || report.used.output == 0)
    return text;
  const bool dearer = summary.saving_permille < 0;
  // One model would not have been asked again for what a cascade turned down.
  if (report.escalations == 0)
    text += "Saving:        " + percent(std::abs(summary.saving_permille))
            + (dearer ? " more than " : " against ")
            + for_people(summary.uniform_cost) + " with "
            + printable_line(summary.uniform_model) + " for every task\n";
  return text + "Estimates:     off by " + percent(summary.token_error_permille)
         + " (tokens), " + percent(summary.cost_error_permille) + " (cost), "
         + percent(summary.time_error_permille) + " (time) on average\n";
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
  for (const auto& task : report.tasks)
    if (task.failure && task.state == task_state::failed)
      add("task " + task.task, *task.failure);
  if (report.failure)
    add("run", *report.failure);
  return text.empty() ? text : '\n' + text;
}

} // namespace

std::string report_text(const run_report& report, const run_summary& summary,
                        const page& on) {
  auto text = title_text(report, summary, on);
  if (report.simulated)
    text += painted(wrapped("SIMULATED: no model was asked and nothing was "
                            "billed; costs are what these tokens would have "
                            "cost.",
                            on.columns, 0),
                    tone::busy, on.color)
            + '\n';
  text += '\n' + task_table(report, summary, on) + '\n'
          + wrapped(time_text(report, summary) + money_text(report, summary),
                    on.columns, figures_indent);
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
