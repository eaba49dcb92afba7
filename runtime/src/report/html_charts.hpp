#pragma once

#include <troupe/protocol/report.hpp>

#include <string>

namespace troupe::report {

/// The parts of a page that show when tasks ran and what they need of each
/// other, each a section with a heading; what the charts leave out is told
/// below them.
[[nodiscard]] std::string html_charts(const protocol::run_report& report,
                                      const protocol::run_summary& summary);

} // namespace troupe::report
