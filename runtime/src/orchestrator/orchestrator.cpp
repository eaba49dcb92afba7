#include "troupe/runtime/orchestrator.hpp"

#include "mission_file/own_references.hpp"
#include "orchestrator/plan_reader.hpp"

#include <algorithm>
#include <span>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t goal_bytes_max = 16U << 10U;
constexpr std::size_t inputs_max = 100;
constexpr std::uint32_t plans_max = 3;
constexpr std::uint32_t plan_tokens_max = 8'000;

result<void> check_goal(const goal& what) {
  if (what.text.find_first_not_of(" \t\r\n") == std::string::npos)
    return fail(errc::invalid_request, "a goal needs words");
  if (what.text.size() > goal_bytes_max || what.inputs.size() > inputs_max)
    return fail(errc::invalid_request,
                "a goal has at most 16,384 bytes and 100 inputs");
  return {};
}

bool has_real_model(const runtime& host) {
  const auto models = host.callable_models();
  return std::any_of(models.begin(), models.end(), [](const auto& it) {
    return !it.pinned_only && it.provider != "simulated";
  });
}

/// A run of one task, whose answer is a plan.
protocol::mission planning(const goal& what, const std::string& prompt) {
  protocol::mission it;
  it.name = "plan";
  it.budget = what.budget;
  auto& planner = it.agents.emplace_back();
  planner.card.name = "planner";
  planner.instructions = orchestrator::planner_instructions();
  auto& task = it.tasks.emplace_back();
  task.id = "plan";
  task.agent = "planner";
  task.prompt = mission_file::without_meaning(prompt);
  task.output_schema = orchestrator::plan_schema();
  task.level = protocol::tier::advanced;
  task.output_tokens_max = plan_tokens_max;
  task.always_run = true;
  task.attempts_max = 1; // what is wrong is sent back with the next plan
  return it;
}

protocol::money less(protocol::money whole, protocol::money part) {
  if (whole == protocol::money::max())
    return whole;
  return {std::max<std::int64_t>(whole.nano_usd - part.nano_usd, 0)};
}

/// One plan of a model; adds what it costs. Errors: `mission_invalid` for the
/// model to mend; all others end the planning.
result<protocol::mission>
ask_for_plan(runtime& host, const goal& what, const std::string& prompt,
             std::span<const protocol::agent_card> known, goal_plan& made) {
  auto rest = what;
  rest.budget = less(what.budget, made.cost);
  run_options options;
  options.seed = what.seed + ++made.attempts;
  auto report = host.run(planning(rest, prompt), options);
  if (!report)
    return report.error();
  made.cost += report->cost;
  rest.budget = less(what.budget, made.cost);
  if (rest.budget.nano_usd == 0)
    return fail(errc::budget_exhausted,
                "planning has used up the goal's budget of "
                    + for_people(what.budget) + ": raise it");
  const auto& task = report->tasks.front();
  if (task.state == protocol::task_state::done)
    return orchestrator::read_plan(task.output, rest, known);
  if (task.failure && task.failure->code == errc::budget_exhausted)
    return *task.failure;
  return fail(errc::mission_invalid,
              task.failure ? task.failure->detail : "no answer");
}

} // namespace

result<goal_plan> plan_goal(runtime& host, const goal& what) {
  if (auto good = check_goal(what); !good)
    return good.error();
  goal_plan made;
  const auto by_rules = [&](std::string why) {
    auto rest = what;
    rest.budget = less(what.budget, made.cost);
    made.mission = orchestrator::plan_by_rules(rest);
    made.is_by_rules = true;
    made.why = std::move(why);
    return made;
  };
  if (!has_real_model(host))
    return by_rules("no real model can be called");
  const auto known = host.agents();
  const auto asked = orchestrator::planning_prompt(what, known);
  auto prompt = asked;
  std::string problems;
  while (made.attempts < plans_max) {
    auto mission = ask_for_plan(host, what, prompt, known, made);
    if (mission) {
      made.mission = std::move(*mission);
      return made;
    }
    if (mission.error().code != errc::mission_invalid)
      return mission.error();
    problems = mission.error().detail;
    prompt = asked;
    prompt += "\n\nYour last plan had these problems:\n";
    prompt += problems;
  }
  return by_rules("no plan of a model would do: " + problems);
}

result<protocol::run_report> achieve(runtime& host, const goal& what) {
  auto plan = plan_goal(host, what);
  if (!plan)
    return plan.error();
  run_options options;
  options.seed = what.seed;
  return host.run(std::move(plan->mission), options);
}

} // namespace troupe
