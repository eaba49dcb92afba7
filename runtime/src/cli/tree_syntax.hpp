#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The commands `tree` and `health`.
void add_tree(CLI::App& app, tree_arguments& given);
void add_health(CLI::App& app, health_arguments& given);

} // namespace troupe::cli
