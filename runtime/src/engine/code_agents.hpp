#pragma once

#include "troupe/runtime/agent_process.hpp"
#include "troupe/runtime/topics.hpp"

#include <troupe/actors/function_agent.hpp>
#include <troupe/protocol/agent.hpp>

/// Agents of C++ code as their actors are made of them; but for what only the
/// engine knows.
namespace troupe {

[[nodiscard]] actors::function_agent_config
code_agent(const protocol::agent_card& card, agent_function code,
           execution where, announcement_function hear);

/// `where` has been checked.
[[nodiscard]] actors::function_agent_config
code_agent(const protocol::agent_card& card,
           const agent_process_options& where);

} // namespace troupe
