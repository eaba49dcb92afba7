// The command `run` for a node of a cluster.
#include "check_unattended.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "run_followed.hpp"

#include <troupe/protocol/mission_budget.hpp>

#include <boost/json/serialize.hpp>

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

/// A mission for a node.
struct far_mission {
  setup with;
  protocol::mission mission;
  run_options options;
};

/// Reads what is to be run; the roster's agents go with the mission, unless it
/// has them. Nothing: the exit code is in `code`, and was told.
std::optional<far_mission> prepare(const run_arguments& given, far_node& at,
                                   console& on, int& code) {
  code = exit_bad_input;
  auto offer = at.offer();
  if (!offer) {
    code = refuse(offer.error(), on);
    return {};
  }
  auto with = load_setup(given.common, on);
  if (!with)
    return {};
  with->far = std::move(offer->agents);
  auto mission = load_mission_file(given.mission, given.inputs, *with, on);
  if (!mission)
    return {};
  if (given.budget)
    protocol::replace_budget(*mission, *given.budget);
  if (given.concurrency != 0)
    mission->concurrency = given.concurrency;
  mission->agents = all_agents(*mission, *with);
  run_options options;
  options.model = given.model;
  options.seed = given.seed.value_or(options.seed);
  if (given.reuses || !given.again.empty()) {
    options.reuse.emplace();
    options.reuse->is_on = true;
    options.reuse->again = given.again;
  }
  return far_mission{std::move(*with), std::move(*mission), options};
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
  int code = exit_done;
  const auto what = prepare(given, **node, on, code);
  if (!what)
    return code;
  if (!prepare_out(given, on))
    return exit_bad_input;
  return follow_far(given, what->with, what->mission, what->options, **node,
                    watch, on);
}

int submit_mission(const run_arguments& given, const far_arguments& far,
                   const connect_node& connect, console& on) {
  const auto node = reach(far, connect);
  if (!node)
    return refuse(node.error(), on);
  int code = exit_done;
  const auto what = prepare(given, **node, on, code);
  if (!what)
    return code;
  if (const auto good = check_unattended(what->mission); !good)
    return refuse(good.error(), on);
  const auto run = (*node)->submit(what->mission, what->options);
  if (!run)
    return refuse(run.error(), on);
  if (given.common.json)
    on.out.line(
        boost::json::serialize(boost::json::object{{"run", to_string(*run)}}));
  else
    on.out.line("queued as run " + to_string(*run));
  return exit_done;
}

} // namespace troupe::cli
