#pragma once

#include "troupe/actors/agent.hpp"
#include "troupe/actors/registry.hpp"
#include "troupe/actors/router.hpp"

#include <map>
#include <memory>
#include <string>

namespace troupe::actors {

/// TOOL: the user's code behind a tool, on a thread of its own.
using tool_actor = caf::typed_actor<
    caf::replies_to<protocol::tool_call>::with<protocol::tool_result>>;

using tool_code =
    std::function<protocol::result<std::string>(std::string_view arguments)>;

/// A tool that agents may offer to their models.
struct tool {
  protocol::tool_spec spec;
  tool_actor handle;
};

[[nodiscard]] tool_actor spawn_tool(caf::actor_system& system, std::string name,
                                    tool_code code);

struct model_agent_config {
  std::shared_ptr<const protocol::agent_spec> spec;
  std::vector<tool> tools;
  router_actor router;
  std::size_t tasks_max = 1'024; ///< At one time; beyond: `overloaded`.
  wall_clock clock;
  std::uint64_t seed = 0;
  registry_actor registry; ///< Where it finds agents to ask; null: asks none.
};

/// An agent backed by a model: a conversation per task, in which the model may
/// call tools, for at most `turns_max` model calls, and ask other agents where
/// its `asks` allow it.
[[nodiscard]] agent_actor spawn_model_agent(caf::actor_system& system,
                                            model_agent_config config,
                                            const mailbox_limits& mailbox = {});

} // namespace troupe::actors
