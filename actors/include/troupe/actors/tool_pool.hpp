#pragma once

#include "troupe/actors/model_agent.hpp"

#include <cstdint>

namespace troupe::actors {

/// A tool whose code several threads may call at one time: it has up to
/// `calls_max` (at least 1), each made when it is needed first. Calls beyond
/// wait in line, 4,096 at most; beyond those: `overloaded`.
[[nodiscard]] tool_actor spawn_tool_pool(caf::actor_system& system,
                                         std::string name, tool_code code,
                                         std::uint32_t calls_max,
                                         wall_clock clock = {});

} // namespace troupe::actors
