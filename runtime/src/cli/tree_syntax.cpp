#include "tree_syntax.hpp"

#include "common_options.hpp"

namespace troupe::cli {

void add_tree(CLI::App& app, tree_arguments& given) {
  auto* tree = add_command(
      app, "tree", "Start the parts of troupe, show who supervises whom, end",
      "  troupe tree\n"
      "  troupe tree --roster agents/ --json");
  tree->add_option("--roster", given.common.roster,
                   "Agents: a YAML file, or a folder of them")
      ->type_name("PATH");
  add_json(*tree, given.common.json, "One JSON object");
  add_config(*tree, given.common.config);
  add_no_color(*tree, given.common.no_color);
}

} // namespace troupe::cli
