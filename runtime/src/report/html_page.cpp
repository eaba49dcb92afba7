#include "html_page.hpp"

#include "chart_tasks.hpp"
#include "html_charts.hpp"
#include "html_style.hpp"
#include "html_text.hpp"
#include "output_room.hpp"
#include "report_facts.hpp"
#include "report_text.hpp"
#include "short_text.hpp"
#include "task_row.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::report {

using protocol::run_report;
using protocol::run_summary;

namespace {

constexpr std::size_t name_columns = 60;
constexpr std::size_t value_columns = 2'000;
constexpr std::size_t detail_bytes = 1'024;
constexpr std::size_t rows_max = 2'000;
constexpr std::size_t failures_max = 200;
constexpr output_limits room_for_outputs{64U << 10U, 2U << 20U, 1'000};

constexpr std::string_view policy =
    R"(<meta http-equiv="Content-Security-Policy" )"
    R"(content="default-src 'none'; style-src 'unsafe-inline'; )"
    R"(img-src data:"/>)";

std::string section(const std::string& title, const std::string& markup) {
  return html_around("section", html_element("h2", title) + markup);
}

std::string left_out(std::size_t count, std::string_view what) {
  return html_element("p",
                      counted(count, "more " + std::string(what))
                          + " left out of this page.",
                      " class=\"faint\"");
}

std::string state_class(std::string_view state, std::string_view more = {}) {
  return html_attribute("class", std::string(more) + "s-" + std::string(state));
}

std::string head(const std::string& title) {
  return html_around("head",
                     R"(<meta charset="utf-8"/>)" + std::string(policy)
                         + R"(<meta name="viewport" )"
                           R"(content="width=device-width, initial-scale=1"/>)"
                         + html_element("title", title)
                         + html_around("style", html_style()));
}

std::string facts(const run_report& report, const run_summary& summary) {
  std::string out;
  const auto add = [&](const std::string& name, const std::string& value) {
    out += html_element("dt", name)
           + html_element("dd", short_line(value, value_columns));
  };
  add("Run", to_string(report.run));
  for (const auto& it : document_facts(report, summary))
    add(it.name, it.value);
  return html_around("dl", out);
}

std::string table_row(const std::vector<text_table::column>& columns,
                      const std::vector<text_table::cell>& cells,
                      const std::string& state, std::string_view attributes) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto text =
        i < cells.size() ? short_line(cells[i].text, name_columns) : "";
    out += html_element("td", text,
                        i == 1             ? state_class(state)
                        : columns[i].right ? " class=\"right\""
                                           : "");
  }
  return html_around("tr", out, attributes) + '\n';
}

std::string tasks(const run_report& report, const run_summary& summary) {
  const auto columns = task_columns(has_notes(report));
  std::string head;
  for (const auto& each : columns)
    head += html_element("th", heading_of(each),
                         each.right ? R"( scope="col" class="right")"
                                    : R"( scope="col")");
  std::vector<std::size_t> shown(report.tasks.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  shown = most_telling(
      report, std::move(shown),
      {summary.critical_path.begin(), summary.critical_path.end()}, rows_max);
  std::string rows;
  for (const auto i : shown)
    rows += table_row(columns, task_cells(report.tasks[i]),
                      std::string(enum_name(report.tasks[i].state)), "");
  rows += table_row(columns, total_cells(report, summary),
                    std::string(enum_name(report.state)), " class=\"total\"");
  auto out = html_around(
      "div",
      html_around("table",
                  html_element("caption", counted(report.tasks.size(), "task"))
                      + html_around("thead", html_around("tr", head))
                      + html_around("tbody", rows)),
      R"( class="scroll" tabindex="0" role="region" aria-label="Tasks")");
  if (shown.size() < report.tasks.size())
    out += left_out(report.tasks.size() - shown.size(), "task");
  return section("Tasks", out);
}

std::string failures(const run_report& report) {
  const auto all = report_failures(report);
  if (all.empty())
    return {};
  std::string items;
  for (std::size_t i = 0; i < std::min(all.size(), failures_max); ++i) {
    const auto& why = all[i].why;
    const auto detail = document_text(first_bytes(why.detail, detail_bytes));
    items += html_around(
        "li",
        html_element("strong", short_line(all[i].name, name_columns))
            + html_element("div",
                           std::string(to_string(why.code)) + ": "
                               + std::string(first_bytes(detail, detail_bytes)),
                           " class=\"detail\"")
            + html_element("div", advice_for(why.code), " class=\"faint\""));
  }
  auto out = html_around("ul", items);
  if (all.size() > failures_max)
    out += left_out(all.size() - failures_max, "failure");
  return section("Failures", out);
}

std::string outputs(const run_report& report) {
  std::string out;
  output_room room{room_for_outputs};
  const auto order = tasks_with_output(report);
  std::size_t shown = 0;
  for (; shown < order.size() && room.has_room(); ++shown) {
    const auto& task = report.tasks[order[shown]];
    const auto part = room.take(task.output);
    auto body = html_element("pre", part.text);
    if (!part.note.empty())
      body += html_element("p", part.note, " class=\"faint\"");
    out += html_around(
        "details",
        html_element("summary", short_line(task.task, name_columns)) + body,
        shown == 0 ? " open=\"open\"" : "");
  }
  if (shown < order.size())
    out += left_out(order.size() - shown, "output");
  return out.empty() ? out : section("Outputs", out);
}

} // namespace

std::string report_html(const run_report& report, const run_summary& summary) {
  const auto title = "Run of " + short_line(report.mission, name_columns);
  const std::string state{enum_name(report.state)};
  auto body = html_element("h1", title)
              + html_around("p", html_element("span", state,
                                              state_class(state, "badge ")));
  if (report.simulated)
    body += html_element("p", simulated_text, " class=\"note\"");
  body += facts(report, summary) + failures(report)
          + html_charts(report, summary) + tasks(report, summary)
          + outputs(report);
  return "<!DOCTYPE html>\n"
         + html_around(
             "html",
             head(title) + '\n'
                 + html_around("body", html_around("main", body) + '\n'),
             " lang=\"en\"")
         + '\n';
}

} // namespace troupe::report
