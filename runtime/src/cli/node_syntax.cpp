#include "node_syntax.hpp"

#include "common_options.hpp"

namespace troupe::cli {

void add_far(CLI::App& app, far_arguments& given) {
  app.add_option("--node", given.address,
                 "A node of a cluster, for 'run' and 'node'")
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

} // namespace

void add_node(CLI::App& app, node_arguments& given) {
  add_cluster(app, given);
  auto* node = add_command(
      app, "node", "Look at the nodes of a cluster, and steer them",
      "  troupe --node 10.0.0.7:7400 --cert certs/ada.crt node list\n"
      "  troupe --node 10.0.0.7:7400 --cert certs/ada.crt node drain buoy");
  node->require_subcommand(1);
  const auto action = [&](const std::string& name, const std::string& help,
                          const std::string& examples, node_action which) {
    auto* made = add_command(*node, name, help, examples);
    made->callback([&given, which] { given.action = which; });
    add_json(*made, given.common.json, "One JSON object");
    return made;
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
  drain->add_option("name", given.name, "The node")
      ->required()
      ->type_name("NAME");
  drain->add_flag("--off", given.is_off, "It takes tasks again");
  action("remove", "Take a node out of the cluster, until it is started again",
         "  troupe --node 10.0.0.7:7400 node remove buoy", node_action::remove)
      ->add_option("name", given.name, "The node")
      ->required()
      ->type_name("NAME");
}

} // namespace troupe::cli
