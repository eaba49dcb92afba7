#include "markdown.hpp"

#include "output_room.hpp"
#include "report_facts.hpp"
#include "report_text.hpp"
#include "short_text.hpp"
#include "task_row.hpp"

#include <algorithm>

namespace troupe::report {

using protocol::run_report;
using protocol::run_summary;

namespace {

constexpr std::size_t name_columns = 120;
constexpr std::size_t value_columns = 2'000;
constexpr std::size_t failures_max = 1'000;
constexpr output_limits room_for_outputs{1U << 20U, 16U << 20U, 10'000};

std::string line_of(std::string_view text, std::size_t columns) {
  return markdown_escaped(short_line(text, columns));
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& each : cells)
    out += ' ' + each + " |";
  return out + '\n';
}

std::string totals(const run_report& report, const run_summary& summary) {
  auto out = row({"Figure", "Value"}) + "|---|---|\n"
             + row({"Run", '`' + to_string(report.run) + '`'});
  for (const auto& it : document_facts(report, summary))
    out += row({it.name, line_of(it.value, value_columns)});
  return out;
}

std::string task_table(const run_report& report, const run_summary& summary) {
  const auto columns = task_columns(has_notes(report));
  std::string out = "|";
  std::string lines = "|";
  for (const auto& each : columns) {
    out += ' ' + heading_of(each) + " |";
    lines += each.right ? "---:|" : "---|";
  }
  out += '\n' + lines + '\n';
  const auto add = [&](const std::vector<text_table::cell>& cells) {
    std::vector<std::string> texts(columns.size());
    for (std::size_t i = 0; i < std::min(cells.size(), texts.size()); ++i)
      texts[i] = line_of(cells[i].text, name_columns);
    out += row(texts);
  };
  for (const auto& task : report.tasks)
    add(task_cells(task));
  add(total_cells(report, summary));
  return out;
}

std::string failures(const run_report& report) {
  const auto all = report_failures(report);
  if (all.empty())
    return {};
  std::string out = "\n## Failures\n\n";
  for (std::size_t i = 0; i < std::min(all.size(), failures_max); ++i)
    out += "- **" + line_of(all[i].name, name_columns) + "**: `"
           + std::string(to_string(all[i].why.code))
           + "`: " + line_of(all[i].why.detail, value_columns) + "\\\n  "
           + markdown_escaped(advice_for(all[i].why.code)) + '\n';
  if (all.size() > failures_max)
    out += "\n" + counted(all.size() - failures_max, "more failure")
           + " left out.\n";
  return out;
}

std::string outputs(const run_report& report) {
  std::string out;
  output_room room{room_for_outputs};
  const auto tasks = tasks_with_output(report);
  std::size_t shown = 0;
  for (; shown < tasks.size() && room.has_room(); ++shown) {
    const auto& task = report.tasks[tasks[shown]];
    const auto part = room.take(task.output);
    out += "\n### " + line_of(task.task, name_columns) + "\n\n"
           + markdown_fenced(part.text)
           + (part.note.empty() ? "" : '\n' + part.note + '\n');
  }
  if (shown < tasks.size())
    out += '\n' + counted(tasks.size() - shown, "more output") + " left out.\n";
  return out.empty() ? out : "\n## Outputs\n" + out;
}

} // namespace

std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    switch (const char c = text[i]) {
    case '&':
      out += "&amp;";
      continue;
    case '<':
      out += "&lt;";
      continue;
    case '>':
      out += "&gt;";
      continue;
    case '$': // prices stay readable; other dollars would begin a formula
      out += next >= '0' && next <= '9' ? "$" : "\\$";
      continue;
    case ':': // no links that nobody has made
      out += next == '/' ? "\\:" : ":";
      continue;
    case '.':
      out += text.substr(0, i).ends_with("www") ? "\\." : ".";
      continue;
    default:
      if (std::string_view{"\\`*_[]|~#!@"}.find(c) != std::string_view::npos)
        out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_fenced(std::string_view text) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  auto out = fence + "text\n" + std::string(text);
  if (!text.empty() && text.back() != '\n')
    out += '\n';
  return out + fence + '\n';
}

std::string report_markdown(const run_report& report,
                            const run_summary& summary) {
  auto out = "# Run of " + line_of(report.mission, name_columns) + ": "
             + std::string(enum_name(report.state)) + "\n\n";
  if (report.simulated)
    out += "**" + std::string(simulated_text) + "**\n\n";
  out +=
      totals(report, summary) + "\n## Tasks\n\n" + task_table(report, summary);
  return out + failures(report) + outputs(report);
}

} // namespace troupe::report
