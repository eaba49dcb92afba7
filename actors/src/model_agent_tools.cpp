// The part of a model agent that runs what its model asks for: tools, and other
// agents.
#include "model_agent_impl.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::chrono::seconds registry_patience{5};

} // namespace

void model_agent::run_tools(const task_ptr& task) {
  const auto& wishes = task->talk.pending_tools();
  task->tool_results.assign(wishes.size(), {});
  task->tools_open = wishes.size();
  for (std::size_t i = 0; i < wishes.size() && !is_over(*task); ++i)
    run_tool({task, i, wishes[i].call_id}, wishes[i]);
}

void model_agent::run_tool(const tool_use& use, const tool_call& wish) {
  if (config_.registry && !config_.spec->asks.empty()
      && is_delegation(wish.name))
    return find_colleague(use, wish);
  const auto found =
      std::find_if(config_.tools.begin(), config_.tools.end(),
                   [&](const tool& t) { return t.spec.name == wish.name; });
  if (found == config_.tools.end())
    return tool_ended(use, {use.call_id, "no such tool", true});
  request_until<tool_result>(
      this, table_, due(*use.task), found->handle,
      [this, use](result<tool_result> outcome) {
        tool_ended(use, outcome ? std::move(*outcome)
                                : tool_result{use.call_id,
                                              outcome.error().detail, true});
      },
      tool_work{wish, use.task->asked.head.deadline,
                use.task->stop.get_token()});
}

void model_agent::tool_ended(const tool_use& use, tool_result outcome) {
  auto& task = *use.task;
  task.tool_results[use.at] = std::move(outcome);
  if (--task.tools_open != 0 || !is_open(task))
    return;
  task.talk.add_tool_results(std::move(task.tool_results));
  ask(use.task);
}

void model_agent::find_colleague(const tool_use& use, const tool_call& call) {
  auto wish = read_wish(*config_.spec, call);
  if (!wish)
    return tool_ended(use, {use.call_id, wish.error().detail, true});
  locate_agents where;
  discover_agents query;
  query.name = wish->agent;
  query.skill = wish->skill;
  query.count_max = 1;
  where.queries.push_back(std::move(query));
  request_until<agents_located>(
      this, table_, std::min(due(*use.task), clock().now() + registry_patience),
      config_.registry,
      [this, use, wish = *wish](const result<agents_located>& found) {
        if (found)
          ask_colleague(use, wish, *found);
        else
          tool_ended(use, {use.call_id, found.error().detail, true});
      },
      std::move(where));
}

void model_agent::ask_colleague(const tool_use& use,
                                const delegation_wish& wish,
                                const agents_located& found) {
  auto& task = *use.task;
  if (is_over(task))
    return;
  const auto& who = found.cards.front().name;
  auto theirs = actors::delegate(task.asked.body, config_.spec->card.name, who,
                                 wish.prompt, task.asks++);
  if (!theirs)
    return tool_ended(use, {use.call_id, theirs.error().detail, true});
  protocol::request<perform_task> question{
      child_of(task.asked.head, ids_.next(now())), std::move(*theirs)};
  question.head.from = config_.spec->card.name;
  question.head.to = who;
  question.head.content = taint::untrusted; // a model wrote it
  const auto& handle = found.handles.front();
  task.colleagues.push_back(handle);
  request_until<protocol::response<task_result>>(
      this, table_, due(task), handle,
      [this, use, handle, is_hand_off = wish.is_hand_off](
          result<protocol::response<task_result>> answer) {
        auto& open = use.task->colleagues;
        const auto mine = std::find(open.begin(), open.end(), handle);
        if (mine != open.end())
          open.erase(mine);
        colleague_answered(use, is_hand_off,
                           answer ? result<task_result>{std::move(answer->body)}
                                  : result<task_result>{answer.error()});
      },
      std::move(question));
}

void model_agent::colleague_answered(const tool_use& use, bool is_hand_off,
                                     result<task_result> answer) {
  auto& task = *use.task;
  if (!is_open(task))
    return;
  if (task.cancelled) // it overtook the answer; a tool may still be at work
    return finish(task, *task.cancelled);
  if (!answer) {
    // Who was cancelled, or has no time left, does not ask anybody else.
    if (answer.error().code == errc::cancelled
        || answer.error().code == errc::deadline_exceeded)
      return finish(task, answer.error());
    return tool_ended(use, {use.call_id, answer.error().detail, true});
  }
  task.talk.add_colleague(*answer);
  if (!is_hand_off)
    return tool_ended(use, {use.call_id, std::move(answer->output), false});
  auto outcome = std::move(task.talk).result();
  outcome.output = std::move(answer->output);
  finish(task, std::move(outcome));
}

} // namespace troupe::actors
