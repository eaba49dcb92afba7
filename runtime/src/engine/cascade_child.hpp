#pragma once

#include "engine/role_handles.hpp"
#include "troupe/runtime/config.hpp"

#include <functional>
#include <vector>

namespace troupe {

/// How the cascade is started: behind the answer cache and the router, whose
/// handles it holds; before the agents, who hold its. What it refers to must
/// outlive the actors.
[[nodiscard]] actors::child_spec
cascade_child(role_handles& handles, const runtime_config& config,
              const std::vector<protocol::model_spec>& models,
              const actors::wall_clock& clock,
              std::function<std::uint64_t()> next_seed);

} // namespace troupe
