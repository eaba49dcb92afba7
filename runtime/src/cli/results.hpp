#pragma once

#include "commands.hpp"

#include <troupe/protocol/report.hpp>
#include <troupe/runtime/runtime.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace troupe::cli {

/// A file name for each task: its id with `.md`, where whatever could lead out
/// of a folder or hide a file has become `_`. No two are the same.
[[nodiscard]] std::vector<std::string>
result_file_names(const std::vector<std::string>& tasks);

/// Writes a text, ended by a newline, as a whole or not at all. Errors:
/// `file_unreadable`.
[[nodiscard]] protocol::result<void>
write_file(const std::filesystem::path& path, const std::string& text);

/// Makes the folder when it is missing. Errors: `file_unreadable`.
[[nodiscard]] protocol::result<void> prepare_folder(const std::string& folder);

/// Writes the results of final tasks to `folder`, each as a whole or not at
/// all. Returns the paths. Errors: `file_unreadable`.
[[nodiscard]] protocol::result<std::vector<std::string>>
write_results(const protocol::run_report& report, const std::string& folder);

/// Writes the messages that `host` has recorded of a run, one a line as JSON,
/// as a whole or not at all. False: some had been given up before. Errors:
/// `file_unreadable`, and as `runtime::messages`.
[[nodiscard]] protocol::result<bool>
write_record(const runtime& host, protocol::id run, const std::string& file);

/// Prints the results of final tasks, less what a terminal would obey.
void print_results(const protocol::run_report& report, bool color, console& on);

} // namespace troupe::cli
