#include "commands.hpp"
#include "engine/model_check.hpp"
#include "exit_code.hpp"
#include "report/plan_text.hpp"
#include "report/printable.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/runtime/runtime.hpp>

namespace troupe::cli {

namespace {

/// Tells what may end a run of this mission for want of money.
void warn_of_cost(const protocol::mission& mission, const protocol::money& cost,
                  const protocol::result<void>& first, console& on) {
  if (!first)
    on.err.line("troupe: warning: a run would not start: "
                + report::printable_line(first.error().detail));
  else if (cost > mission.budget)
    on.err.line("troupe: warning: the estimate of " + for_people(cost)
                + " exceeds the budget of " + for_people(mission.budget));
}

void warn_of_time(const protocol::mission& mission,
                  const actors::mission_plan& plan, console& on) {
  if (plan.critical_time > mission.deadline)
    on.err.line("troupe: warning: the longest chain is expected to take "
                + protocol::for_people(plan.critical_time)
                + ", longer than the deadline of "
                + protocol::for_people(mission.deadline));
}

void print_plan(const plan_arguments& given, const protocol::mission& mission,
                const actors::mission_plan& plan, console& on) {
  if (given.dot)
    on.out.write(report::plan_dot(mission, plan));
  else if (given.common.json)
    on.out.line(report::plan_json(mission, plan));
  else
    on.out.write(report::plan_text(mission, plan,
                                   page_for(on.out, given.common.no_color)));
}

} // namespace

int plan_mission_file(const plan_arguments& given, console& on) {
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  auto mission = load_mission_file(given.mission, given.inputs, *with, on);
  if (!mission)
    return exit_bad_input;
  settle_tasks(*mission, *with);
  const auto host = runtime::create(with->config); // knows who can be called
  if (!host)
    return refuse(host.error(), on);
  const auto agents = all_agents(*mission, *with);
  const auto models = host->callable_models();
  const protocol::token_estimator counter;
  const auto plan = actors::plan_mission(*mission, agents, models, counter);
  const model_offer offer{models, with->models, with->config.providers,
                          counter};
  if (const auto fits =
          check_models_fit(*mission, agents, offer, plan.estimates);
      !fits)
    return refuse(fits.error(), on);
  print_plan(given, *mission, plan, on);
  warn_of_cost(*mission, plan.cost,
               check_first_payable(*mission, agents, offer), on);
  warn_of_time(*mission, plan, on);
  return exit_done;
}

int validate_missions(const validate_arguments& given, console& on) {
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  int code = exit_done;
  for (const auto& path : given.missions) {
    auto mission = load_mission_file(path, {}, *with, on);
    if (mission)
      on.out.line(path + ": ok, " + std::to_string(mission->tasks.size())
                  + (mission->tasks.size() == 1 ? " task" : " tasks"));
    else
      code = exit_bad_input;
  }
  return code;
}

} // namespace troupe::cli
