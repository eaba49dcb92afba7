#include "state_syntax.hpp"

#include "common_options.hpp"

namespace troupe::cli {

namespace {

constexpr const char* at = "  troupe --node 10.0.0.7:7400 state ";

CLI::App* add_action(CLI::App& state, state_arguments& given,
                     const std::string& name, const std::string& help,
                     const std::string& example, state_action which) {
  auto* made = add_command(state, name, help, at + example);
  made->callback([&given, which] { given.action = which; });
  add_json(*made, given.json, "JSON, an object a line");
  return made;
}

void add_key(CLI::App& to, state_arguments& given) {
  to.add_option("key", given.key, "1 to 256 bytes, as in games/7")
      ->required()
      ->type_name("KEY");
}

void add_prefix(CLI::App& to, state_arguments& given) {
  to.add_option("prefix", given.key, "Keys that begin so; none: all")
      ->type_name("PREFIX");
}

void add_expected(CLI::App& to, state_arguments& given) {
  to.add_option("--expect", given.expected,
                "Only if the key has this version; 0: if there is none")
      ->type_name("VERSION");
}

} // namespace

void add_state(CLI::App& app, state_arguments& given) {
  auto* state = add_command(
      app, "state", "Read, write and follow the state that nodes share",
      std::string{at} + "put games/7 '{\"round\": 1}'\n" + at + "watch games/");
  state->require_subcommand(1);
  add_key(*add_action(*state, given, "get", "Print the value of a key",
                      "get games/7", state_action::get),
          given);
  auto* put = add_action(*state, given, "put", "Write a value",
                         "put games/7 '[1, 2]' --expect 4 --ttl 10m",
                         state_action::put);
  add_key(*put, given);
  put->add_option("value", given.value, "JSON text")
      ->required()
      ->type_name("JSON");
  add_expected(*put, given);
  put->add_option("--ttl", given.ttl, "It expires after that time")
      ->type_name("TIME");
  auto* remove = add_action(*state, given, "remove", "Delete a key",
                            "remove games/7", state_action::remove);
  add_key(*remove, given);
  add_expected(*remove, given);
  auto* list = add_action(*state, given, "list", "Print keys and values",
                          "list games/", state_action::list);
  add_prefix(*list, given);
  list->add_flag("--no-color", given.no_color, "Plain text");
  auto* watch =
      add_action(*state, given, "watch", "Print each change as it is made",
                 "watch games/", state_action::watch);
  add_prefix(*watch, given);
  watch
      ->add_option("--count", given.count,
                   "End after so many commits; 0: go on")
      ->type_name("N");
}

} // namespace troupe::cli
