// The part of a coordinator that deals with attempts and their agents.
#include "clip.hpp"
#include "coordinator_asking.hpp"
#include "progress_pace.hpp"
#include "schema_mark.hpp"
#include "troupe/actors/answer_check.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

tier raised(tier level, std::uint32_t by) {
  const auto most = static_cast<std::uint32_t>(tier::expert);
  return static_cast<tier>(
      std::min(static_cast<std::uint32_t>(level) + by, most));
}

} // namespace

perform_task coordinator::body_of(const run_rules::attempt& it,
                                  std::string prompt) {
  const auto& spec = rules_.spec(it.task);
  perform_task body;
  body.task = spec.id;
  body.attempt = it.number;
  body.prompt = std::move(prompt);
  if (!spec.output_schema.empty())
    body.prompt += "\n\n" + std::string{schema_mark} + spec.output_schema;
  body.inputs = rules_.inputs_of(it.task);
  body.account = account_of(it.task) + "/" + rules_.agent(it.task);
  body.model = spec.model;
  body.level = raised(config_.assignments[it.task].level,
                      rules_.progress_of(it.task).raised);
  body.output_tokens_max = spec.output_tokens_max;
  body.feedback = rules_.progress_of(it.task).feedback;
  body.seed = config_.seed;
  body.wants_progress = true;
  for (const auto& name : rules_.mission().tags)
    body.tags.push_back("tag:" + name);
  body.on_shortage = rules_.mission().on_shortage;
  body.terms = spec.models.value_or(rules_.mission().models);
  return body;
}

result<void> coordinator::send_attempt(const run_rules::attempt& it) {
  auto prompt = rules_.prompt_of(it.task);
  if (!prompt)
    return prompt.error();
  const auto& spec = rules_.spec(it.task);
  const auto& chosen = config_.assignments[it.task];
  auto body = body_of(it, std::move(*prompt));
  const auto own = agent_of(it.task);
  if (spec.agreement.of < 2) {
    ask_agent(it, own, std::move(body), {}, {});
    return {};
  }
  const auto together = std::make_shared<several>();
  together->open = spec.agreement.of;
  for (std::uint32_t i = 0; i < spec.agreement.of; ++i) {
    auto one = body;
    const auto& who =
        chosen.others.empty() ? own : chosen.others[i % chosen.others.size()];
    if (i != 0)
      one.task += "~" + std::to_string(i + 1); // its effects are its own
    one.seed += i;
    one.account = account_of(it.task) + "/" + who.name;
    ask_agent(it, who, std::move(one), together, {});
  }
  return {};
}

void coordinator::ask_agent(const run_rules::attempt& it,
                            const named_agent& who, perform_task body,
                            std::shared_ptr<several> together,
                            answer_handler then) {
  asking what{it, who, std::move(body), std::move(together), std::move(then)};
  if (config_.health && config_.health->is_used())
    return ask_when_fit(std::make_shared<asking>(std::move(what)));
  send_task(std::move(what));
}

void coordinator::send_task(asking what) {
  const auto& it = what.it;
  protocol::request<perform_task> ask{new_header(what.who.name),
                                      std::move(what.body)};
  ask.head.urgency = rules_.spec(it.task).urgency;
  ask.head.deadline = it.deadline;
  ask.head.cancel_scope = ask.head.message;
  const auto key = ask.head.message;
  if (config_.health)
    config_.health->begun(what.who.name, now());
  open_.emplace(key, open_attempt{it.task, it.number, what.who,
                                  std::move(what.together), now()});
  request_kept<protocol::response<task_result>>(
      this, table_, what.who.agent,
      [this, key, then = std::move(what.then)](
          result<protocol::response<task_result>> answer) {
        const auto found = open_.find(key);
        if (found == open_.end())
          return;
        auto ended = std::move(found->second);
        open_.erase(found);
        auto outcome = answer ? result<task_result>{std::move(answer->body)}
                              : result<task_result>{answer.error()};
        note_end(ended,
                 outcome ? std::nullopt : std::optional{outcome.error().code},
                 outcome && outcome->model_calls > 0);
        end_asked(ended, then, std::move(outcome));
      },
      std::move(ask));
}

