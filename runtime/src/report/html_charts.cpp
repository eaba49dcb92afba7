#include "html_charts.hpp"

#include "gantt_svg.hpp"
#include "graph_svg.hpp"
#include "html_text.hpp"
#include "report_facts.hpp"
#include "short_text.hpp"

#include <array>

namespace troupe::report {

using protocol::run_report;
using protocol::run_summary;
using protocol::task_record;
using protocol::task_state;

namespace {

constexpr std::uint32_t bars_width = 860;
constexpr std::size_t tasks_max = 500; // in a chart
constexpr std::size_t edges_max = 3'000;
constexpr std::size_t names_max = 30; // of tasks without a bar, of one kind
constexpr std::size_t name_columns = 40;

/// What may be wider and higher than the page; keys can move it too.
std::string scrolled(const std::string& markup, std::string_view label) {
  return html_around("div", markup,
                     R"( class="scroll" tabindex="0" role="region")"
                         + html_attribute("aria-label", label));
}

std::string faint(const std::string& text) {
  return html_element("p", text, " class=\"faint\"");
}

/// One line for the tasks that `is_meant` and that have no bar.
template <class F>
std::string line_of(const run_report& report, const std::string& title,
                    F is_meant) {
  std::string names;
  std::uint64_t count = 0;
  for (const auto& task : report.tasks)
    if (!has_run(task) && is_meant(task) && ++count <= names_max)
      names += (count == 1 ? "" : ", ") + short_line(task.task, name_columns);
  if (count == 0)
    return {};
  if (count > names_max)
    names += ", and " + counted(count - names_max, "more task");
  return html_element("dt", title + " (" + std::to_string(count) + ")")
         + html_element("dd", names);
}

/// The tasks that have no bar, by what became of them.
std::string apart(const run_report& report) {
  auto lines = line_of(report, "Taken from earlier runs",
                       [](const auto& it) { return bool{it.reused_from}; });
  using named = std::pair<task_state, const char*>;
  for (const auto& [state, title] :
       {named{task_state::omitted, "Omitted"},
        named{task_state::skipped, "Skipped"},
        named{task_state::cancelled, "Cancelled before they began"},
        named{task_state::failed, "Failed before they began"},
        named{task_state::ready, "Ready"},
        named{task_state::waiting, "Waiting"}})
    lines += line_of(report, title, [wanted = state](const auto& it) {
      return !it.reused_from && it.state == wanted;
    });
  return lines.empty() ? lines : html_around("dl", lines);
}

std::string timeline(const run_report& report, const run_summary& summary) {
  const critical_tasks critical{summary.critical_path.begin(),
                                summary.critical_path.end()};
  const auto chart = lay_out_gantt(report, critical, bars_width, tasks_max);
  auto out = html_element("h2", "Timeline");
  if (!chart.bars.empty())
    out += scrolled(gantt_svg(report, chart, critical), "Timeline")
           + faint("Light: ready, waiting for a place. Framed: the critical "
                   "path.");
  if (chart.left_out != 0)
    out += faint(counted(chart.left_out, "task")
                 + ", the shortest, left out of the chart.");
  return html_around("section", out + apart(report));
}

std::string graph(const run_report& report, const run_summary& summary) {
  const auto drawn = draw_graph(report, summary, tasks_max, edges_max);
  auto out = html_element("h2", "Graph") + scrolled(drawn.svg, "Graph");
  if (drawn.tasks_left_out != 0)
    out += faint(counted(drawn.tasks_left_out, "task")
                 + " left out of the graph.");
  if (drawn.edges_left_out != 0)
    out += faint(counted(drawn.edges_left_out, "need")
                 + " left out of the graph.");
  return html_around("section", out);
}

} // namespace

std::string html_charts(const run_report& report, const run_summary& summary) {
  if (report.tasks.empty())
    return {};
  return timeline(report, summary) + graph(report, summary);
}

} // namespace troupe::report
