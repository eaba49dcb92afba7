#include "fork_syntax.hpp"

#include "common_options.hpp"
#include "journal_syntax.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

namespace {

constexpr auto run_help = "As 'troupe runs' lists it, its beginning, or 'last'";

void add_again(CLI::App& command, run_arguments& given) {
  command
      .add_option("--again", given.again,
                  "A task that runs even where its result is known; repeatable")
      ->type_name("TASK")
      ->allow_extra_args(false);
  command.add_flag("--explain", given.explains,
                   "Say why each task ran, or did not");
}

void add_by(CLI::App& command, std::string& by) {
  command.add_option("--by", by, "Who decides; else the user's name")
      ->type_name("NAME");
}

void add_decision(CLI::App& app, const char* name, const char* what,
                  const char* examples, decision_arguments& given) {
  auto* command = add_command(app, name, what, examples);
  command->add_option("run", given.run, run_help)->required()->type_name("RUN");
  command->add_option("task", given.task, "The task that asks")
      ->required()
      ->type_name("TASK");
  add_by(*command, given.by);
  command->add_option("--note", given.note, "What is to be said to it")
      ->type_name("TEXT");
  add_journal_file(*command, given.book.file);
  add_config(*command, given.book.config);
}

void add_wish(CLI::App& app, const char* name, const char* what,
              const char* examples, wish_arguments& given) {
  auto* command = add_command(app, name, what, examples);
  command->add_option("run", given.run, run_help)->required()->type_name("RUN");
  command->add_option("--by", given.by, "Who wishes it; else the user's name")
      ->type_name("NAME");
  command->add_option("--note", given.note, "Why; the run keeps it")
      ->type_name("TEXT");
  command
      ->add_option("--wait", given.wait_s,
                   "For the process that runs it; else 10")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3'600).description("1..3600"));
  add_journal_file(*command, given.book.file);
  add_config(*command, given.book.config);
  add_json(*command, given.book.json, "One JSON object");
}

/// What `fork` and `do` have like `run`.
void add_common(CLI::App& command, run_arguments& run) {
  add_journal_file(command, run.journal);
  command
      .add_option("--out", run.out,
                  "Write results to DIR/<task>.md; they are not printed then")
      ->type_name("DIR");
  command
      .add_option("--roster", run.common.roster,
                  "Agents: a YAML file, or a folder of them")
      ->type_name("PATH");
  add_config(command, run.common.config);
  add_json(command, run.common.json,
           "Events and report to standard output, one JSON value a line");
  command.add_flag("--quiet", run.quiet, "No progress; the report only");
  add_no_color(command, run.common.no_color);
}

} // namespace

void add_reuse(CLI::App& command, run_arguments& given) {
  command.add_flag("--reuse", given.reuses,
                   "Take the results of earlier runs, from the journal, for "
                   "work that is the same");
  add_again(command, given);
  add_by(command, given.by);
}

void add_fork(CLI::App& app, fork_arguments& given) {
  auto* fork =
      add_command(app, "fork", "Run again from where something has changed",
                  "  troupe fork last --again review\n"
                  "  troupe fork 0192d3c4 --input book=second.txt --explain\n"
                  "  troupe fork last --prompt write='Write it for children.'");
  fork->add_option("run", given.id, run_help)->required()->type_name("RUN");
  auto& run = given.run;
  add_again(*fork, run);
  fork->add_option("--prompt", given.prompts,
                   "Another prompt for a task; repeatable")
      ->type_name("TASK=TEXT")
      ->allow_extra_args(false);
  fork->add_option("--input", run.inputs,
                   "A file in place of the input called NAME")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  add_by(*fork, run.by);
  add_common(*fork, run);
}

CLI::App* add_do(CLI::App& app, do_arguments& given) {
  auto* goal = add_command(
      app, "do", "Plan a goal as a mission, run it and report on it",
      "  troupe do \"Compare the two offers\" --input a.txt --input b.txt\n"
      "  troupe do \"Write a changelog\" --input log.txt --plan-only");
  goal->add_option("goal", given.words, "What is to be done, in words")
      ->required()
      ->type_name("GOAL");
  goal->add_option("--input", given.run.inputs, "A text for it; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  goal->add_flag("--plan-only", given.plans_only,
                 "Print the mission as JSON; run nothing but the planning");
  goal->add_option("--seed", given.run.seed,
                   "Of simulated models and all random choices")
      ->type_name("N");
  add_common(*goal, given.run);
  return goal;
}

void add_decisions(CLI::App& app, decision_arguments& yes,
                   decision_arguments& no) {
  add_decision(app, "approve", "Say yes to a task that waits for it",
               "  troupe approve last release --by ada\n"
               "  troupe approve 0192d3c4 release --note 'as agreed'",
               yes);
  add_decision(app, "refuse", "Say no to a task that waits for a yes",
               "  troupe refuse last release --by ada --note 'too dear'", no);
}

void add_wishes(CLI::App& app, wish_arguments& pause, wish_arguments& cancel) {
  add_wish(app, "pause",
           "Have the process that runs a run leave it to 'troupe resume'",
           "  troupe pause last --journal runs.db\n"
           "  troupe pause 0192d3c4 --note 'until the prices are in'",
           pause);
  add_wish(app, "cancel",
           "End a run, whether another process runs it or none does",
           "  troupe cancel last --journal runs.db\n"
           "  troupe cancel 0192d3c4 --by ada --note 'no longer needed'",
           cancel);
}

} // namespace troupe::cli
