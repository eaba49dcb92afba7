#pragma once

#include "state_arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The command `state` and those inside it.
void add_state(CLI::App& app, state_arguments& given);

} // namespace troupe::cli
