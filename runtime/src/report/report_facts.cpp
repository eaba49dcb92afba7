#include "report_facts.hpp"

#include "printable.hpp"
#include "report_text.hpp"

#include <algorithm>
#include <cstdlib>

namespace troupe::report {

using protocol::for_people;
using protocol::run_report;
using protocol::run_summary;
using protocol::task_state;

namespace {

void add_time(std::vector<report_fact>& facts, const run_report& report,
              const run_summary& summary) {
  facts.push_back({"Critical path", chain_text(summary.critical_path) + " ("
                                        + for_people(summary.critical_time)
                                        + ")"});
  facts.push_back(
      {"Time",
       for_people(summary.makespan) + " for " + for_people(summary.work)
           + " of work: " + std::to_string(summary.speedup_permille / 1000)
           + '.' + std::to_string(summary.speedup_permille % 1000 / 100)
           + " times as fast as one by one"});
  const auto places =
      std::min<std::uint64_t>(report.concurrency, report.tasks.size());
  facts.push_back({"Utilisation", percent(summary.utilisation_permille) + " of "
                                      + std::to_string(places) + " places"});
}

/// Where this run stands among others.
void add_origin(std::vector<report_fact>& facts, const run_report& report) {
  if (report.forked_from)
    facts.push_back({"Forked", "from run " + to_string(report.forked_from)});
  if (report.resumed != 0)
    facts.push_back({"Resumed", counted(report.resumed, "time")});
  if (report.reused != 0)
    facts.push_back({"Reused", counted(report.reused, "result")
                                   + " of earlier runs, not made again"});
  const auto omitted = std::count_if(
      report.tasks.begin(), report.tasks.end(),
      [](const auto& it) { return it.state == task_state::omitted; });
  if (omitted != 0)
    facts.push_back(
        {"Omitted", counted(static_cast<std::uint64_t>(omitted), "task")
                        + ", since nothing led to them"});
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
  return text;
}

void add_cost(std::vector<report_fact>& facts, const run_report& report) {
  auto text = for_people(report.cost);
  if (report.budget != protocol::money::max())
    text += " of a budget of " + for_people(report.budget);
  if (report.cost_unknown != protocol::money{})
    text += ", of which " + for_people(report.cost_unknown)
            + " may not have been billed";
  facts.push_back({"Cost", std::move(text)});
  if (auto degraded = degraded_text(report); !degraded.empty())
    facts.push_back({"Short of money", std::move(degraded)});
}

void add_calls(std::vector<report_fact>& facts, const run_report& report,
               const run_summary& summary) {
  if (report.escalations != 0)
    facts.push_back(
        {"Cascade", grouped(report.escalations)
                        + (report.escalations == 1 ? " cheaper answer was"
                                                   : " cheaper answers were")
                        + " not good enough; the next tier was asked"});
  if (report.cached_calls != 0)
    facts.push_back({"Cache", counted(report.cached_calls, "answer")
                                  + " given again, which had cost "
                                  + for_people(report.saved)});
  if (report.used.cache_read != 0)
    facts.push_back(
        {"Prompt cache",
         grouped(report.used.cache_read) + " of "
             + grouped(report.used.prompt()) + " tokens were read from it, "
             + for_people(summary.prompt_cache_saved) + " less than without"});
}

void add_comparison(std::vector<report_fact>& facts, const run_report& report,
                    const run_summary& summary) {
  if (summary.uniform_model.empty() || report.used.output == 0)
    return;
  const bool dearer = summary.saving_permille < 0;
  // One model would not have been asked again for what a cascade turned down.
  if (report.escalations == 0)
    facts.push_back({"Saving", percent(std::abs(summary.saving_permille))
                                   + (dearer ? " more than " : " against ")
                                   + for_people(summary.uniform_cost) + " with "
                                   + printable_line(summary.uniform_model)
                                   + " for every task"});
  facts.push_back(
      {"Estimates", "off by " + percent(summary.token_error_permille)
                        + " (tokens), " + percent(summary.cost_error_permille)
                        + " (cost), " + percent(summary.time_error_permille)
                        + " (time) on average"});
}

} // namespace

std::string counted(std::uint64_t count, std::string_view one) {
  return grouped(count) + ' ' + std::string(one) + (count == 1 ? "" : "s");
}

std::vector<report_fact> report_facts(const run_report& report,
                                      const run_summary& summary) {
  std::vector<report_fact> facts;
  add_time(facts, report, summary);
  add_origin(facts, report);
  add_cost(facts, report);
  add_calls(facts, report, summary);
  add_comparison(facts, report, summary);
  return facts;
}

std::vector<report_fact> document_facts(const run_report& report,
                                        const run_summary& summary) {
  std::vector<report_fact> facts{{"State", std::string(enum_name(report.state))
                                               + " in "
                                               + for_people(summary.makespan)}};
  if (report.started != protocol::instant{})
    facts.push_back(
        {"Begun", protocol::to_text(std::chrono::floor<std::chrono::seconds>(
                      report.started))});
  for (auto& it : report_facts(report, summary)) {
    const bool is_cost = it.name == "Cost";
    facts.push_back(std::move(it));
    if (is_cost)
      facts.push_back({"Exact cost", to_text(report.cost) + " USD"});
  }
  facts.push_back({"Tokens", grouped(report.used.prompt()) + " in, "
                                 + grouped(report.used.output) + " out"});
  return facts;
}

std::vector<report_failure> report_failures(const run_report& report) {
  std::vector<report_failure> failures;
  for (const auto& task : report.tasks)
    if (task.failure && task.state == task_state::failed)
      failures.push_back({"task " + task.task, *task.failure});
  if (report.failure)
    failures.push_back({"run", *report.failure});
  return failures;
}

std::string task_note(const protocol::task_record& task) {
  std::string note;
  const auto add = [&note](const std::string& text) {
    note += (note.empty() ? "" : "; ") + text;
  };
  if (task.reused_from)
    add("from run " + to_string(task.reused_from));
  if (!task.why.empty())
    add(printable_line(task.why));
  if (!task.decided.empty())
    add("decided by " + printable_line(task.decided));
  return note;
}

std::vector<std::size_t> tasks_with_output(const run_report& report) {
  auto order = final_tasks(report);
  std::vector<bool> taken(report.tasks.size());
  for (const auto i : order)
    taken[i] = true;
  for (std::size_t i = 0; i < report.tasks.size(); ++i)
    if (!taken[i])
      order.push_back(i);
  order.erase(
      std::remove_if(order.begin(), order.end(),
                     [&](auto i) { return report.tasks[i].output.empty(); }),
      order.end());
  return order;
}

} // namespace troupe::report
