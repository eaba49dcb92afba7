#pragma once

#include "troupe/runtime/agent_function.hpp"
#include "troupe/runtime/tool_config.hpp"

#include <string>

namespace troupe::tools {

/// The code of a tool behind which a program stands. `bwrap` is the sandbox's
/// file; empty: it runs without. Its calls may be made by several threads.
/// Errors of a call: `tool_failed`, `cancelled`, `deadline_exceeded` (of the
/// task).
[[nodiscard]] tool_function make_process_tool(tool_config config,
                                              std::string bwrap);

} // namespace troupe::tools
