// The part of a coordinator that deals with attempts and their agents.
#include "clip.hpp"
#include "coordinator_impl.hpp"
#include "progress_pace.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::chrono::seconds registry_patience{5};

} // namespace

perform_task coordinator::body_of(const run_rules::attempt& it) {
  const auto& spec = rules_.spec(it.task);
  perform_task body;
  body.task = spec.id;
  body.attempt = it.number;
  body.prompt = spec.prompt;
  body.inputs = rules_.inputs_of(it.task);
  body.account = account_of(it.task) + "/" + rules_.agent(it.task);
  body.model = spec.model;
  body.level = config_.assignments[it.task].level;
  body.output_tokens_max = spec.output_tokens_max;
  body.feedback = rules_.feedback(it.task);
  body.seed = config_.seed;
  body.wants_progress = true;
  for (const auto& name : rules_.mission().tags)
    body.tags.push_back("tag:" + name);
  body.on_shortage = rules_.mission().on_shortage;
  body.terms = spec.models.value_or(rules_.mission().models);
  return body;
}

void coordinator::send_attempt(const run_rules::attempt& it) {
  protocol::request<perform_task> ask{new_header(rules_.agent(it.task)),
                                      body_of(it)};
  ask.head.urgency = rules_.spec(it.task).urgency;
  ask.head.deadline = it.deadline;
  ask.head.cancel_scope = ask.head.message;
  const auto key = ask.head.message;
  open_.emplace(key, open_attempt{it.task, it.number});
  request_kept<protocol::response<task_result>>(
      this, table_, config_.assignments[it.task].agent,
      [this, key](result<protocol::response<task_result>> answer) {
        if (answer)
          end_attempt(key, std::move(answer->body));
        else
          end_attempt(key, answer.error());
      },
      std::move(ask));
}

void coordinator::end_attempt(const protocol::id& key,
                              result<task_result> outcome) {
  const auto found = open_.find(key);
  if (found == open_.end())
    return;
  const auto it = found->second;
  open_.erase(found);
  if (outcome) {
    const auto call = outcome->last_call;
    const auto& record = rules_.report().tasks[it.task];
    const bool counts = record.state == task_state::running
                        && record.attempts == it.number; // it is not late
    rules_.succeeded(it.task, it.number, std::move(*outcome), now());
    if (counts)
      judge_by_gate(it, call);
  } else if (outcome.error().code == errc::unreachable) {
    return find_agent_again(it, outcome.error());
  } else {
    rules_.failed(it.task, it.number, outcome.error(), now());
  }
  advance();
}

void coordinator::judge_by_gate(const open_attempt& it, protocol::id call) {
  if (!config_.learner || !call || rules_.spec(it.task).gate == gate_spec{})
    return;
  const bool passed = rules_.report().tasks[it.task].state == task_state::done;
  // One that was told what to change says little of its model.
  if (passed && !rules_.feedback(it.task).empty())
    return;
  // Nobody waits for the answer: the call may have been answered by a cache.
  caf::anon_send(config_.learner,
                 protocol::request<judge_answer>{new_header("router"),
                                                 {call, passed ? 1'000U : 0U}});
}

/// A restarted agent has a new handle; the next attempt needs it.
void coordinator::find_agent_again(const open_attempt& it, const error& why) {
  locate_agents ask;
  ask.queries.push_back({rules_.agent(it.task), {}, tier::basic, 1});
  request_until<agents_located>(
      this, table_, clock().now() + registry_patience, config_.registry,
      [this, it, why](result<agents_located> found) {
        if (found)
          for (auto& other : config_.assignments)
            if (other.name == rules_.agent(it.task))
              other.agent = found->handles.front();
        rules_.failed(it.task, it.number, why, now());
        advance();
      },
      std::move(ask));
}

void coordinator::cancel_attempt(const run_rules::attempt& it,
                                 const std::string& why) {
  for (const auto& [key, open] : open_)
    if (open.task == it.task && open.number == it.number)
      cancel_request(key, it.task, why);
}

void coordinator::cancel_request(protocol::id scope, std::size_t task,
                                 const std::string& why) {
  send(config_.assignments[task].agent,
       coordination<cancel>{new_header(rules_.agent(task)), {scope, why}});
}

coordinator::open_attempt* coordinator::attempt_of(const header& head) {
  const auto found = open_.find(head.correlation);
  return found == open_.end() ? nullptr : &found->second;
}

void coordinator::show(const open_attempt& it) {
  rules_.progressed(it.task, it.number, it.far, now());
  flush();
}

void coordinator::arrived(const notification<model_delta>& msg) {
  auto* it = attempt_of(msg.head);
  if (it == nullptr)
    return;
  it->far.output_chars += msg.body.text.size();
  show(*it);
}

void coordinator::accepted(const coordination<task_accepted>& msg) {
  auto* it = attempt_of(msg.head);
  if (it == nullptr || msg.body.waiting == 0)
    return;
  it->far.note = "waits behind " + std::to_string(msg.body.waiting)
                 + (msg.body.waiting == 1 ? " task" : " tasks")
                 + " of its agent";
  show(*it);
}

void coordinator::started(const coordination<task_started>& msg) {
  auto* it = attempt_of(msg.head);
  if (it == nullptr || it->far.note.empty())
    return;
  it->far.note.clear();
  show(*it);
}

void coordinator::advanced(const coordination<task_progress>& msg) {
  auto* it = attempt_of(msg.head);
  if (it == nullptr)
    return;
  it->far.permille = std::min<std::uint32_t>(msg.body.permille, 1'000);
  it->far.note = clip(msg.body.note, progress_note_bytes_max);
  show(*it);
}

} // namespace troupe::actors
