#pragma once

#include <troupe/protocol/report.hpp>

#include <string>
#include <string_view>

namespace troupe::report {

/// The report as a Markdown document (CommonMark with tables): totals, tasks,
/// failures with their advice, and what each task has written.
[[nodiscard]] std::string report_markdown(const protocol::run_report& report,
                                          const protocol::run_summary& summary);

/// Text on one line that Markdown shows as it is: no emphasis, links, HTML,
/// or ends of table cells. It is not made printable.
[[nodiscard]] std::string markdown_escaped(std::string_view text);

/// Text between two fences longer than any run of backticks in it, each of
/// them on a line of its own.
[[nodiscard]] std::string markdown_fenced(std::string_view text);

} // namespace troupe::report
