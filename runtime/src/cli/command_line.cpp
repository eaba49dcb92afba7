#include "command_line.hpp"

#include "commands.hpp"
#include "completion.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "syntax.hpp"

#include <troupe/protocol/nearest.hpp>

#include <CLI/App.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <optional>

namespace troupe::cli {

namespace {

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({}))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* option : app.get_options({}))
    if (!option->get_lnames().empty())
      names.push_back("--" + option->get_lnames().front());
  return names;
}

/// The command that the user named, as far as the words are known.
const CLI::App& innermost(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : innermost(*named.back());
}

std::string path_of(const CLI::App& app) {
  const auto* parent = app.get_parent();
  return (parent == nullptr ? "" : path_of(*parent) + ' ') + app.get_name();
}

std::string help_of(const CLI::App& app) {
  const auto* parent = app.get_parent();
  return app.help(parent == nullptr ? "" : path_of(*parent));
}

/// What is wrong with the words, in one line, and where to look.
std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
  const auto& at = innermost(app);
  const auto rest = app.remaining(true);
  std::string what = error.what();
  if (!rest.empty() && rest.front().starts_with('-'))
    what = "unknown option '" + rest.front() + "'"
           + protocol::did_you_mean(rest.front(), names_of_options(at));
  else if (!rest.empty() && &at == &app)
    what = "unknown command '" + rest.front() + "'"
           + protocol::did_you_mean(rest.front(), names_of_commands(app));
  else if (!rest.empty())
    what = "unexpected argument '" + rest.front() + "'";
  else if (&at == &app)
    what = "which command?";
  return path_of(at) + ": " + report::printable_line(what) + "; see '"
         + path_of(at) + " --help'";
}

std::vector<std::string> values_of(const std::string& name) {
  if (name == "--tier")
    return {"basic", "advanced", "expert"};
  if (name == "--format")
    return {"text", "json", "markdown", "html"};
  if (name == "--replay-mode")
    return {"strict", "lenient"};
  return {};
}

/// The options of a command and of the commands inside it, each once.
void add_options(const CLI::App& command, std::vector<option_words>& options) {
  for (const auto* option : command.get_options({})) {
    if (option->get_lnames().empty())
      continue;
    const auto name = "--" + option->get_lnames().front();
    const auto& type = option->get_type_name();
    const bool path = type.ends_with("FILE") || type == "PATH" || type == "DIR";
    const auto is_same = [&](const auto& each) {
      return each.name == name;
    };
    if (std::none_of(options.begin(), options.end(), is_same))
      options.push_back({name, option->get_description(),
                         option->get_items_expected_max() > 0, path,
                         values_of(name)});
  }
  for (const auto* inner : command.get_subcommands({}))
    add_options(*inner, options);
}

std::vector<command_words> words_of(const CLI::App& app) {
  std::vector<command_words> commands;
  for (const auto* command : app.get_subcommands({})) {
    command_words words{command->get_name(),
                        command->get_description(),
                        {},
                        names_of_commands(*command)};
    add_options(*command, words.options);
    if (words.name == "completion")
      words.values = {"bash", "zsh", "fish"};
    if (words.name == "errors")
      for (const auto& each : error_names())
        words.values.push_back(each);
    commands.push_back(std::move(words));
  }
  return commands;
}

/// Commands that say something to a run, ask how all is, or keep certificates.
/// Nothing: it is another one.
std::optional<int> steer(const std::string& command, const all_arguments& given,
                         console& on) {
  if (command == "approve")
    return decide_task(given.approve, true, on);
  if (command == "refuse")
    return decide_task(given.refuse, false, on);
  if (command == "pause")
    return pause_run(given.pause, on);
  if (command == "cancel")
    return cancel_run(given.cancel, on);
  if (command == "health")
    return show_health(given.health, on);
  if (command == "cert")
    return keep_certificates(given.cert, on);
  return std::nullopt;
}

/// Commands for a node of a cluster. Nothing: it is another one.
std::optional<int> ask_cluster(const std::string& command,
                               const all_arguments& given,
                               const connect_node& connect, console& on) {
  if (command == "node" || command == "cluster" || command == "agent"
      || command == "queue")
    return steer_node(given.node, given.far, connect, on);
  if (command == "state")
    return use_state(given.state, given.far, connect, on);
  if (command == "submit")
    return submit_mission(given.submit, given.far, connect, on);
  if (command == "run" && !given.far.address.empty())
    return run_far(given.run, given.far, connect, on);
  return std::nullopt;
}

/// Commands that look at what was kept. Nothing: it is another one.
std::optional<int> look(const std::string& command, const all_arguments& given,
                        console& on) {
  if (command == "runs")
    return list_runs(given.runs, on);
  if (command == "show")
    return show_run(given.show, on);
  if (command == "replay")
    return show_run(given.replay, on);
  if (command == "report")
    return report_run(given.report, on);
  if (command == "journal")
    return look_at_journal(given.journal, on);
  return std::nullopt;
}

int dispatch(const CLI::App& app, const all_arguments& given,
             const connect_node& connect, console& on) {
  const auto& command = app.get_subcommands().front()->get_name();
  if (const auto code = ask_cluster(command, given, connect, on))
    return *code;
  if (command == "run")
    return run_mission(given.run, on);
  if (command == "resume")
    return resume_run(given.resume, on);
  if (command == "do")
    return achieve_goal(given.goal, on);
  if (command == "fork")
    return fork_run(given.fork, on);
  if (const auto code = steer(command, given, on))
    return *code;
  if (const auto code = look(command, given, on))
    return *code;
  if (command == "plan")
    return plan_mission_file(given.plan, on);
  if (command == "validate")
    return validate_missions(given.validate, on);
  if (command == "models")
    return list_models(given.models, on);
  if (command == "route")
    return explain_route(given.route, on);
  if (command == "agents")
    return list_agents(given.agents, on);
  if (command == "tree")
    return show_tree(given.tree, on);
  if (command == "schema")
    return print_schema(given.schema, on);
  if (command == "message")
    return given.message.makes_template ? print_template(given.message, on)
                                        : validate_messages(given.message, on);
  if (command == "account")
    return show_accounts(given.account, on);
  if (command == "choices")
    return list_choices(given.choices, on);
  if (command == "judge")
    return judge_call(given.judge, on);
  if (command == "errors")
    return explain_errors(given.errors, on);
  on.out.write(completion_script(given.shell, words_of(app)));
  return exit_done;
}

int parse_and_run(int count, const char* const* words,
                  const connect_node& connect, console& on) {
  all_arguments given;
  const auto app = make_syntax(given);
  try {
    app->parse(count, words);
  } catch (const CLI::CallForHelp&) {
    on.out.write(help_of(innermost(*app)));
    return exit_done;
  } catch (const CLI::CallForAllHelp&) {
    on.out.write(app->help("", CLI::AppFormatMode::All));
    return exit_done;
  } catch (const CLI::CallForVersion& version) {
    on.out.line(version.what());
    return exit_done;
  } catch (const CLI::ParseError& error) {
    on.err.line(complaint(*app, error));
    return exit_bad_input;
  }
  return dispatch(*app, given, connect, on);
}

} // namespace

int run_command_line(int count, const char* const* words,
                     connect_node connect) {
  std::signal(SIGPIPE, SIG_IGN); // a reader that left is seen when we write
  console on;
  try {
    return parse_and_run(count, words, connect, on);
  } catch (const std::exception& error) {
    on.err.line("troupe: internal: " + report::printable_line(error.what()));
    return exit_failed;
  }
}

} // namespace troupe::cli
