#pragma once

#include "arguments.hpp"
#include "commands.hpp"

#include <troupe/runtime/config.hpp>

#include <CLI/App.hpp>

/// Recording and replay of calls of models, as options of `troupe run`.
namespace troupe::cli {

/// `--record-models`, `--replay-models` and `--replay-mode`.
void add_exchange_options(CLI::App& run, run_arguments& given);

/// What was typed, on top of what the configuration says.
void apply_exchanges(const run_arguments& given, exchanges_config& to);

/// Tells what was recorded, or how a replay differed from its recording. False
/// when the recording is not whole, or the replay was not that run again.
[[nodiscard]] bool tell_exchanges(const protocol::exchange_counts& counts,
                                  const run_arguments& given, console& on);

} // namespace troupe::cli
