// The part of a model agent that keeps the calls of its model, and goes on
// behind those that were kept.
#include "journal_patience.hpp"
#include "model_agent_impl.hpp"
#include "troupe/actors/repeat_rules.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

std::uint32_t depth_of(const protocol::request<perform_task>& asked) {
  return static_cast<std::uint32_t>(asked.body.chain.size());
}

} // namespace

bool model_agent::is_kept(const open_task& task) const {
  return config_.journal && task.asked.head.conversation;
}

void model_agent::begin(const open_task_ptr& task) {
  const auto& asked = task->asked;
  if (!is_kept(*task) || asked.body.attempt < 2) // nothing was before it
    return ask(task);
  request_until<calls_read>(
      this, table_, clock().now() + journal_patience, config_.journal,
      [this, task](result<calls_read> past) {
        if (!is_open(*task))
          return;
        if (!past)
          return finish(*task, past.error());
        go_on_behind(task, past->calls);
      },
      read_calls{asked.head.conversation, asked.body.task,
                 config_.spec->card.name, asked.body.attempt, depth_of(asked),
                 asked.body.thread});
}

void model_agent::go_on_behind(const open_task_ptr& task,
                               const std::vector<kept_call>& past) {
  if (is_over(*task))
    return;
  const auto next = task->talk.go_on_behind(past);
  if (!next)
    return ask(task);
  task->call = past.back().call;
  // Tools that have answered keep their numbers, so their keys.
  for (const auto& wish : task->talk.made_before()) {
    ++task->called[wish.name + '\n' + canonical_json(wish.arguments)];
    if (!is_delegation(wish.name))
      continue;
    if (const auto was = read_wish(*config_.spec, wish))
      (void)task->threads.next(task->asked.body.thread, was->ask);
  }
  follow(task, *next);
}

void model_agent::keep(const open_task_ptr& task, model_reply reply) {
  const auto& asked = task->asked;
  auto note = task->talk.note(reply);
  note.task = asked.body.task;
  note.agent = config_.spec->card.name;
  note.depth = depth_of(asked);
  note.thread = asked.body.thread;
  note.attempt = asked.body.attempt;
  note.call = task->call;
  const auto next = task->talk.add_reply(std::move(reply));
  const bool is_end = next != conversation::step::run_tools;
  request_until<call_kept>(
      this, table_, clock().now() + journal_patience, config_.journal,
      [this, task, next, is_end](const result<call_kept>& kept) {
        if (!is_open(*task))
          return;
        if (!kept)
          return finish(*task, kept.error());
        if (is_end && task->cancelled)
          return finish(*task, *task->cancelled);
        if (is_end)
          follow(task, next);
      },
      keep_call{asked.head.conversation, std::move(note)});
  // What its tools do is kept behind it: the journal takes one by one.
  if (!is_end)
    follow(task, next);
}

} // namespace troupe::actors
