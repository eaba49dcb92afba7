#pragma once

#include <CLI/App.hpp>

#include <string>

/// What several commands have, in the same words.
namespace troupe::cli {

/// At the end of each command's help.
inline constexpr auto exit_codes =
    "Exit codes:\n"
    "  0 done, 1 a task failed, 2 bad arguments or files,\n"
    "  3 the budget did not suffice, 4 it waits for somebody,\n"
    "  5 troupe itself failed, 130 cancelled";

/// A command of `app`, or of one of its commands. `examples`: lines.
CLI::App* add_command(CLI::App& app, const std::string& name,
                      const std::string& help, const std::string& examples);

void add_config(CLI::App& command, std::string& file);
void add_json(CLI::App& command, bool& is_json, const std::string& help);
void add_no_color(CLI::App& command, bool& no_color);

} // namespace troupe::cli
