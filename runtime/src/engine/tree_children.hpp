#pragma once

#include "engine/role_handles.hpp"

#include <troupe/protocol/tree.hpp>

#include <string>

namespace troupe {

/// A part of the tree that everything else stands on, and that nobody can start
/// again: with its end the whole tree ends.
[[nodiscard]] actors::child_spec irreplaceable(actors::child_spec child);

/// A supervisor of children that come and go and are never started again: runs,
/// or tools. Irreplaceable; its handle becomes the role.
[[nodiscard]] actors::child_spec
temporary_children(const std::string& name, role_handles& handles,
                   actors::supervisor_actor roles::*role,
                   const actors::wall_clock& clock);

/// A child of such a one. `shutdown` as in `child_spec`.
[[nodiscard]] actors::child_spec
temporary_child(const std::string& id, actors::child_start start,
                std::chrono::milliseconds shutdown,
                const std::string& remark = {});

/// A tool that lives already gets its place; one of the same name is stopped.
protocol::result<void> show_tool(caf::actor_system& system,
                                 const role_handles& handles,
                                 const actors::tool& it);

/// What a supervisor has, with all below it. One that does not answer by its
/// time is `silent`. Blocking: up to 10 s for each supervisor.
[[nodiscard]] protocol::tree_node tree_below(caf::actor_system& system,
                                             const actors::supervisor_actor& it,
                                             protocol::tree_node node);

} // namespace troupe
