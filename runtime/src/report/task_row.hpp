#pragma once

#include "text_table.hpp"

#include <troupe/protocol/report.hpp>

namespace troupe::report {

/// The columns of a report's table of tasks. With `notes` the last one is for
/// `task_note`.
[[nodiscard]] std::vector<text_table::column> task_columns(bool notes);

/// A column's title as documents write it: `Est. cost`.
[[nodiscard]] std::string heading_of(const text_table::column& column);

/// Their cells for one task; the last is its note.
[[nodiscard]] std::vector<text_table::cell>
task_cells(const protocol::task_record& task);

/// The last row, of the whole run.
[[nodiscard]] std::vector<text_table::cell>
total_cells(const protocol::run_report& report,
            const protocol::run_summary& summary);

/// True when some task has a note.
[[nodiscard]] bool has_notes(const protocol::run_report& report);

/// How long a task has run; zero: not at all, or it has not ended.
[[nodiscard]] protocol::duration
time_of(const protocol::task_record& task) noexcept;

} // namespace troupe::report
