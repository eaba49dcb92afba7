#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The options that say which node a command is for, before or behind it.
void add_far(CLI::App& app, far_arguments& given);

/// The commands `node`, `cluster`, `agent` and `queue`, and those inside them.
void add_node(CLI::App& app, node_arguments& given);

} // namespace troupe::cli
