#include "syntax.hpp"

#include "book_syntax.hpp"
#include "cert_syntax.hpp"
#include "common_options.hpp"
#include "exchange_options.hpp"
#include "fork_syntax.hpp"
#include "help_syntax.hpp"
#include "journal_syntax.hpp"
#include "message_syntax.hpp"
#include "node_syntax.hpp"
#include "route_syntax.hpp"
#include "state_syntax.hpp"
#include "tree_syntax.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

namespace {

void add_roster(CLI::App& command, common_arguments& given) {
  command
      .add_option("--roster", given.roster,
                  "Agents: a YAML file, or a folder of them")
      ->type_name("PATH");
}

void add_mission(CLI::App& command, std::string& mission,
                 std::vector<std::string>& inputs) {
  command.add_option("mission", mission, "The mission, in YAML or JSON")
      ->required()
      ->type_name("MISSION.yaml");
  command
      .add_option("--input", inputs,
                  "A file for the first input, or the one called NAME")
      ->type_name("[NAME=]FILE")
      ->allow_extra_args(false);
}

std::string read_money(const std::string& text,
                       std::optional<protocol::money>& value) {
  const auto money = protocol::parse_money(text);
  if (!money)
    return "'" + text + "': " + money.error().detail;
  if (*money < protocol::money{})
    return "'" + text + "': a budget is not negative";
  value = *money;
  return {};
}

void add_budget(CLI::App& command, std::optional<protocol::money>& budget) {
  command
      .add_option_function<std::string>(
          "--budget",
          [&budget](const std::string& text) {
            if (const auto problem = read_money(text, budget); !problem.empty())
              throw CLI::ValidationError("--budget", problem);
          },
          "Most that the run may cost, in US dollars, as in 0.50")
      ->type_name("USD");
}

/// CLI11 would read `-1` as the largest number.
std::string seed_problem(const std::string& text) {
  return text.starts_with('-') ? "'" + text + "': a seed is not negative"
                               : std::string{};
}

void add_model_and_seed(CLI::App& command, run_arguments& given) {
  command.add_option("--model", given.model, "One model for every task")
      ->type_name("ID");
  command
      .add_option("--seed", given.seed,
                  "Of simulated models and all random choices")
      ->type_name("N")
      ->check(seed_problem);
}

void add_run(CLI::App& app, run_arguments& given) {
  auto* run =
      add_command(app, "run", "Run a mission and report on it",
                  "  troupe run mission.yaml\n"
                  "  troupe run mission.yaml --input report.txt --budget 0.25\n"
                  "  troupe run mission.yaml --json > events.jsonl\n"
                  "  troupe run mission.yaml --out results --quiet");
  add_mission(*run, given.mission, given.inputs);
  add_budget(*run, given.budget);
  add_model_and_seed(*run, given);
  run->add_option("--concurrency", given.concurrency,
                  "Tasks at one time, in place of what the mission says")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000).description("1..10000"));
  run->add_option("--out", given.out,
                  "Write results to DIR/<task>.md; they are not printed then")
      ->type_name("DIR");
  add_report_file(*run, given.report);
  run->add_option(
         "--record", given.record,
         "Write all messages of the run, secrets hidden, one JSON value "
         "a line")
      ->type_name("FILE");
  add_journal_file(*run, given.journal);
  add_reuse(*run, given);
  add_exchange_options(*run, given);
  add_roster(*run, given.common);
  add_config(*run, given.common.config);
  add_json(*run, given.common.json,
           "Events and report to standard output, one JSON value a line");
  run->add_flag("--quiet", given.quiet, "No progress; the report only");
  add_no_color(*run, given.common.no_color);
}

void add_submit(CLI::App& app, run_arguments& given) {
  auto* submit = add_command(
      app, "submit", "Put a mission into the queue of a cluster",
      "  troupe --node 10.0.0.7:7400 submit mission.yaml --budget 0.25 --json");
  add_mission(*submit, given.mission, given.inputs);
  add_budget(*submit, given.budget);
  add_model_and_seed(*submit, given);
  add_roster(*submit, given.common);
  add_config(*submit, given.common.config);
  add_json(*submit, given.common.json, "One JSON object");
}

void add_plan(CLI::App& app, plan_arguments& given) {
  auto* plan = add_command(
      app, "plan", "Show order, estimates and critical path; runs nothing",
      "  troupe plan mission.yaml\n"
      "  troupe plan mission.yaml --dot | dot -Tsvg > plan.svg");
  add_mission(*plan, given.mission, given.inputs);
  plan->add_flag("--dot", given.dot, "A graph for Graphviz");
  add_json(*plan, given.common.json, "One JSON object");
  add_roster(*plan, given.common);
  add_config(*plan, given.common.config);
  add_no_color(*plan, given.common.no_color);
}

