#include "node_syntax.hpp"

#include "common_options.hpp"

namespace troupe::cli {

void add_far(CLI::App& app, far_arguments& given) {
  app.add_option("--node", given.address,
                 "A node of a cluster, for commands that ask one")
      ->type_name("HOST:PORT")
      ->envname("TROUPE_NODE");
  app.add_option("--cert", given.cert,
                 "Certificate to show to it; NAME.key and ca.crt lie beside it")
      ->type_name("FILE")
      ->envname("TROUPE_CERT");
}

namespace {

void add_cluster(CLI::App& app, node_arguments& given) {
  auto* cluster =
      add_command(app, "cluster", "Ask whether a cluster can be upgraded",
                  "  troupe --node 10.0.0.7:7400 cluster check");
  cluster->require_subcommand(1);
  auto* check = add_command(
      *cluster, "check",
      "Whether nodes of this program's release may join, one by one",
      "  troupe --node 10.0.0.7:7400 --cert certs/ada.crt cluster check");
  check->callback([&given] { given.action = node_action::check; });
  add_json(*check, given.common.json, "One JSON object");
}

/// A command of `to` that does that.
CLI::App* add_action(CLI::App& to, node_arguments& given,
                     const std::string& name, const std::string& help,
                     const std::string& examples, node_action which) {
  auto* made = add_command(to, name, help, examples);
  made->callback([&given, which] { given.action = which; });
  add_json(*made, given.common.json, "One JSON object");
  return made;
}

void add_name(CLI::App& command, std::string& name, const std::string& help) {
  command.add_option("name", name, help)->required()->type_name("NAME");
}

void add_place(CLI::App& command, const std::string& option, std::string& node,
               const std::string& help) {
  command.add_option(option, node, help)->type_name("NODE");
}

void add_agent(CLI::App& app, node_arguments& given) {
  auto* agent = add_command(
      app, "agent", "Start, stop and move agents of a cluster",
      "  troupe --node 10.0.0.7:7400 agent start writer.yaml --on buoy\n"
      "  troupe --node 10.0.0.7:7400 agent move writer --to lamp");
  agent->require_subcommand(1);
  auto* list = add_action(
      *agent, given, "list", "The agents of all nodes, and where they are",
      "  troupe --node 127.0.0.1:7400 agent list", node_action::agents);
  add_no_color(*list, given.common.no_color);
  auto* start = add_action(
      *agent, given, "start", "Start the agents of a roster on a node",
      "  troupe --node 10.0.0.7:7400 agent start writer.yaml\n"
      "  troupe --node 10.0.0.7:7400 agent start agents/ --on buoy",
      node_action::start_agent);
  start->add_option("roster", given.agent, "A YAML file, or a folder of them")
      ->required()
      ->type_name("ROSTER.yaml");
  add_place(*start, "--on", given.on, "Where; else where least is done");
  add_config(*start, given.common.config);
  auto* stop =
      add_action(*agent, given, "stop", "Stop an agent that was started so",
                 "  troupe --node 10.0.0.7:7400 agent stop writer",
                 node_action::stop_agent);
  add_name(*stop, given.agent, "The agent");
  add_place(*stop, "--on", given.on, "Where, if several nodes have it");
  auto* move = add_action(
      *agent, given, "move", "Move an agent, with what it knows, to a node",
      "  troupe --node 10.0.0.7:7400 agent move writer --to lamp",
      node_action::move_agent);
  add_name(*move, given.agent, "The agent");
  add_place(*move, "--to", given.on, "Where to");
  move->get_option("--to")->required();
}

void add_queue(CLI::App& app, node_arguments& given) {
  auto* queue = add_command(app, "queue", "Look at the queue of missions",
                            "  troupe --node 10.0.0.7:7400 queue list");
  queue->require_subcommand(1);
  auto* list = add_action(
      *queue, given, "list", "The missions that wait, run or were set aside",
      "  troupe --node 127.0.0.1:7400 queue list", node_action::queue);
  add_no_color(*list, given.common.no_color);
}

} // namespace

void add_node(CLI::App& app, node_arguments& given) {
  add_cluster(app, given);
  add_agent(app, given);
  add_queue(app, given);
  auto* node = add_command(
      app, "node", "Look at the nodes of a cluster, and steer them",
      "  troupe --node 10.0.0.7:7400 --cert certs/ada.crt node list\n"
      "  troupe --node 10.0.0.7:7400 --cert certs/ada.crt node drain buoy");
  node->require_subcommand(1);
  const auto action = [&](const auto&... what) {
    return add_action(*node, given, what...);
  };
  auto* list =
      action("list", "The nodes that a node knows, itself included",
             "  troupe --node 127.0.0.1:7400 node list", node_action::list);
  add_no_color(*list, given.common.no_color);
  action("join", "Have a node connect to another one",
         "  troupe --node 10.0.0.7:7400 node join 10.0.0.9:7400",
         node_action::join)
      ->add_option("address", given.address, "Where the other one listens")
      ->required()
      ->type_name("HOST:PORT");
  auto* drain = action("drain", "Give a node no new tasks",
                       "  troupe --node 10.0.0.7:7400 node drain buoy\n"
                       "  troupe --node 10.0.0.7:7400 node drain buoy --off",
                       node_action::drain);
  add_name(*drain, given.name, "The node");
  drain->add_flag("--off", given.is_off, "It takes tasks again");
  add_name(*action("remove",
                   "Take a node out of the cluster, until it is started again",
                   "  troupe --node 10.0.0.7:7400 node remove buoy",
                   node_action::remove),
           given.name, "The node");
}

} // namespace troupe::cli
