#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The command `route`.
void add_route(CLI::App& app, route_arguments& given);

} // namespace troupe::cli
