#pragma once

#include "far_node.hpp"

namespace troupe::cli {

/// The command `troupe`: reads its arguments and does what they say. Returns
/// the exit code. Never throws. Without `connect` it knows no clusters.
[[nodiscard]] int run_command_line(int count, const char* const* words,
                                   connect_node connect = {});

} // namespace troupe::cli
