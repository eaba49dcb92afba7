#pragma once

#include "chart_tasks.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// When the tasks of a run waited and ran, as bars on a page.
namespace troupe::report {

/// One row of the chart. All lie between 0 and the chart's width, in this
/// order.
struct gantt_bar {
  std::size_t task = 0;   ///< By position in the report.
  std::uint32_t wait = 0; ///< Where it was ready.
  std::uint32_t from = 0; ///< Where it started.
  std::uint32_t to = 0;   ///< Where it ended, or the chart does.

  bool operator==(const gantt_bar&) const = default;
};

struct gantt_tick {
  std::uint32_t at = 0;
  std::string label; ///< Time since the start, as in `1.5 s`.

  bool operator==(const gantt_tick&) const = default;
};

struct gantt_chart {
  std::uint32_t width = 0;
  std::vector<gantt_bar> bars;   ///< By start; equal ones in mission order.
  std::vector<gantt_tick> ticks; ///< Rising, at most nine, the first at 0.
  std::size_t left_out = 0;      ///< Tasks that ran and have no bar.

  bool operator==(const gantt_chart&) const = default;
};

/// Lays out the tasks that ran in this run: those taken from another have no
/// bar. A task that has not ended reaches to the end of the chart.
[[nodiscard]] gantt_chart lay_out_gantt(const protocol::run_report& report,
                                        const critical_tasks& critical,
                                        std::uint32_t width,
                                        std::size_t bars_max);

/// True for a task that has a place in the chart.
[[nodiscard]] bool has_run(const protocol::task_record& task) noexcept;

} // namespace troupe::report
