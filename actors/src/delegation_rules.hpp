#pragma once

#include "troupe/actors/delegation_limits.hpp"

#include <troupe/protocol/agent.hpp>
#include <troupe/protocol/chat.hpp>
#include <troupe/protocol/mission.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/task.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// The questions that may still be put to other agents about one task. What
/// may be asked is handed on like money: a question takes itself and a share
/// for whoever is asked, and what they did not need comes back, so that a whole
/// tree of questions never passes its root's limit.
class question_allowance {
public:
  explicit question_allowance(std::uint32_t most) : left_(most) {}

  /// What goes to the asked one; none: nothing more may be asked.
  [[nodiscard]] std::optional<std::uint32_t> take();
  /// The asked one has answered; without an answer it has used all.
  void settle(std::uint32_t granted, std::uint32_t used);

  [[nodiscard]] std::uint32_t used() const { return used_; }

private:
  std::uint32_t left_ = 0;
  std::uint32_t used_ = 0;
};

/// The first agent's own limit, or what its asker has granted to an asked one.
[[nodiscard]] question_allowance
allowance_of(const protocol::perform_task& task,
             const delegation_limits& limits);

/// What a model wants of another agent.
struct delegation_wish {
  protocol::question ask;
  bool is_hand_off = false; ///< The other's answer is the task's answer.
};

/// True for the tools by which a model asks other agents.
[[nodiscard]] bool is_delegation(std::string_view tool) noexcept;

/// True for the tool by which a model finds agents to ask.
[[nodiscard]] bool is_search(std::string_view tool) noexcept;

/// True when it may ask, and look for, whoever there is.
[[nodiscard]] bool may_ask_anybody(const protocol::agent_spec& agent);

/// The tools that `agent` offers to its model; none unless it may ask.
[[nodiscard]] std::vector<protocol::tool_spec>
delegation_tools(const protocol::agent_spec& agent);

/// Errors: `invalid_request` for a question without a prompt, to nobody, or to
/// the asker itself.
[[nodiscard]] protocol::result<void>
check_question(const protocol::question& what, const std::string& asker);

/// Reads what the model wrote. Errors: `invalid_request` in words that help the
/// model: unreadable arguments, nobody named, somebody it may not ask.
[[nodiscard]] protocol::result<delegation_wish>
read_wish(const protocol::agent_spec& agent, const protocol::tool_call& call);

/// What a model wants to find. Errors: as `read_wish`.
[[nodiscard]] protocol::result<protocol::discover_agents>
read_search(const protocol::tool_call& call);

/// What was found, as JSON for a model: names, skills, the start of each
/// description; without the one who asks.
[[nodiscard]] std::string show_found(const protocol::agents_found& found,
                                     const std::string& asker);

/// The task for the agent called `name`: it pays from the same account and
/// carries the way it has come. Takes from `allowance`.
/// Errors: `limit_exceeded` (depth, number, or the same task again on its own
/// way, which is printed).
[[nodiscard]] protocol::result<protocol::perform_task>
delegate(const protocol::perform_task& mine, const std::string& my_name,
         const std::string& name, const protocol::question& what,
         question_allowance& allowance, const delegation_limits& limits = {});

/// Counts the questions of a task that are equal, and names the conversations
/// that they begin: an attempt that asks the same again has the same names.
class question_threads {
public:
  /// `mine`: of the conversation in which `what` is asked.
  protocol::id next(protocol::id mine, const protocol::question& what);

private:
  std::map<protocol::id, std::uint32_t> asked_;
};

/// Names a piece of work, whoever does it.
[[nodiscard]] protocol::id work_of(const protocol::perform_task& task);

} // namespace troupe::actors
