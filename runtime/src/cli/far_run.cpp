// The command `run` for a node of a cluster.
#include "commands.hpp"
#include "exit_code.hpp"
#include "run_followed.hpp"

#include <troupe/protocol/mission_budget.hpp>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// What is the node's to say.
result<void> check_far(const run_arguments& given) {
  const auto refuse_if = [](bool is_given, const std::string& option) {
    return is_given ? result<void>{fail(
               errc::invalid_request,
               option + " is not for a run on a node: its configuration says")}
                    : result<void>{};
  };
  for (const auto& [is_given, option] :
       {std::pair{!given.journal.empty(), "--journal"},
        std::pair{!given.record.empty(), "--record"},
        std::pair{!given.record_models.empty(), "--record-models"},
        std::pair{!given.replay_models.empty(), "--replay-models"}})
    if (auto good = refuse_if(is_given, option); !good)
      return good;
  return {};
}

/// The roster's agents go with the mission, unless it has them.
void take_along(const setup& with, protocol::mission& mission) {
  mission.agents = all_agents(mission, with);
}

} // namespace

int run_far(const run_arguments& given, const far_arguments& far,
            const connect_node& connect, console& on) {
  interrupt_watch watch;
  if (const auto good = check_far(given); !good)
    return refuse(good.error(), on);
  const auto node = reach(far, connect);
  if (!node)
    return refuse(node.error(), on);
  auto offer = (*node)->offer();
  if (!offer)
    return refuse(offer.error(), on);
  auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  with->far = std::move(offer->agents);
  auto mission = load_mission_file(given.mission, given.inputs, *with, on);
  if (!mission || !prepare_out(given, on))
    return exit_bad_input;
  if (given.budget)
    protocol::replace_budget(*mission, *given.budget);
  if (given.concurrency != 0)
    mission->concurrency = given.concurrency;
  take_along(*with, *mission);
  run_options options;
  options.model = given.model;
  options.seed = given.seed.value_or(options.seed);
  if (given.reuses || !given.again.empty()) {
    options.reuse.emplace();
    options.reuse->is_on = true;
    options.reuse->again = given.again;
  }
  return follow_far(given, *with, *mission, options, **node, watch, on);
}

} // namespace troupe::cli
