#include "troupe/actors/run_past.hpp"

#include "run_rules.hpp"

#include <troupe/protocol/mission_check.hpp>

#include <deque>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// A journal may come from elsewhere: what it plans is checked like any other
/// mission, but for agents, whom only a runtime knows.
result<void> check_plan(const protocol::run_planned& plan) {
  if (plan.estimates.size() != plan.what.tasks.size())
    return fail(errc::journal_damaged, "the plan has tasks without estimates");
  std::vector<protocol::agent_card> agents;
  const auto add = [&](const std::string& name, const std::string& skill) {
    agents.push_back({name, {}, {}, {}, {}});
    if (!skill.empty())
      agents.back().skills.push_back(skill);
  };
  for (const auto& task : plan.what.tasks) {
    add(task.agent, task.skill);
    add(task.gate.judge.agent, {});
    for (const auto& name : task.agreement.agents)
      add(name, {});
  }
  for (const auto& cap : plan.what.caps)
    add(cap.agent, cap.skill);
  const auto problems = protocol::check_mission(plan.what, agents);
  if (!problems.empty())
    return fail(errc::journal_damaged, "the plan: " + problems.front().pointer
                                           + ": " + problems.front().message);
  return {};
}

run_rules rules_of(protocol::id run, const protocol::run_planned& plan) {
  std::vector<std::string> agents;
  for (const auto& task : plan.what.tasks)
    agents.push_back(task.agent);
  run_rules rules{plan.what, agents, plan.estimates, run, plan.seed};
  rules.report().forked_from = plan.forked_from;
  return rules;
}

/// Those of agents, as entries tell them.
std::vector<protocol::id>
digests_of(const run_rules& rules,
           const std::vector<protocol::journal_entry>& past) {
  std::vector<protocol::id> all(rules.mission().tasks.size());
  const auto take = [&](const std::string& id,
                        const std::vector<protocol::work_part>& parts) {
    const auto task = rules.find(id);
    for (const auto& it : parts)
      if (task && it.name == "agent")
        all[*task] = it.digest;
  };
  for (const auto& entry : past) {
    if (const auto* it = std::get_if<protocol::attempt_started>(&entry.what))
      take(it->task, it->made_of);
    if (const auto* it = std::get_if<protocol::attempt_ended>(&entry.what))
      take(it->task, it->made_of);
  }
  return all;
}

/// Gives the rules what they were given when they left an entry behind.
struct replayed {
  run_rules& rules;
  protocol::instant at;

  void operator()(const protocol::run_planned& it) const {
    rules.journal().keep();
    rules.journal().add(it, at);
    rules.start(at);
  }
  void operator()(const protocol::attempt_started&) const {
    (void)rules.take_startable(at);
  }
  void operator()(const protocol::attempt_ended& it) const {
    const auto task = rules.find(it.task);
    if (!task || it.reused_from) // the rules do that by themselves
      return;
    if (rules.answer(*task) != nullptr || rules.spec(*task).agreement.of > 1)
      rules.ended(*task, it.attempt, it.outcome, it.failure, at);
    else if (!it.failure || it.failure->code == errc::gate_failed)
      rules.succeeded(*task, it.attempt, it.outcome, at);
    else
      rules.failed(*task, it.attempt, *it.failure, at);
  }
  void operator()(const protocol::attempt_answered& it) const {
    if (const auto task = rules.find(it.task))
      rules.succeeded(*task, it.attempt, it.outcome, at);
  }
  void operator()(const protocol::approval_given& it) const {
    const auto task = rules.find(it.task);
    if (!task)
      return;
    if (it.by.empty())
      (void)rules.expire(at);
    else
      (void)rules.decide(*task, it.is_yes, it.by, it.note, at);
  }
  void operator()(const protocol::run_cancelled& it) const {
    (void)rules.cancel(it.why, at);
  }
  void operator()(const protocol::run_suspended& it) const {
    rules.pause(it.why, at);
  }
  void operator()(const protocol::run_continued& it) const {
    it.is_other_process ? rules.go_on(at) : rules.unpause(at);
  }
  void operator()(const protocol::task_quarantined& it) const {
    rules.journal().add(it, at);
  }
  void operator()(const protocol::run_closed& it) const {
    rules.report().cost = it.cost;
    rules.report().cost_unknown = it.cost_unknown;
    rules.close(at);
  }
};

} // namespace

result<std::uint64_t>
replay_run(protocol::id run, const std::vector<protocol::journal_entry>& past) {
  if (const auto read = read_past(run, past); !read)
    return read.error();
  auto rules =
      rules_of(run, std::get<protocol::run_planned>(past.front().what));
  auto book = std::make_shared<result_book>();
  book->add_as_told(run, past);
  rules.know(std::move(book), digests_of(rules, past));
  std::deque<protocol::journal_entry> made; // bounded by the run's tasks
  for (const auto& it : past) {
    if (made.empty()) {
      std::visit(replayed{rules, it.at}, it.what);
      for (auto& entry : rules.journal().take())
        made.push_back(std::move(entry));
    }
    if (made.empty() || made.front() != it)
      return it.sequence;
    made.pop_front();
  }
  return std::uint64_t{0};
}

result<std::vector<protocol::journal_entry>>
decide_past(protocol::id run, const std::vector<protocol::journal_entry>& past,
            const decision& what, protocol::instant now) {
  if (const auto read = read_past(run, past); !read)
    return read.error();
  auto rules =
      rules_of(run, std::get<protocol::run_planned>(past.front().what));
  if (auto done = rules.restore(past); !done)
    return done.error();
  const auto task = rules.find(what.task);
  if (!task)
    return fail(errc::invalid_request,
                "the run has no task '" + what.task + "'");
  rules.journal().keep();
  if (auto done = rules.decide(*task, what.is_yes, what.by, what.note, now);
      !done)
    return done.error();
  return rules.journal().take();
}

result<std::vector<protocol::journal_entry>>
cancel_past(protocol::id run, const std::vector<protocol::journal_entry>& past,
            const protocol::error& why, const past_cost& cost,
            protocol::instant now) {
  const auto read = read_past(run, past);
  if (!read)
    return read.error();
  if (read->is_closed)
    return fail(errc::unknown_run,
                "run " + to_string(run) + " has ended: "
                    + std::string(protocol::enum_name(read->report.state)));
  auto rules = rules_of(run, read->plan);
  if (auto done = rules.restore(past); !done)
    return done.error();
  rules.journal().keep();
  if (!rules.is_cancelling())
    (void)rules.cancel(why, now);
  rules.abandon(now); // nobody works on it
  auto& report = rules.report();
  report.cost = cost.all.value_or(report.cost);
  report.cost_unknown = cost.unknown;
  rules.close(now);
  return rules.journal().take();
}

result<run_past> read_past(protocol::id run,
                           const std::vector<protocol::journal_entry>& past) {
  const auto* plan =
      past.empty() ? nullptr
                   : std::get_if<protocol::run_planned>(&past.front().what);
  if (plan == nullptr)
    return fail(errc::journal_damaged, "a run begins with its plan");
  if (auto good = check_plan(*plan); !good)
    return good.error();
  auto rules = rules_of(run, *plan);
  if (auto done = rules.restore(past); !done)
    return done.error();
  return run_past{
      *plan, std::move(rules.report()), rules.take_events(),
      std::holds_alternative<protocol::run_closed>(past.back().what)};
}

} // namespace troupe::actors
