#include "gantt_svg.hpp"

#include "html_text.hpp"
#include "short_text.hpp"

#include <algorithm>

namespace troupe::report {

using protocol::duration;
using protocol::for_people;
using protocol::instant;
using protocol::run_report;
using protocol::task_record;

namespace {

constexpr std::uint32_t names_width = 190;
constexpr std::size_t name_columns = 26;
constexpr std::uint32_t row_height = 22;
constexpr std::uint32_t bar_height = 14;
constexpr std::uint32_t axis_height = 24;
constexpr std::uint32_t right_margin = 60; // the last tick's label
constexpr std::uint32_t narrowest = 2;     // what is short is seen all the same

std::string rectangle(std::uint32_t x, std::uint32_t y, std::uint32_t width,
                      std::string_view kind) {
  return "<rect" + html_attribute("x", x) + html_attribute("y", y)
         + html_attribute("width", width) + html_attribute("height", bar_height)
         + html_attribute("class", kind) + "/>";
}

std::string text_at(std::uint32_t x, std::uint32_t y, std::string_view text,
                    std::string_view kind) {
  return html_element("text", text,
                      html_attribute("x", x) + html_attribute("y", y)
                          + html_attribute("class", kind));
}

std::string axis(const gantt_chart& chart, std::uint32_t height) {
  std::string out;
  for (const auto& tick : chart.ticks) {
    const auto x = names_width + tick.at;
    out += "<line" + html_attribute("x1", x) + html_attribute("x2", x)
           + html_attribute("y1", axis_height - 6)
           + html_attribute("y2", height) + " class=\"grid\"/>"
           + text_at(x, axis_height - 10, tick.label, "tick");
  }
  return out;
}

/// Before a task's name, since not everybody sees colours.
std::string marks_of(const task_record& task, bool is_critical) {
  return std::string(is_critical ? "\u25B8" : "")
         + (task.state == protocol::task_state::failed ? "\u2717" : "")
         + (is_critical || task.state == protocol::task_state::failed ? " "
                                                                      : "");
}

std::string row(const task_record& task, const gantt_bar& bar,
                std::uint32_t top, bool is_critical) {
  const auto y = top + (row_height - bar_height) / 2;
  const std::string kind = "s-" + std::string(enum_name(task.state))
                           + (is_critical ? " critical" : "");
  auto out = html_element("title", task_tip(task))
             + text_at(4, y + bar_height - 3,
                       marks_of(task, is_critical)
                           + short_line(task.task, name_columns),
                       is_critical ? "name critical" : "name");
  if (bar.from > bar.wait)
    out += rectangle(names_width + bar.wait, y, bar.from - bar.wait, "wait");
  out += rectangle(names_width + bar.from, y,
                   std::max(bar.to - bar.from, narrowest), kind);
  return html_around("g", out);
}

duration between(instant from, instant to) {
  return duration{static_cast<std::int64_t>(
      std::min<std::uint64_t>(nanoseconds_between(from, to), INT64_MAX))};
}

} // namespace

std::string task_tip(const task_record& task) {
  constexpr std::size_t columns = 60;
  auto text = short_line(task.task, columns) + ": "
              + std::string(enum_name(task.state));
  if (!task.agent.empty())
    text += " by " + short_line(task.agent, columns);
  if (!task.model.empty())
    text += " at " + short_line(task.model, columns);
  if (task.started != instant{} && task.finished >= task.started)
    text += ", " + for_people(between(task.started, task.finished));
  if (task.ready != instant{} && task.started > task.ready)
    text += " after waiting " + for_people(between(task.ready, task.started));
  if (task.cost != protocol::money{})
    text += ", " + for_people(task.cost);
  return text;
}

std::string gantt_svg(const run_report& report, const gantt_chart& chart,
                      const critical_tasks& critical) {
  const auto rows = static_cast<std::uint32_t>(chart.bars.size());
  const auto height = axis_height + rows * row_height + 4;
  const auto width = names_width + chart.width + right_margin;
  auto inside = html_element("title",
                             "When each task waited and ran, "
                                 + std::to_string(rows) + " tasks",
                             " id=\"gantt-title\"")
                + axis(chart, height);
  for (std::uint32_t i = 0; i < rows; ++i) {
    const auto& bar = chart.bars[i];
    const auto& task = report.tasks[bar.task];
    inside += row(task, bar, axis_height + i * row_height,
                  critical.contains(task.task));
  }
  const auto box =
      "0 0 " + std::to_string(width) + ' ' + std::to_string(height);
  return html_around("svg", inside,
                     R"( role="img" aria-labelledby="gantt-title")"
                         + html_attribute("viewBox", box)
                         + html_attribute("width", width)
                         + html_attribute("height", height));
}

} // namespace troupe::report
