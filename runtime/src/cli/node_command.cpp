#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"
#include "upgrade_check.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/runtime/roster.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::string time_of(std::uint32_t us) {
  return us == 0 ? "-"
                 : std::to_string(us / 1'000) + "."
                       + std::to_string(us % 1'000 / 100) + " ms";
}

void print_nodes(const std::vector<node_view>& nodes,
                 const node_arguments& given, console& on) {
  if (given.common.json) {
    on.out.line(boost::json::serialize(
        boost::json::object{{"nodes", protocol::to_json(nodes)}}));
    return;
  }
  report::text_table table{{{"NODE"},
                            {"ADDRESS", false, true, 3},
                            {"STATE"},
                            {"BUSY", true, false, 4},
                            {"OF", true, false, 4},
                            {"AGENTS", true, false, 5},
                            {"ROUND TRIP", true, false, 2},
                            {"RELEASE", false, false, 1}}};
  for (const auto& it : nodes)
    table.add_row({{it.name},
                   {it.address},
                   {it.state + (it.is_draining ? ", draining" : "")
                        + (it.leads ? ", leads" : ""),
                    it.state == "down"      ? report::tone::bad
                    : it.state == "suspect" ? report::tone::busy
                                            : report::tone::plain},
                   {std::to_string(it.busy)},
                   {std::to_string(it.capacity)},
                   {std::to_string(it.agents)},
                   {time_of(it.round_trip_us)},
                   {it.release}});
  on.out.write(table.text(page_for(on.out, given.common.no_color)));
}

int check_upgrade(far_node& at, const node_arguments& given, console& on) {
  const auto nodes = at.nodes();
  if (!nodes)
    return refuse(nodes.error(), on);
  const auto next = at.own_versions();
  const auto problems = upgrade_problems(*nodes, next);
  if (given.common.json) {
    on.out.line(boost::json::serialize(
        boost::json::object{{"release", next.release},
                            {"safe", problems.empty()},
                            {"nodes", nodes->size()},
                            {"problems", protocol::to_json(problems)}}));
  } else {
    for (const auto& it : problems)
      on.out.line(report::printable_line(it));
    on.out.line(problems.empty()
                    ? "safe: nodes of release " + next.release
                          + " may join the " + std::to_string(nodes->size())
                          + " that are there, one by one"
                    : "not safe: see above");
  }
  return problems.empty() ? exit_done : exit_failed;
}

void print_agents(const std::vector<agent_place>& agents,
                  const node_arguments& given, console& on) {
  if (given.common.json) {
    on.out.line(boost::json::serialize(
        boost::json::object{{"agents", protocol::to_json(agents)}}));
    return;
  }
  report::text_table table{{{"AGENT", false, true, 3},
                            {"NODE"},
                            {"TIER"},
                            {"BUSY", true, false, 4},
                            {"OF", true, false, 4}}};
  for (const auto& it : agents)
    table.add_row({{it.name},
                   {it.node},
                   {std::string{protocol::enum_name(it.level)}},
                   {std::to_string(it.busy)},
                   {std::to_string(it.capacity)}});
  on.out.write(table.text(page_for(on.out, given.common.no_color)));
}

void print_queue(const std::vector<queued_mission>& queue,
                 const node_arguments& given, console& on) {
  if (given.common.json) {
    on.out.line(boost::json::serialize(
        boost::json::object{{"queue", protocol::to_json(queue)}}));
    return;
  }
  report::text_table table{{{"RUN"},
                            {"MISSION", false, true, 3},
                            {"STATE"},
                            {"NODE"},
                            {"CLAIMS", true, false, 4},
                            {"WHY", false, true, 2}}};
  for (const auto& it : queue)
    table.add_row({{to_string(it.run)},
                   {report::printable_line(it.mission)},
                   {it.state},
                   {it.node.empty() ? "-" : it.node},
                   {std::to_string(it.claims)},
                   {report::printable_line(it.why)}});
  on.out.write(table.text(page_for(on.out, given.common.no_color)));
}

/// All of a roster, or none that was refused before.
int start_agents(far_node& at, const node_arguments& given, console& on) {
  const auto roster = load_roster(given.agent);
  for (const auto& it : roster.problems)
    on.err.line(report::printable_line(to_text(it)));
  if (!roster.problems.empty())
    return exit_bad_input;
  boost::json::array started;
  for (const auto& it : roster.agents) {
    const auto where = at.start_agent(it, given.on);
    if (!where)
      return refuse(where.error(), on);
    started.push_back(
        boost::json::object{{"agent", it.card.name}, {"node", *where}});
    if (!given.common.json)
      on.out.line(report::printable_line("agent '" + it.card.name
                                         + "' is on node '" + *where + "'"));
  }
  if (given.common.json)
    on.out.line(boost::json::serialize(
        boost::json::object{{"started", std::move(started)}}));
  return exit_done;
}

/// Stops or moves one.
int steer_agent(far_node& at, const node_arguments& given, console& on) {
  const bool moves = given.action == node_action::move_agent;
  const auto from = moves ? at.move_agent(given.agent, given.on)
                          : at.stop_agent(given.agent, given.on);
  if (!from)
    return refuse(from.error(), on);
  if (given.common.json) {
    boost::json::object told{{"agent", given.agent}, {"from", *from}};
    if (moves)
      told["to"] = given.on;
    on.out.line(boost::json::serialize(told));
    return exit_done;
  }
  on.out.line(report::printable_line(
      moves
          ? "agent '" + given.agent + "' has moved from node '" + *from
                + "' to node '" + given.on + "'"
          : "agent '" + given.agent + "' was stopped on node '" + *from + "'"));
  return exit_done;
}

/// Nothing: it is another command.
std::optional<int> look_around(far_node& at, const node_arguments& given,
                               console& on) {
  const auto told = [&](const auto& what, auto print) {
    if (!what)
      return refuse(what.error(), on);
    print(*what, given, on);
    return static_cast<int>(exit_done);
  };
  switch (given.action) {
  case node_action::check:
    return check_upgrade(at, given, on);
  case node_action::list:
    return told(at.nodes(), print_nodes);
  case node_action::agents:
    return told(at.agents(), print_agents);
  case node_action::queue:
    return told(at.queue(), print_queue);
  case node_action::start_agent:
    return start_agents(at, given, on);
  case node_action::stop_agent:
  case node_action::move_agent:
    return steer_agent(at, given, on);
  default:
    return {};
  }
}

/// What was done, in one line.
std::string done_text(const node_arguments& given) {
  switch (given.action) {
  case node_action::join:
    return "it connects to " + given.address;
  case node_action::drain:
    return "node '" + given.name + "' "
           + (given.is_off ? "takes tasks again" : "is given no new tasks");
  default:
    return "node '" + given.name
           + "' was taken out; it comes back when it is started again";
  }
}

result<void> steer(far_node& at, const node_arguments& given) {
  switch (given.action) {
  case node_action::join:
    return at.join(given.address);
  case node_action::drain:
    return at.drain(given.name, !given.is_off);
  default:
    return at.remove(given.name);
  }
}

} // namespace

result<std::unique_ptr<far_node>> reach(const far_arguments& given,
                                        const connect_node& connect) {
  if (given.address.empty())
    return fail(errc::invalid_request,
                "which node? say --node HOST:PORT, or set TROUPE_NODE");
  if (!connect)
    return fail(errc::invalid_request, "this command knows no clusters");
  return connect({given.address, given.cert});
}

int steer_node(const node_arguments& given, const far_arguments& far,
               const connect_node& connect, console& on) {
  const auto at = reach(far, connect);
  if (!at)
    return refuse(at.error(), on);
  if (const auto code = look_around(**at, given, on))
    return *code;
  if (const auto outcome = steer(**at, given); !outcome)
    return refuse(outcome.error(), on);
  if (given.common.json)
    on.out.line(boost::json::serialize(boost::json::object{{"done", true}}));
  else
    on.out.line(report::printable_line(done_text(given)));
  return exit_done;
}

} // namespace troupe::cli
