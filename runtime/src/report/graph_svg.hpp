#pragma once

#include "chart_tasks.hpp"
#include "graph_layout.hpp"

#include <string>

namespace troupe::report {

/// What a run's tasks need of each other, as an inline SVG.
struct task_graph {
  std::string svg;
  std::size_t tasks_left_out = 0;
  std::size_t edges_left_out = 0; ///< Between the tasks that are shown.
};

/// Draws the most telling tasks, and at most `edges_max` needs between them.
/// The critical path is bold.
[[nodiscard]] task_graph draw_graph(const protocol::run_report& report,
                                    const protocol::run_summary& summary,
                                    std::size_t tasks_max,
                                    std::size_t edges_max);

} // namespace troupe::report
