// The part of a model agent that runs what its model asks for: tools, and other
// agents.
#include "model_agent_impl.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

void model_agent::run_tools(const open_task_ptr& task) {
  const auto& wishes = task->talk.pending_tools();
  task->tool_results.assign(wishes.size(), {});
  task->tools_open = wishes.size();
  for (std::size_t i = 0; i < wishes.size() && !is_over(*task); ++i) {
    const tool_use use{task, i, wishes[i].call_id};
    if (task->talk.verdicts()[i] == repeat_rules::verdict::tell)
      tool_ended(use, repeated_call(use.call_id));
    else
      run_tool(use, wishes[i]);
  }
}

void model_agent::run_tool(const tool_use& use, const tool_call& wish) {
  if (registry() && !config_.spec->asks.empty()) {
    if (is_delegation(wish.name))
      return ask_another(use, wish);
    if (is_search(wish.name) && may_ask_anybody(*config_.spec))
      return find_agents(use, wish);
  }
  const auto found =
      std::find_if(config_.tools.begin(), config_.tools.end(),
                   [&](const tool& t) { return t.spec.name == wish.name; });
  if (found == config_.tools.end())
    return tool_ended(use, {use.call_id, "no such tool", true});
  if (config_.journal && use.task->asked.head.conversation)
    begin_effect_of(use, wish, *found);
  else
    call_tool(use, wish, *found, {});
}

void model_agent::call_tool(const tool_use& use, const tool_call& wish,
                            const tool& which, const std::string& key) {
  request_until<tool_result>(
      this, table_, due(*use.task), which.handle,
      [this, use, key](result<tool_result> outcome) {
        if (!outcome) // with a key: nobody knows what it has done
          tool_ended(use, {use.call_id, outcome.error().detail, true});
        else if (key.empty())
          tool_ended(use, std::move(*outcome));
        else
          end_effect_of(use, key, *outcome);
      },
      tool_work{wish, use.task->asked.head.deadline, use.task->stop.get_token(),
                key});
}

void model_agent::tool_ended(const tool_use& use, tool_result outcome) {
  auto& task = *use.task;
  task.tool_results[use.at] = std::move(outcome);
  if (--task.tools_open != 0 || !is_open(task))
    return;
  task.talk.add_tool_results(std::move(task.tool_results));
  ask(use.task);
}

void model_agent::find_agents(const tool_use& use, const tool_call& call) {
  auto query = read_search(call);
  if (!query)
    return tool_ended(use, {use.call_id, query.error().detail, true});
  protocol::request<discover_agents> search{
      child_of(use.task->asked.head, next_id()), std::move(*query)};
  request_until<protocol::response<agents_found>>(
      this, table_, registry_due(*use.task), registry(),
      [this, use](const result<protocol::response<agents_found>>& found) {
        if (found)
          tool_ended(
              use, {use.call_id, show_found(found->body, asker_name()), false});
        else
          tool_ended(use, {use.call_id, found.error().detail, true});
      },
      std::move(search));
}

void model_agent::ask_another(const tool_use& use, const tool_call& call) {
  auto wish = read_wish(*config_.spec, call);
  if (!wish)
    return tool_ended(use, {use.call_id, wish.error().detail, true});
  ask_colleague(
      use.task, wish->ask,
      [this, use, is_hand_off = wish->is_hand_off](result<task_result> answer) {
        colleague_answered(use, is_hand_off, std::move(answer));
      });
}

void model_agent::colleague_answered(const tool_use& use, bool is_hand_off,
                                     result<task_result> answer) {
  auto& task = *use.task;
  if (!is_open(task))
    return;
  if (task.cancelled) // it overtook the answer; a tool may still be at work
    return finish(task, *task.cancelled);
  if (!answer) {
    // Who was cancelled, has no time left, or cannot know what was done does
    // not ask anybody else.
    if (answer.error().code == errc::cancelled
        || answer.error().code == errc::deadline_exceeded
        || answer.error().code == errc::effect_unknown)
      return finish(task, answer.error());
    return tool_ended(use, {use.call_id, answer.error().detail, true});
  }
  task.talk.add_colleague(*answer);
  if (!is_hand_off)
    return tool_ended(use, {use.call_id, std::move(answer->output), false});
  auto outcome = std::move(task.talk).result();
  outcome.output = std::move(answer->output);
  outcome.last_call = answer->last_call;
  finish(task, std::move(outcome));
}

} // namespace troupe::actors