void coordinator::end_asked(const open_attempt& it, const answer_handler& then,
                            result<task_result> outcome) {
  if (then)
    then(std::move(outcome));
  else
    end_attempt(it, std::move(outcome));
}

void coordinator::end_attempt(const open_attempt& it,
                              result<task_result> outcome) {
  if (it.together) {
    it.together->answers.push_back(std::move(outcome));
    if (--it.together->open == 0)
      end_together(it);
    return;
  }
  if (outcome && is_leaving_)
    outcome = not_kept();
  if (outcome) {
    const auto call = outcome->last_call;
    const auto& record = rules_.report().tasks[it.task];
    const bool counts = record.state == task_state::running
                        && record.attempts == it.number; // it is not late
    rules_.succeeded(it.task, it.number, std::move(*outcome), now());
    if (counts) {
      judge_by_gate(it, call);
      if (rules_.answer(it.task) == nullptr) // else others look at it
        note_gate(it.task, record.state == task_state::done);
    }
  } else if (outcome.error().code == errc::unreachable) {
    return find_agent_again(it, outcome.error());
  } else {
    if (outcome.error().code == errc::quarantined)
      note_quarantine(it);
    rules_.failed(it.task, it.number, outcome.error(), now());
  }
  advance();
}

/// The message itself is kept with the run, to be looked at later.
void coordinator::note_quarantine(const open_attempt& it) {
  const auto prompt = rules_.prompt_of(it.task);
  if (!config_.quarantine || !prompt || !rules_.runs(it.task, it.number))
    return;
  if (auto kept =
          config_.quarantine->find(body_of({it.task, it.number, {}}, *prompt)))
    rules_.journal().add(
        task_quarantined{rules_.spec(it.task).id, it.number, std::move(*kept)},
        now());
}

void coordinator::end_together(const open_attempt& it) {
  auto made =
      agree(rules_.spec(it.task).agreement, std::move(it.together->answers));
  if (is_leaving_ && !made.failure)
    made.failure = not_kept();
  if (made.failure)
    rules_.ended(it.task, it.number, std::move(made.outcome),
                 std::move(made.failure), now());
  else
    rules_.succeeded(it.task, it.number, std::move(made.outcome), now());
  advance();
}

void coordinator::judge_by_gate(const open_attempt& it, protocol::id call) {
  if (!config_.learner || !call || rules_.spec(it.task).gate == gate_spec{})
    return;
  const bool passed = rules_.report().tasks[it.task].state == task_state::done;
  // One that was told what to change says little of its model.
  if (passed && !rules_.progress_of(it.task).feedback.empty())
    return;
  // Nobody waits for the answer: the call may have been answered by a cache.
  caf::anon_send(config_.learner,
                 protocol::request<judge_answer>{new_header("router"),
                                                 {call, passed ? 1'000U : 0U}});
}

/// A restarted agent has a new handle; the next attempt needs it.
void coordinator::find_agent_again(const open_attempt& it, const error& why) {
  request_until<agents_located>(
      this, table_, clock().now() + registry_patience, config_.registry,
      [this, it, why](result<agents_located> found) {
        if (found)
          set_handle(found->cards.front().name, found->handles.front());
        rules_.failed(it.task, it.number, why, now());
        advance();
      },
      locate_named(rules_.agent(it.task)));
}

void coordinator::cancel_attempt(const run_rules::attempt& it,
                                 const std::string& why) {
  for (const auto& [key, open] : open_)
    if (open.task == it.task && open.number == it.number)
      cancel_request(key, open.who, why);
  if (const auto tool = gate_tools_.find(it.task); tool != gate_tools_.end())
    tool->second.request_stop();
}

void coordinator::cancel_request(protocol::id scope, const named_agent& who,
                                 const std::string& why) {
  send(who.agent, coordination<cancel>{new_header(who.name), {scope, why}});
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
