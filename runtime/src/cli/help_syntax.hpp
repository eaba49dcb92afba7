#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The commands `errors` and `completion`.
void add_errors(CLI::App& app, errors_arguments& given);
void add_completion(CLI::App& app, std::string& shell);

} // namespace troupe::cli
