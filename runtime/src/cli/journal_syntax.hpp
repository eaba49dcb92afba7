#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// `--journal`, as `run` has it too.
void add_journal_file(CLI::App& command, std::string& file);

/// `--report`, of `run` and `resume`.
void add_report_file(CLI::App& command, std::string& file);

/// The commands `resume`, `runs`, `show`, `replay`, `report` and `journal`.
void add_resume(CLI::App& app, resume_arguments& given);
void add_runs(CLI::App& app, runs_arguments& given);
void add_show(CLI::App& app, show_arguments& given);
void add_replay(CLI::App& app, show_arguments& given);
void add_report(CLI::App& app, report_arguments& given);
void add_journal(CLI::App& app, journal_arguments& given);

} // namespace troupe::cli
