#include "route_syntax.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

void add_route(CLI::App& app, route_arguments& given) {
  auto* route = app.add_subcommand(
      "route", "Show which model a prompt would go to, and why");
  route->footer(
      std::string("Examples:\n"
                  "  troupe route Who was the first emperor of Rome?\n"
                  "  troupe route --tier expert --tools --json Mend the build\n"
                  "\n")
      + exit_codes);
  route->add_option("text", given.text, "The prompt, in words")
      ->required()
      ->type_name("TEXT");
  route
      ->add_option("--tier", given.tier,
                   "The least tier; else as complex as the text looks")
      ->type_name("TIER")
      ->check(CLI::IsMember({"basic", "advanced", "expert"}));
  route->add_option("--model", given.model, "This model only")->type_name("ID");
  route->add_flag("--tools", given.tools, "The model must use tools");
  route
      ->add_option("--output", given.output_tokens,
                   "Tokens of the longest answer; else 1024")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000'000).description("1..10000000"));
  route->add_flag("--json", given.common.json, "One JSON object");
  route
      ->add_option("--config", given.common.config,
                   "Configuration file; else $TROUPE_CONFIG, ./troupe.yaml")
      ->type_name("FILE");
  route->add_flag("--no-color", given.common.no_color,
                  "No colours; so does the variable NO_COLOR");
}

} // namespace troupe::cli
