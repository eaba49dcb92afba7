#pragma once

#include "far_node.hpp"
#include "interrupt.hpp"
#include "report/run_board.hpp"
#include "setup.hpp"

#include <troupe/runtime/runtime.hpp>

#include <functional>

namespace troupe::cli {

/// How `run`, `resume` and `fork` apply their options.
void apply_run_options(const run_arguments& given, setup& with);

/// Starts a run by `start`, shows how it goes and tells what came of it;
/// returns the exit code. `mission` is what it does.
[[nodiscard]] int start_and_follow(
    const run_arguments& given, const setup& with,
    const protocol::mission& mission,
    const std::function<protocol::result<mission_run>(runtime&)>& start,
    interrupt_watch& watch, console& on);

/// The same on a node.
[[nodiscard]] int follow_far(const run_arguments& given, const setup& with,
                             const protocol::mission& mission,
                             const run_options& options, far_node& node,
                             interrupt_watch& watch, console& on);

/// Makes the folder for results; false when that failed, which was told.
[[nodiscard]] bool prepare_out(const run_arguments& given, console& on);

} // namespace troupe::cli
