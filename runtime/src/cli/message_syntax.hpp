#pragma once

#include "arguments.hpp"

#include <CLI/App.hpp>

namespace troupe::cli {

/// The commands `schema` and `message`, and those inside them.
void add_schema(CLI::App& app, schema_arguments& given);
void add_message(CLI::App& app, message_arguments& given);

} // namespace troupe::cli
