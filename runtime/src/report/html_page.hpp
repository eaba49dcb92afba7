#pragma once

#include <troupe/protocol/report.hpp>

#include <string>

namespace troupe::report {

/// The report as one HTML page that stands alone: style and charts are inside,
/// and there is no script and no address in it, which its own policy forbids
/// too. Behind its first line, which says that it is HTML, it is well-formed
/// XML. Its size is bounded: it says what it leaves out.
[[nodiscard]] std::string report_html(const protocol::run_report& report,
                                      const protocol::run_summary& summary);

} // namespace troupe::report
