#include "completion.hpp"

#include <algorithm>

namespace troupe::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string option_names(const command_words& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options)
    names.push_back(option.name);
  return joined(names);
}

/// The text between single quotes of all three shells. Our own help texts:
/// quotes become typographic ones, which no shell minds.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string("’") : std::string(1, c);
  return out + "'";
}

std::string bash_values(const command_words& command) {
  std::string text;
  for (const auto& option : command.options)
    if (!option.values.empty())
      text += "    " + command.name + ":" + option.name
              + ") COMPREPLY=($(compgen -W \"" + joined(option.values)
              + "\" -- \"$word\")); return ;;\n";
    else if (option.takes_value && !option.takes_path)
      text += "    " + command.name + ":" + option.name + ") return ;;\n";
  return text;
}

std::string bash_script(const std::vector<command_words>& commands) {
  std::vector<std::string> names;
  std::string values;
  std::string options;
  for (const auto& command : commands) {
    names.push_back(command.name);
    values += bash_values(command);
    options += "    " + command.name + ") options=\"" + option_names(command)
               + "\" words=\"" + joined(command.values) + "\" ;;\n";
  }
  return "# bash completion for troupe\n"
         "_troupe() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\" options words\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    COMPREPLY=($(compgen -W \""
         + joined(names)
         + " --help --version\" -- \"$word\"))\n"
           "    return\n"
           "  fi\n"
           "  case \"${COMP_WORDS[1]}:${COMP_WORDS[COMP_CWORD - 1]}\" in\n"
         + values
         + "  esac\n"
           "  case \"${COMP_WORDS[1]}\" in\n"
         + options
         + "  esac\n"
           "  if [[ $word == -* ]]; then\n"
           "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
           "  elif [[ -n $words ]] && ((COMP_CWORD == 2)); then\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
           "  else\n"
           "    compopt -o filenames 2>/dev/null\n"
           "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
           "  fi\n"
           "}\n"
           "complete -F _troupe troupe\n";
}

std::string zsh_option(const option_words& option) {
  auto help = option.help;
  std::replace(help.begin(), help.end(), '[', '(');
  std::replace(help.begin(), help.end(), ']', ')');
  std::replace(help.begin(), help.end(), ':', ',');
  auto text = "'*" + option.name + "[" + shell_quoted(help).substr(1);
  text.back() = ']';
  if (option.takes_path)
    text += ":path:_files";
  else if (!option.values.empty())
    text += ":value:(" + joined(option.values) + ")";
  else if (option.takes_value)
    text += ":value:";
  return text + "'";
}

std::string zsh_script(const std::vector<command_words>& commands) {
  std::string names;
  std::string cases;
  for (const auto& command : commands) {
    names += "    " + shell_quoted(command.name + ":" + command.help) + '\n';
    cases += "    " + command.name + ")\n      _arguments";
    for (const auto& option : command.options)
      cases += " \\\n        " + zsh_option(option);
    if (!command.values.empty())
      cases += " \\\n        '1:argument:(" + joined(command.values) + ")'";
    cases += " \\\n        '*:argument:_files' ;;\n";
  }
  return "#compdef troupe\n"
         "_troupe() {\n"
         "  local -a commands\n"
         "  commands=(\n"
         + names
         + "  )\n"
           "  if ((CURRENT == 2)); then\n"
           "    _describe command commands\n"
           "    return\n"
           "  fi\n"
           "  shift words\n"
           "  ((CURRENT--))\n"
           "  case $words[1] in\n"
         + cases
         + "  esac\n"
           "}\n"
           "if [ \"$funcstack[1]\" = _troupe ]; then\n"
           "  _troupe \"$@\"\n"
           "else\n"
           "  compdef _troupe troupe\n"
           "fi\n";
}

std::string fish_script(const std::vector<command_words>& commands) {
  std::string text = "# fish completion for troupe\n"
                     "complete -c troupe -n __fish_use_subcommand -f\n";
  for (const auto& command : commands) {
    const auto inside = "complete -c troupe -n '__fish_seen_subcommand_from "
                        + command.name + "'";
    text += "complete -c troupe -n __fish_use_subcommand -f -a "
            + shell_quoted(command.name) + " -d " + shell_quoted(command.help)
            + '\n';
    for (const auto& option : command.options) {
      text += inside + (option.name.starts_with("--") ? " -l " : " -s ")
              + option.name.substr(option.name.starts_with("--") ? 2 : 1);
      if (!option.values.empty())
        text += " -x -a " + shell_quoted(joined(option.values));
      else if (option.takes_value)
        text += option.takes_path ? " -r" : " -x";
      text += " -d " + shell_quoted(option.help) + '\n';
    }
    if (!command.values.empty())
      text += inside + " -f -a " + shell_quoted(joined(command.values)) + '\n';
  }
  return text;
}

} // namespace

std::string completion_script(std::string_view shell,
                              const std::vector<command_words>& commands) {
  if (shell == "bash")
    return bash_script(commands);
  if (shell == "zsh")
    return zsh_script(commands);
  return shell == "fish" ? fish_script(commands) : std::string{};
}

} // namespace troupe::cli
