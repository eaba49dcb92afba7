#include "graph_svg.hpp"

#include "gantt_svg.hpp"
#include "html_text.hpp"
#include "short_text.hpp"

#include <numeric>
#include <set>
#include <unordered_map>

namespace troupe::report {

using protocol::run_report;
using protocol::run_summary;

namespace {

constexpr std::size_t name_columns = 23;

using links = std::set<std::pair<std::string_view, std::string_view>>;

/// Tasks that stand one behind the other in the critical path.
links links_of(const run_summary& summary) {
  links found;
  for (std::size_t i = 1; i < summary.critical_path.size(); ++i)
    found.emplace(summary.critical_path[i - 1], summary.critical_path[i]);
  return found;
}

/// The needs of the shown tasks among each other, by their place in `shown`.
std::vector<std::vector<std::size_t>>
needs_of(const run_report& report, const std::vector<std::size_t>& shown) {
  std::unordered_map<std::string_view, std::size_t> place;
  for (std::size_t i = 0; i < shown.size(); ++i)
    place.emplace(report.tasks[shown[i]].task, i);
  std::vector<std::vector<std::size_t>> needs(shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i)
    for (const auto& need : report.tasks[shown[i]].needs)
      if (const auto found = place.find(need); found != place.end())
        needs[i].push_back(found->second);
  return needs;
}

std::string curve(const graph_box& from, const graph_box& to,
                  const graph_size& size, bool is_bold) {
  const auto x1 = from.x + size.box_width;
  const auto y1 = from.y + size.box_height / 2;
  const auto y2 = to.y + size.box_height / 2;
  const auto bend = size.gap_across / 2;
  const auto at = [](std::uint32_t x, std::uint32_t y) {
    return std::to_string(x) + ' ' + std::to_string(y);
  };
  return "<path"
         + html_attribute("d", "M" + at(x1, y1) + " C" + at(x1 + bend, y1)
                                   + ", " + at(to.x - bend, y2) + ", "
                                   + at(to.x, y2))
         + html_attribute("class", is_bold ? "edge critical" : "edge") + "/>";
}

std::string box(const protocol::task_record& task, const graph_box& at,
                const graph_size& size, bool is_critical) {
  const auto kind = "s-" + std::string(enum_name(task.state))
                    + (is_critical ? " box critical" : " box");
  return html_around(
      "g", html_element("title", task_tip(task)) + "<rect"
               + html_attribute("x", at.x) + html_attribute("y", at.y)
               + html_attribute("width", size.box_width)
               + html_attribute("height", size.box_height)
               + html_attribute("rx", 5) + html_attribute("class", kind) + "/>"
               + html_element(
                   "text", short_line(task.task, name_columns),
                   html_attribute("x", at.x + size.box_width / 2)
                       + html_attribute("y", at.y + size.box_height / 2 + 4)
                       + html_attribute("class", is_critical ? "label critical"
                                                             : "label")));
}

} // namespace

task_graph draw_graph(const run_report& report, const run_summary& summary,
                      std::size_t tasks_max, std::size_t edges_max) {
  std::vector<std::size_t> shown(report.tasks.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  const critical_tasks critical{summary.critical_path.begin(),
                                summary.critical_path.end()};
  shown = most_telling(report, std::move(shown), critical, tasks_max);
  const graph_size size;
  const auto layout = lay_out_graph(needs_of(report, shown), size, edges_max);
  const auto bold = links_of(summary);
  auto inside = html_element("title",
                             "Which task needs which, "
                                 + std::to_string(shown.size()) + " tasks",
                             " id=\"graph-title\"");
  for (const auto& edge : layout.edges)
    inside += curve(layout.boxes[edge.from], layout.boxes[edge.to], size,
                    bold.contains({report.tasks[shown[edge.from]].task,
                                   report.tasks[shown[edge.to]].task}));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto& task = report.tasks[shown[i]];
    inside += box(task, layout.boxes[i], size, critical.contains(task.task));
  }
  const auto view = "0 0 " + std::to_string(layout.width) + ' '
                    + std::to_string(layout.height);
  return {html_around("svg", inside,
                      R"( role="img" aria-labelledby="graph-title")"
                          + html_attribute("viewBox", view)
                          + html_attribute("width", layout.width)
                          + html_attribute("height", layout.height)),
          report.tasks.size() - shown.size(), layout.edges_left_out};
}

} // namespace troupe::report
