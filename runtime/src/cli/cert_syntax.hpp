#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The command `cert` and those inside it.
void add_cert(CLI::App& app, cert_arguments& given);

} // namespace troupe::cli
