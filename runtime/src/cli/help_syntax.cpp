#include "help_syntax.hpp"

#include "common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

void add_errors(CLI::App& app, errors_arguments& given) {
  auto* errors =
      add_command(app, "errors", "Explain an error code, or list all",
                  "  troupe errors budget_exhausted\n"
                  "  troupe errors");
  errors->add_option("code", given.code, "As in `budget_exhausted: ...`")
      ->type_name("CODE");
  add_no_color(*errors, given.common.no_color);
}

void add_completion(CLI::App& app, std::string& shell) {
  auto* completion = add_command(
      app, "completion", "Print a completion script for a shell",
      "  troupe completion bash > "
      "~/.local/share/bash-completion/completions/troupe\n"
      "  troupe completion zsh > ~/.zfunc/_troupe\n"
      "  troupe completion fish > ~/.config/fish/completions/troupe.fish");
  completion->add_option("shell", shell, "bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

} // namespace troupe::cli
