#pragma once

#include "tone.hpp"

#include <troupe/protocol/report.hpp>

#include <string>
#include <vector>

namespace troupe::report {

/// The report of a run for people: a table of its tasks, totals, the critical
/// path, use of time and money, what failed and what to do about it.
[[nodiscard]] std::string report_text(const protocol::run_report& report,
                                      const protocol::run_summary& summary,
                                      const page& on);

/// The report as one line of JSON: `{"report":{...},"summary":{...}}`.
[[nodiscard]] std::string report_json(const protocol::run_report& report,
                                      const protocol::run_summary& summary);

/// The tasks that are done and that no other done task needs, by position: the
/// results of a run, or how far it came.
[[nodiscard]] std::vector<std::size_t>
final_tasks(const protocol::run_report& report);

/// `12.5 %` for 125.
[[nodiscard]] std::string percent(std::int64_t permille);

/// `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t value);

/// `a > b > c`, with the middle left out where there are very many.
[[nodiscard]] std::string chain_text(const std::vector<std::string>& tasks);

/// `budget_exhausted: <detail>` and, on the next line, the next step.
[[nodiscard]] std::string failure_text(const protocol::error& failure,
                                       std::string_view indent);

} // namespace troupe::report
