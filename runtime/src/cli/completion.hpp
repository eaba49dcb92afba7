#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::cli {

/// An option as a shell completes it.
struct option_words {
  std::string name; ///< With its dashes.
  std::string help;
  bool takes_value = false;
  bool takes_path = false;
  std::vector<std::string> values; ///< All there are; empty: any.
};

struct command_words {
  std::string name;
  std::string help;
  std::vector<option_words> options;
  std::vector<std::string> values; ///< Of its argument; empty: a path.
};

/// A script that makes `bash`, `zsh` or `fish` complete the command's words;
/// empty for any other shell.
[[nodiscard]] std::string
completion_script(std::string_view shell,
                  const std::vector<command_words>& commands);

} // namespace troupe::cli
