#pragma once

#include "engine/role_handles.hpp"

#include <troupe/actors/registry.hpp>

namespace troupe {

/// Whom the registry has for a mission's tasks, as `agents_wanted` asks. One
/// that is being started again at this moment is waited for. Errors:
/// `unknown_agent`; those of `ask_for`. Blocking.
[[nodiscard]] protocol::result<actors::agents_located>
find_agents(caf::actor_system& system, const role_handles& handles,
            const protocol::mission& mission);

} // namespace troupe
