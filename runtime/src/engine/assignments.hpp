#pragma once

#include <troupe/actors/coordinator.hpp>
#include <troupe/actors/registry.hpp>

#include <functional>

namespace troupe {

/// Whom a mission's tasks ask for: for each its agent, then those of its
/// agreement and its judge.
[[nodiscard]] actors::locate_agents
agents_wanted(const protocol::mission& mission);

using level_of_task = std::function<protocol::tier(
    const protocol::task_spec&, const protocol::agent_card&)>;

/// Gives each task who was found for it; `found` answers `agents_wanted`. Tells
/// each task its agent's name and its tier.
[[nodiscard]] std::vector<actors::assignment>
assign_found(protocol::mission& mission, const actors::agents_located& found,
             const level_of_task& level);

} // namespace troupe
