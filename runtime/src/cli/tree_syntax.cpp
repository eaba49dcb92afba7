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

void add_health(CLI::App& app, health_arguments& given) {
  auto* health = add_command(
      app, "health",
      "Start the parts of troupe, tell whether each is live and ready, end",
      "  troupe health\n"
      "  troupe health --json\n"
      "  troupe health --steps --journal runs.db");
  health
      ->add_option("--roster", given.common.roster,
                   "Agents: a YAML file, or a folder of them")
      ->type_name("PATH");
  health->add_flag("--steps", given.steps,
                   "What was done for sick agents, from a journal");
  health
      ->add_option("--journal", given.journal,
                   "The journal's file; else the configuration's")
      ->type_name("FILE");
  add_json(*health, given.common.json, "One JSON object");
  add_config(*health, given.common.config);
  add_no_color(*health, given.common.no_color);
}

} // namespace troupe::cli
