#include "common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

CLI::App* add_command(CLI::App& app, const std::string& name,
                      const std::string& help, const std::string& examples) {
  auto* command = app.add_subcommand(name, help);
  command->footer("Examples:\n" + examples + "\n\n" + exit_codes);
  return command;
}

void add_config(CLI::App& command, std::string& file) {
  command
      .add_option("--config", file,
                  "Configuration file; else $TROUPE_CONFIG, ./troupe.yaml")
      ->type_name("FILE");
}

void add_json(CLI::App& command, bool& is_json, const std::string& help) {
  command.add_flag("--json", is_json, help);
}

void add_no_color(CLI::App& command, bool& no_color) {
  command.add_flag("--no-color", no_color,
                   "No colours; so does the variable NO_COLOR");
}

} // namespace troupe::cli