void add_validate(CLI::App& app, validate_arguments& given) {
  auto* validate = add_command(
      app, "validate", "Check missions; tells all problems with their places",
      "  troupe validate mission.yaml\n"
      "  troupe validate missions/*.yaml --roster agents/");
  validate->add_option("missions", given.missions, "Missions to check")
      ->required()
      ->type_name("MISSION.yaml");
  add_roster(*validate, given.common);
  add_config(*validate, given.common.config);
}

void add_models(CLI::App& app, models_arguments& given) {
  auto* models =
      add_command(app, "models", "List the models that are known, with prices",
                  "  troupe models --tier expert\n"
                  "  troupe models --provider anthropic --json");
  models->add_option("--tier", given.tier, "Models of this tier only")
      ->type_name("TIER")
      ->check(CLI::IsMember({"basic", "advanced", "expert"}));
  models
      ->add_option("--provider", given.provider, "Models of this provider only")
      ->type_name("NAME");
  models->add_flag("--refresh", given.refresh,
                   "Fetch OpenRouter's models and prices, without a key");
  add_json(*models, given.common.json, "One JSON array");
  add_config(*models, given.common.config);
  add_no_color(*models, given.common.no_color);
}

void add_find(CLI::App& agents, agents_arguments& given) {
  auto* find = add_command(
      agents, "find", "Find the agents that fit a task, best first",
      "  troupe agents find review a pull request written in C++\n"
      "  troupe agents find --skill sql --tier advanced --count 1 --json");
  find->add_option("text", given.text, "What is to be done, in words")
      ->type_name("TEXT");
  find->add_option("--skill", given.skill, "Agents with this skill only")
      ->type_name("S");
  find->add_option("--tag", given.tags,
                   "Agents with this tag only; may be repeated")
      ->type_name("T")
      ->allow_extra_args(false);
  find->add_option("--tier", given.tier, "Agents of this tier or above")
      ->type_name("TIER")
      ->check(CLI::IsMember({"basic", "advanced", "expert"}));
  find->add_option("--count", given.count, "At most so many; else 5")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000).description("1..1000"));
  find->callback([&given] { given.find = true; });
  add_roster(*find, given.common);
  add_json(*find, given.common.json, "Agents and scores as one JSON object");
  add_config(*find, given.common.config);
  add_no_color(*find, given.common.no_color);
}

void add_agents(CLI::App& app, agents_arguments& given) {
  auto* agents = add_command(
      app, "agents", "List the agents of a roster, find or verify them",
      "  troupe agents --roster agents/\n"
      "  troupe agents find translate a letter --roster agents/\n"
      "  troupe agents verify agents/");
  auto* verify =
      add_command(*agents, "verify", "Check every agent; tells all problems",
                  "  troupe agents verify agents/");
  verify->add_option("path", given.path, "A YAML file, or a folder of them")
      ->type_name("PATH");
  verify->callback([&given] { given.verify = true; });
  add_config(*verify, given.common.config);
  add_find(*agents, given);
  add_roster(*agents, given.common);
  add_json(*agents, given.common.json, "One JSON array");
  add_config(*agents, given.common.config);
  add_no_color(*agents, given.common.no_color);
}

} // namespace

std::shared_ptr<CLI::App> make_syntax(all_arguments& given) {
  auto app = std::make_shared<CLI::App>(
      "Runs missions: tasks for LLM agents, with budgets and a report.",
      "troupe");
  app->set_version_flag("--version", "troupe " TROUPE_VERSION,
                        "Print the version and exit");
  app->set_help_flag("-h,--help", "Print this help and exit");
  app->require_subcommand(1);
  app->fallthrough(); // options of the whole may come behind a command
  add_far(*app, given.far);
  app->footer(std::string("Examples:\n"
                          "  troupe validate mission.yaml\n"
                          "  troupe plan mission.yaml\n"
                          "  troupe run mission.yaml --budget 0.50\n"
                          "  troupe COMMAND --help\n\n")
              + exit_codes);
  add_run(*app, given.run);
  add_resume(*app, given.resume);
  add_budget(*add_do(*app, given.goal), given.goal.run.budget);
  add_fork(*app, given.fork);
  add_decisions(*app, given.approve, given.refuse);
  add_wishes(*app, given.pause, given.cancel);
  add_runs(*app, given.runs);
  add_show(*app, given.show);
  add_replay(*app, given.replay);
  add_report(*app, given.report);
  add_journal(*app, given.journal);
  add_plan(*app, given.plan);
  add_validate(*app, given.validate);
  add_models(*app, given.models);
  add_route(*app, given.route);
  add_agents(*app, given.agents);
  add_tree(*app, given.tree);
  add_health(*app, given.health);
  add_node(*app, given.node);
  add_state(*app, given.state);
  add_submit(*app, given.submit);
  add_schema(*app, given.schema);
  add_message(*app, given.message);
  add_account(*app, given.account);
  add_choices(*app, given.choices);
  add_judge(*app, given.judge);
  add_cert(*app, given.cert);
  add_errors(*app, given.errors);
  add_completion(*app, given.shell);
  return app;
}

} // namespace troupe::cli
