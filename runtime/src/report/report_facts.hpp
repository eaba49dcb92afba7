#pragma once

#include <troupe/protocol/report.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What every form of a report says, before it is laid out.
namespace troupe::report {

/// A figure of the whole run, as in `Cost` and `$0.02 of a budget of $1.00`.
/// The value may hold what a mission or a model wrote, on one line and less
/// what a terminal would obey.
struct report_fact {
  std::string name;
  std::string value;

  bool operator==(const report_fact&) const = default;
};

/// Critical path, use of time and money, estimates; what is nothing is left
/// out.
[[nodiscard]] std::vector<report_fact>
report_facts(const protocol::run_report& report,
             const protocol::run_summary& summary);

/// For documents: state, when it began, tokens and the exact cost as well.
[[nodiscard]] std::vector<report_fact>
document_facts(const protocol::run_report& report,
               const protocol::run_summary& summary);

/// What a report of a simulated run says.
inline constexpr std::string_view simulated_text =
    "SIMULATED: no model was asked and nothing was billed; costs are what "
    "these tokens would have cost.";

/// Something that failed: `task judge` or `run`.
struct report_failure {
  std::string name;
  protocol::error why;
};

/// Failed tasks in the mission's order, then the run itself.
[[nodiscard]] std::vector<report_failure>
report_failures(const protocol::run_report& report);

/// Where a task's result came from, who decided, why it ran: one line, often
/// empty.
[[nodiscard]] std::string task_note(const protocol::task_record& task);

/// `1 task`, `2,000 tasks`.
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view one);

/// Tasks that have an output, by position: results of the run first, then the
/// others, each in the mission's order.
[[nodiscard]] std::vector<std::size_t>
tasks_with_output(const protocol::run_report& report);

} // namespace troupe::report
