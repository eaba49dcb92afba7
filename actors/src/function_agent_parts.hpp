#pragma once

#include "troupe/actors/function_agent.hpp"

#include <memory>

namespace troupe::actors {

/// Runs the user's code; whatever it throws is a failure of the agent, and
/// `has_thrown` says so.
[[nodiscard]] protocol::result<protocol::task_result>
call_task_code(const task_code& code, const task_work& work,
               bool* has_thrown = nullptr);

/// A function agent with a thread of its own.
[[nodiscard]] agent_actor spawn_blocking_agent(caf::actor_system& system,
                                               function_agent_config config,
                                               const mailbox_limits& mailbox);

} // namespace troupe::actors
