#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"
#include "upgrade_check.hpp"

#include <troupe/protocol/json.hpp>

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
  if (given.action == node_action::check)
    return check_upgrade(**at, given, on);
  if (given.action == node_action::list) {
    const auto nodes = (*at)->nodes();
    if (!nodes)
      return refuse(nodes.error(), on);
    print_nodes(*nodes, given, on);
    return exit_done;
  }
  if (const auto outcome = steer(**at, given); !outcome)
    return refuse(outcome.error(), on);
  if (given.common.json)
    on.out.line(boost::json::serialize(boost::json::object{{"done", true}}));
  else
    on.out.line(report::printable_line(done_text(given)));
  return exit_done;
}

} // namespace troupe::cli
