#include "commands.hpp"
#include "exit_code.hpp"
#include "report/plan_text.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/runtime/runtime.hpp>

namespace troupe::cli {

int plan_mission_file(const plan_arguments& given, console& on) {
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  auto mission = load_mission_file(given.mission, given.inputs, *with, on);
  if (!mission)
    return exit_bad_input;
  settle_tiers(*mission, *with);
  const auto host = runtime::create(with->config); // knows who can be called
  if (!host) {
    tell(on, host.error());
    return exit_code_for(host.error().code);
  }
  const auto plan = actors::plan_mission(*mission, all_agents(*mission, *with),
                                         host->callable_models(),
                                         protocol::token_estimator{});
  if (given.dot)
    on.out.write(report::plan_dot(*mission, plan));
  else if (given.common.json)
    on.out.line(report::plan_json(*mission, plan));
  else
    on.out.write(report::plan_text(*mission, plan,
                                   page_for(on.out, given.common.no_color)));
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
