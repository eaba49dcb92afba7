#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// At the end of each command's help.
inline constexpr auto exit_codes =
    "Exit codes:\n"
    "  0 done, 1 a task failed, 2 bad arguments or files,\n"
    "  3 the budget did not suffice, 130 cancelled";

/// The command `route`.
void add_route(CLI::App& app, route_arguments& given);

} // namespace troupe::cli
