// The part of a coordinator that minds how agents are.
#include "coordinator_asking.hpp"
#include "delegation_rules.hpp"
#include "health_window.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

/// A task whose agent is drained looks so often whether it is back; that ends
/// with the drain, which is short, or with the attempt.
constexpr std::chrono::milliseconds look_again{200};

} // namespace

void coordinator::tell_status(part_status& to) const {
  add_figure(to, "requests", open_.size());
  add_figure(to, "held_back", held_.size());
  if (is_closing_ || is_leaving_)
    not_ready(to, "it ends");
}

/// Before the attempt is kept, so that its entry names who has it.
void coordinator::choose_agent(std::size_t task) {
  const auto& it = config_.assignments[task];
  if (it.stand_ins.empty() || !config_.health->is_used())
    return;
  std::vector<std::string> names{it.name};
  for (const auto& other : it.stand_ins)
    names.push_back(other.who.name);
  const auto best = config_.health->choose(names, now());
  rules_.give_to(task, names[best],
                 best == 0 ? it.digest : it.stand_ins[best - 1].digest);
}

named_agent coordinator::agent_of(std::size_t task) const {
  const auto& it = config_.assignments[task];
  for (const auto& other : it.stand_ins)
    if (other.who.name == rules_.agent(task))
      return other.who;
  return {it.agent, it.name};
}

void coordinator::ask_when_fit(const std::shared_ptr<asking>& what) {
  const auto& name = what->who.name;
  if (config_.health->may_be_given(name)) {
    const auto lives = config_.health->restarts_of(name);
    if (lives_[name] != lives)
      return ask_next_life(what, lives);
    return send_task(std::move(*what));
  }
  table_.add(clock().now() + look_again, [this, what] {
    const auto& it = what->it;
    if (!rules_.runs(it.task, it.number))
      return;
    if (rules_.is_cancelling())
      return end_asked({it.task, it.number, what->who, what->together},
                       what->then,
                       fail(errc::cancelled, "it was not begun any more"));
    ask_when_fit(what);
  });
  table_.arm(this);
}

/// It was started again: who has its work has another handle now.
void coordinator::ask_next_life(const std::shared_ptr<asking>& what,
                                std::uint32_t lives) {
  request_until<agents_located>(
      this, table_, clock().now() + registry_patience, config_.registry,
      [this, what, lives](const result<agents_located>& found) {
        if (found) {
          lives_[what->who.name] = lives;
          set_handle(what->who.name, found->handles.front());
          what->who.agent = found->handles.front();
        }
        if (rules_.runs(what->it.task, what->it.number))
          send_task(std::move(*what));
      },
      locate_named(what->who.name));
}

void coordinator::set_handle(const std::string& name,
                             const agent_actor& handle) {
  const auto set = [&](named_agent& it) {
    if (it.name == name)
      it.agent = handle;
  };
  for (auto& it : config_.assignments) {
    if (it.name == name)
      it.agent = handle;
    set(it.judge);
    for (auto& other : it.others)
      set(other);
    for (auto& other : it.stand_ins)
      set(other.who);
  }
}

protocol::id coordinator::work_in(std::size_t task, std::uint32_t number) {
  const auto prompt = rules_.prompt_of(task);
  return prompt ? work_of(body_of({task, number, {}}, *prompt))
                : protocol::id{};
}

void coordinator::note_end(open_attempt& it, std::optional<errc> failure,
                           bool called_models) {
  if (!config_.health || std::exchange(it.is_noted, true))
    return;
  agent_outcome how;
  how.begun = it.begun;
  how.failure = failure;
  how.called_models = called_models;
  if (failure
      && (is_fault_of_agent(*failure) || *failure == errc::deadline_exceeded))
    how.work = work_in(it.task, it.number);
  config_.health->ended(it.who.name, how, now());
}

/// Its agent may never answer.
void coordinator::note_expired(const run_rules::attempt& it) {
  for (auto& [key, open] : open_)
    if (open.task == it.task && open.number == it.number)
      note_end(open, errc::deadline_exceeded, false);
}

/// Whether a gate has let an answer pass; of one that several have given, it
/// says nothing of any of them.
void coordinator::note_gate(std::size_t task, bool passed) {
  const auto& spec = rules_.spec(task);
  if (!config_.health || spec.agreement.of > 1
      || (spec.gate == gate_spec{} && spec.output_schema.empty()))
    return;
  config_.health->judged(
      rules_.agent(task), passed,
      passed ? protocol::id{}
             : work_in(task, rules_.report().tasks[task].attempts),
      now());
}

} // namespace troupe::actors
