#pragma once

#include "troupe/actors/call_log.hpp"
#include "troupe/actors/repeat_rules.hpp"

#include <troupe/protocol/mission.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// The rules of a model agent: one task as a conversation with a model.
/// Not thread-safe.
class conversation {
public:
  conversation(const protocol::agent_spec& agent,
               const std::vector<protocol::tool_spec>& tools,
               const protocol::perform_task& task);

  /// The call to make next.
  [[nodiscard]] const protocol::model_call& call() const { return call_; }

  /// What a reply asks for.
  enum class step {
    finish,    ///< The task is done; `result` is complete.
    run_tools, ///< Run `pending_tools`, then `add_tool_results`.
    fail,      ///< `failure` says why.
  };
  [[nodiscard]] step add_reply(protocol::model_reply reply);

  /// What is to be kept of the call that has got this reply, which is to be
  /// added behind it; but for what only its agent knows.
  [[nodiscard]] kept_call note(const protocol::model_reply& reply);

  /// Goes on behind the calls of a conversation that was broken off: what its
  /// last reply asks for. Null: they are no such conversation, and this one is
  /// as it was. To be called before anything was said.
  [[nodiscard]] std::optional<step>
  go_on_behind(const std::vector<kept_call>& past);

  /// The calls of tools that were made, and answered, before it was broken off.
  [[nodiscard]] const std::vector<protocol::tool_call>& made_before() const {
    return made_before_;
  }

  [[nodiscard]] const std::vector<protocol::tool_call>& pending_tools() const {
    return pending_;
  }
  /// What is to be done with each of them.
  [[nodiscard]] const std::vector<repeat_rules::verdict>& verdicts() const {
    return verdicts_;
  }
  void add_tool_results(std::vector<protocol::tool_result> results);

  /// Adds what another agent has spent on this one's behalf.
  void add_colleague(const protocol::task_result& theirs);

  [[nodiscard]] protocol::task_result result() && { return std::move(result_); }
  [[nodiscard]] const protocol::error& failure() const { return failure_; }

private:
  /// Why the model may not be asked again, if so.
  [[nodiscard]] std::optional<protocol::error> limit_reached() const;

  protocol::model_call call_;
  std::vector<protocol::tool_call> pending_;
  protocol::task_result result_;
  protocol::error failure_;
  std::uint32_t turns_max_;
  std::uint64_t tokens_max_; ///< 0: no limit.
  repeat_rules repeats_;
  std::vector<repeat_rules::verdict> verdicts_;
  std::vector<protocol::tool_call> made_before_;
  std::uint32_t notes_ = 0;  ///< Calls that were noted.
  std::size_t noted_to_ = 0; ///< Messages that are in them.
};

/// What a model is told of a call that is not made, since it repeats itself.
[[nodiscard]] protocol::tool_result repeated_call(std::string call_id);

/// The user message of a task: prompt, inputs under headings, feedback.
[[nodiscard]] std::string render_prompt(const protocol::perform_task& task);

} // namespace troupe::actors
