#pragma once

#include "troupe/actors/clock.hpp"
#include "troupe/actors/delegation_limits.hpp"
#include "troupe/actors/journal.hpp"
#include "troupe/actors/mailbox.hpp"
#include "troupe/actors/quarantine_book.hpp"
#include "troupe/actors/registry.hpp"
#include "troupe/actors/router.hpp"

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace troupe::actors {

/// A call for a TOOL. Stays within a process.
struct tool_work {
  protocol::tool_call call;
  protocol::instant deadline; ///< Epoch: none.
  std::stop_token stop;       ///< Stops when the agent's task is cancelled.
  std::string key{};          ///< As in `effect_begun`; empty: none is kept.
};

/// TOOL: the user's code behind a tool, on a thread of its own.
using tool_actor =
    caf::typed_actor<caf::replies_to<tool_work>::with<protocol::tool_result>>;

using tool_code =
    std::function<protocol::result<std::string>(const tool_work& work)>;

/// A tool that agents may offer to their models.
struct tool {
  protocol::tool_spec spec;
  tool_actor handle;
  bool is_idempotent = false; ///< As in `begin_effect`.
};

[[nodiscard]] tool_actor spawn_tool(caf::actor_system& system, std::string name,
                                    tool_code code, wall_clock clock = {});

struct model_agent_config {
  std::shared_ptr<const protocol::agent_spec> spec;
  std::vector<tool> tools;
  router_actor router;
  std::size_t tasks_max = 1'024; ///< At one time; beyond: `overloaded`.
  wall_clock clock;
  std::uint64_t seed = 0;
  registry_actor registry; ///< Where it finds agents to ask; null: asks none.
  delegation_limits delegation{};
  /// Takes calls with a plan for tiers; null: the router takes them as well.
  router_actor cascade{};
  /// Where calls of tools for runs are kept; null: nowhere.
  journal_actor journal{};
  /// Where it is told of messages that crash; null: all are worked on.
  std::shared_ptr<quarantine_book> quarantine{};
};

/// An agent backed by a model: a conversation per task, in which the model may
/// call tools, for at most `turns_max` model calls, and ask other agents where
/// its `asks` allow it.
[[nodiscard]] agent_actor spawn_model_agent(caf::actor_system& system,
                                            model_agent_config config,
                                            const mailbox_limits& mailbox = {});

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::tool_work)
