#include "journal_syntax.hpp"

#include "common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

namespace {

constexpr auto run_help = "As 'troupe runs' lists it, its beginning, or 'last'";

void add_book(CLI::App& command, book_arguments& given) {
  add_journal_file(command, given.file);
  add_config(command, given.config);
}

void add_output(CLI::App& command, book_arguments& given) {
  add_json(command, given.json, "One JSON object");
  add_no_color(command, given.no_color);
}

void add_forget(CLI::App& journal, journal_arguments& given) {
  auto* forget = add_command(
      journal, "forget",
      "Remove runs that have ended, and what they alone have",
      "  troupe journal forget 0192d3c4 0192d3c5\n"
      "  troupe journal forget --older-than 30d --keep 100 --dry-run");
  forget->add_option("runs", given.runs, run_help)->type_name("RUN");
  forget
      ->add_option("--older-than", given.older_than,
                   "Those that have ended so long ago: 12h, 30d")
      ->type_name("TIME");
  forget
      ->add_option("--keep", given.keep,
                   "The newest so many stay, however old they are")
      ->type_name("N");
  forget->add_flag("--dry-run", given.dry_run, "Only list them");
  forget->callback([&given] { given.forgets = true; });
  add_book(*forget, given.book);
  add_output(*forget, given.book);
}

} // namespace

void add_journal_file(CLI::App& command, std::string& file) {
  command
      .add_option("--journal", file,
                  "The file that keeps runs; else the configuration's")
      ->type_name("FILE");
}

void add_report_file(CLI::App& command, std::string& file) {
  command
      .add_option("--report", file,
                  "Write the report to FILE as well: .html, .md, .json or text")
      ->type_name("FILE");
}

void add_resume(CLI::App& app, resume_arguments& given) {
  auto* resume =
      add_command(app, "resume", "Go on with a run whose process has ended",
                  "  troupe resume last --journal runs.db\n"
                  "  troupe resume 0192d3c4 --roster agents/");
  resume->add_option("run", given.id, run_help)->required()->type_name("RUN");
  auto& run = given.run;
  add_journal_file(*resume, run.journal);
  resume
      ->add_option("--out", run.out,
                   "Write results to DIR/<task>.md; they are not printed then")
      ->type_name("DIR");
  add_report_file(*resume, run.report);
  resume
      ->add_option("--roster", run.common.roster,
                   "Agents: a YAML file, or a folder of them")
      ->type_name("PATH");
  add_config(*resume, run.common.config);
  add_json(*resume, run.common.json,
           "Events and report to standard output, one JSON value a line");
  resume->add_flag("--quiet", run.quiet, "No progress; the report only");
  add_no_color(*resume, run.common.no_color);
}

void add_runs(CLI::App& app, runs_arguments& given) {
  auto* runs =
      add_command(app, "runs", "List the runs of a journal, newest first",
                  "  troupe runs --journal runs.db\n"
                  "  troupe runs --count 100 --json");
  add_book(*runs, given.book);
  runs->add_option("--count", given.count, "The last so many; else 20")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000).description("1..100000"));
  add_output(*runs, given.book);
}

void add_show(CLI::App& app, show_arguments& given) {
  auto* show =
      add_command(app, "show", "Show what a run has done, from its journal",
                  "  troupe show last\n"
                  "  troupe show 0192d3c4 --entries --journal runs.db");
  show->add_option("run", given.run, run_help)->required()->type_name("RUN");
  show->add_flag("--entries", given.entries,
                 "Its entries, one JSON value a line");
  show->add_flag("--calls", given.calls,
                 "The calls of its models, one JSON value a line");
  add_book(*show, given.book);
  add_output(*show, given.book);
}

void add_replay(CLI::App& app, show_arguments& given) {
  auto* replay = add_command(
      app, "replay",
      "Decide again all that a run has decided; calls no model and no tool",
      "  troupe replay last --journal runs.db");
  replay->add_option("run", given.run, run_help)->required()->type_name("RUN");
  replay->callback([&given] { given.replays = true; });
  add_book(*replay, given.book);
}

void add_report(CLI::App& app, report_arguments& given) {
  auto* report =
      add_command(app, "report", "Write the report of a run for people",
                  "  troupe report last --output run.html\n"
                  "  troupe report 0192d3c4 --format markdown\n"
                  "  troupe report ./events.jsonl --output run.html");
  report
      ->add_option("run", given.run,
                   std::string(run_help) + "; or a file of 'troupe run --json'")
      ->required()
      ->type_name("RUN");
  report
      ->add_option("--format", given.format,
                   "text, json, markdown or html; else as FILE ends")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json", "markdown", "html"}));
  report->add_option("--output", given.output, "Write it to FILE")
      ->type_name("FILE");
  add_journal_file(*report, given.book.file);
  add_config(*report, given.book.config);
  add_no_color(*report, given.book.no_color);
}

void add_journal(CLI::App& app, journal_arguments& given) {
  auto* journal = add_command(
      app, "journal", "Check a journal, or carry runs from one to another",
      "  troupe journal verify --journal runs.db\n"
      "  troupe journal export last > run.jsonl\n"
      "  troupe journal import run.jsonl --journal other.db");
  journal->require_subcommand(1);
  auto* verify = add_command(
      *journal, "verify", "Read all entries and check that each is as written",
      "  troupe journal verify --journal runs.db\n"
      "  troupe journal verify --head 3b0c44298fc1...");
  verify
      ->add_option("--head", given.head,
                   "What an earlier check printed: it must still be there")
      ->type_name("HASH");
  add_book(*verify, given.book);
  add_output(*verify, given.book);
  auto* out =
      add_command(*journal, "export", "Print entries, one JSON value a line",
                  "  troupe journal export 0192d3c4 > run.jsonl");
  out->add_option("run", given.run, "One run; else all")->type_name("RUN");
  out->callback([&given] { given.exports = true; });
  add_book(*out, given.book);
  auto* in = add_command(
      *journal, "import", "Add runs that 'troupe journal export' has printed",
      "  troupe journal import run.jsonl --journal other.db");
  in->add_option("file", given.imports, "The lines; - is standard input")
      ->required()
      ->type_name("FILE");
  add_book(*in, given.book);
  add_forget(*journal, given);
}

} // namespace troupe::cli
