#include "model_agent_impl.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::size_t progress_step_chars = 256;

} // namespace

model_agent::model_agent(caf::actor_config& cfg, model_agent_config config,
                         const mailbox_limits& mailbox)
    : asking_agent(cfg,
                   {config.spec->card.name, std::move(config.registry),
                    config.delegation, config.clock, config.seed},
                   mailbox),
      config_(std::move(config)) {
  set_exit_handler([this](const caf::exit_msg& msg) {
    is_stopped_ = true;
    quit(msg.reason);
  });
}

model_agent::behavior_type model_agent::make_behavior() {
  return {
      [this](const protocol::request<perform_task>& msg) { return take(msg); },
      [this](const coordination<cancel>& msg) { end(msg); },
      [](const notification<announcement>&) {}, // not a part of any task
      [this](const notification<model_delta>& msg) { pass_on(msg); },
      [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
  };
}

void model_agent::tell_status(protocol::part_status& to) const {
  add_figure(to, "tasks", tasks_.size());
}

void model_agent::on_exit() {
  for (auto& [key, task] : tasks_) {
    task->promise.deliver(to_caf(reason_for(*task)));
    task->stop.request_stop();
    // The scope of a colleague's question is its asker's, who may go on.
    if (!task->asked.body.chain.empty())
      continue;
    // Nobody waits for its calls any more, so that they need not be paid.
    send(before_router(),
         coordination<cancel>{
             child_of(task->asked.head, next_id()),
             {task->asked.head.cancel_scope, "the agent has ended"}});
    cancel_colleagues(*task, "the agent has ended");
  }
  close();
  tasks_.clear();
  by_call_.clear();
  config_.router = nullptr;
  config_.cascade = nullptr;
  config_.tools.clear();
  config_.journal = nullptr;
}

/// Of several, nobody knows which one is to blame.
error model_agent::reason_for(const open_task& task) {
  if (!is_stopped_ && config_.quarantine)
    if (const auto noted = config_.quarantine->crashed(
            task.asked.body, config_.spec->card.name, "its actor ended", now());
        !noted)
      return noted.error();
  return fail(errc::unreachable, "the agent has ended");
}

std::vector<tool_spec> model_agent::tool_specs() const {
  std::vector<tool_spec> specs;
  specs.reserve(config_.tools.size());
  for (const auto& it : config_.tools)
    specs.push_back(it.spec);
  if (registry())
    for (auto& it : delegation_tools(*config_.spec))
      specs.push_back(std::move(it));
  return specs;
}

caf::result<protocol::response<task_result>>
model_agent::take(const protocol::request<perform_task>& msg) {
  if (tasks_.size() >= config_.tasks_max)
    return to_caf(
        refuse(msg, fail(errc::overloaded, "the agent is at its most tasks")));
  if (config_.quarantine)
    if (const auto may = config_.quarantine->admit(msg.body); !may)
      return to_caf(refuse(msg, may.error()));
  // Making the promise takes the sender away, so it is read first.
  auto sink = caf::actor_cast<delta_sink_actor>(current_sender());
  auto task = std::make_shared<open_task>(
      asking_task{msg, follower_of(msg), config_.delegation},
      conversation{*config_.spec, tool_specs(), msg.body});
  task->sink = std::move(sink);
  task->promise = make_response_promise<protocol::response<task_result>>();
  tasks_.emplace(msg.head.message, task);
  tell(task->follower, msg.head,
       task_accepted{msg.body.task, msg.body.attempt});
  tell(task->follower, msg.head, task_started{msg.body.task, msg.body.attempt});
  begin(task);
  return task->promise;
}

void model_agent::ask(const open_task_ptr& task) {
  if (is_over(*task))
    return;
  protocol::request<model_call> call{child_of(task->asked.head, next_id()),
                                     task->talk.call()};
  call.head.from = config_.spec->card.name;
  task->call = call.head.message;
  by_call_.emplace(task->call, task);
  const auto& to = call.body.terms.cascade ? before_router() : config_.router;
  request_until<protocol::response<model_reply>>(
      this, table_, due(*task), to,
      [this, task](result<protocol::response<model_reply>> answer) {
        by_call_.erase(task->call);
        if (!is_open(*task))
          return;
        if (answer && task->cancelled)
          finish(*task, *task->cancelled); // it overtook the answer
        else if (answer)
          go_on(task, std::move(answer->body));
        else
          finish(*task, answer.error());
      },
      std::move(call));
}

void model_agent::go_on(const open_task_ptr& task, model_reply reply) {
  if (is_kept(*task))
    return keep(task, std::move(reply));
  follow(task, task->talk.add_reply(std::move(reply)));
}

void model_agent::follow(const open_task_ptr& task, conversation::step next) {
  switch (next) {
  case conversation::step::finish: {
    auto outcome = std::move(task->talk).result();
    outcome.last_call = task->call;
    return finish(*task, std::move(outcome));
  }
  case conversation::step::fail:
    return finish(*task, task->talk.failure());
  case conversation::step::run_tools:
    return run_tools(task);
  }
}

bool model_agent::is_open(const asking_task& task) const {
  return tasks_.count(task.asked.head.message) != 0;
}

bool model_agent::is_over(asking_task& which) {
  const auto found = tasks_.find(which.asked.head.message);
  if (found == tasks_.end())
    return true;
  auto& task = *found->second;
  if (!task.cancelled && has_passed(task.asked.head.deadline, now()))
    task.cancelled = fail(errc::deadline_exceeded, "the task has no time left");
  if (!task.cancelled)
    return false;
  finish(task, *task.cancelled);
  return true;
}

void model_agent::finish(open_task& task, result<task_result> outcome) {
  task.stop.request_stop(); // of tools whose answer came too late
  if (outcome) {
    outcome->questions = task.questions.used();
    if (config_.quarantine)
      config_.quarantine->went_well(task.asked.body);
  }
  // Kept to the end: the caller's reference may be into it.
  const auto keep = tasks_.extract(task.asked.head.message);
  end_task(task, std::move(outcome));
}

void model_agent::end(const coordination<cancel>& msg) {
  if (!msg.body.scope)
    return;
  std::vector<open_task_ptr> ended;
  for (auto& [key, task] : tasks_)
    if (task->asked.head.cancel_scope == msg.body.scope)
      ended.push_back(task);
  send(before_router(), msg);
  for (auto& task : ended) {
    task->cancelled = fail(errc::cancelled, msg.body.reason);
    task->stop.request_stop();
    cancel_colleagues(*task, msg.body.reason);
    // A task that waits for its model ends with the router's answer, so that
    // it is quiet, and settled, when it says so; one that waits for a tool
    // ends now, since a tool that is asked to stop need not.
    if (task->tools_open != 0 && task->colleagues.empty())
      finish(*task, fail(errc::cancelled, msg.body.reason));
  }
}

void model_agent::pass_on(const notification<model_delta>& msg) {
  const auto found = by_call_.find(msg.head.correlation);
  if (found == by_call_.end())
    return;
  auto& task = *found->second;
  task.unsent += msg.body.text;
  if (task.unsent.size() < progress_step_chars || !task.sink)
    return;
  auto head = child_of(task.asked.head, next_id());
  head.correlation = task.asked.head.message;
  head.content = taint::untrusted;
  send(task.sink, notification<model_delta>{std::move(head),
                                            {std::exchange(task.unsent, {})}});
}

agent_actor spawn_model_agent(caf::actor_system& system,
                              model_agent_config config,
                              const mailbox_limits& mailbox) {
  return system.spawn<model_agent>(std::move(config), mailbox);
}

} // namespace troupe::actors
