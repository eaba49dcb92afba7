#pragma once

#include "gantt.hpp"

namespace troupe::report {

/// The chart as an inline SVG; its colours are classes of the page's style.
/// Needs no script and no other file.
[[nodiscard]] std::string gantt_svg(const protocol::run_report& report,
                                    const gantt_chart& chart,
                                    const critical_tasks& critical);

/// `collect: done by reader at m/x, 3.0 s, $0.0125`, in one line of bounded
/// length.
[[nodiscard]] std::string task_tip(const protocol::task_record& task);

} // namespace troupe::report
