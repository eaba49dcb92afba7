#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The command `tree`.
void add_tree(CLI::App& app, tree_arguments& given);

} // namespace troupe::cli
