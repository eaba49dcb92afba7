#pragma once

#include <troupe/protocol/chat.hpp>
#include <troupe/protocol/mission.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/task.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// How far agents may go on asking each other about one task.
struct delegation_limits {
  std::size_t depth_max = 4; ///< Agents between a mission and the last asked.
  std::size_t asks_max = 16; ///< Questions of one agent about one task.
};

/// What a model wants of another agent.
struct delegation_wish {
  std::string agent; ///< A name; or empty and `skill` set.
  std::string skill;
  std::string prompt;
  bool is_hand_off = false; ///< The other's answer is the task's answer.
};

/// True for the tools by which a model reaches other agents.
[[nodiscard]] bool is_delegation(std::string_view tool) noexcept;

/// The tools that `agent` offers to its model; none unless it may ask.
[[nodiscard]] std::vector<protocol::tool_spec>
delegation_tools(const protocol::agent_spec& agent);

/// Reads what the model wrote. Errors: `invalid_request` in words that help the
/// model: unreadable arguments, nobody named, somebody it may not ask.
[[nodiscard]] protocol::result<delegation_wish>
read_wish(const protocol::agent_spec& agent, const protocol::tool_call& call);

/// The task for the agent called `name`: it pays from the same account and
/// carries the way it has come. `asked` are the questions before.
/// Errors: `limit_exceeded` (depth, number, or the same task again on its own
/// way, which is printed).
[[nodiscard]] protocol::result<protocol::perform_task>
delegate(const protocol::perform_task& mine, const std::string& my_name,
         const std::string& name, const std::string& prompt, std::size_t asked,
         const delegation_limits& limits = {});

/// Names a piece of work, whoever does it.
[[nodiscard]] protocol::id work_of(const protocol::perform_task& task);

} // namespace troupe::actors
