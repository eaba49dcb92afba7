#pragma once

#include "engine/engine.hpp"

namespace troupe::test {

/// The living roles of an engine. Only tests need to reach them, in order to
/// take one away, so the engine has no such function.
[[nodiscard]] role_handles& roles_of(engine& from);
/// The supervisor at its top.
[[nodiscard]] actors::supervisor_actor& root_of(engine& from);

/// Ends an actor as a fault would.
void kill(const caf::actor& who);

/// Waits until every agent that was added has been started anew and is on its
/// way to the registry.
[[nodiscard]] bool agents_are_back(engine& from);

/// One task for an agent.
[[nodiscard]] protocol::mission mission_of(const std::string& agent);

} // namespace troupe::test
