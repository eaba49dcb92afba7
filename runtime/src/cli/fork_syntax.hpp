#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// `--reuse`, `--again`, `--explain` and `--by`, of `run`.
void add_reuse(CLI::App& command, run_arguments& given);

/// The command `do`, but for `--budget`.
CLI::App* add_do(CLI::App& app, do_arguments& given);

/// The commands `fork`, `approve` and `refuse`, `pause` and `cancel`.
void add_fork(CLI::App& app, fork_arguments& given);
void add_decisions(CLI::App& app, decision_arguments& yes,
                   decision_arguments& no);
void add_wishes(CLI::App& app, wish_arguments& pause, wish_arguments& cancel);

} // namespace troupe::cli
