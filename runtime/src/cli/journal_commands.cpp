// The commands that read a journal.
#include "commands.hpp"
#include "exit_code.hpp"
#include "journal/journal_lines.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report/text_table.hpp"
#include "run_finder.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/actors/run_past.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;
using report::text_table;

namespace {

constexpr std::size_t all_runs = 1'000'000;
constexpr std::size_t asked_bytes_max = 200;

template <class T>
void print_json(const T& it, console& on) {
  on.out.line(boost::json::serialize(protocol::to_json(it)));
}

std::string runs_table(const std::vector<actors::kept_run>& runs,
                       const report::page& on) {
  text_table table{{{"RUN"},
                    {"MISSION", false, true},
                    {"STATE"},
                    {"BEGUN"},
                    {"TASKS", true},
                    {"RESUMED", true},
                    {"COST", true}}};
  for (const auto& it : runs)
    table.add_row(
        {{to_string(it.run)},
         {it.mission},
         {std::string(enum_name(it.state))},
         {protocol::to_text(
             std::chrono::floor<std::chrono::seconds>(it.started))},
         {std::to_string(it.tasks_done) + "/" + std::to_string(it.tasks)},
         {it.resumed == 0 ? "-" : std::to_string(it.resumed)},
         {for_people(it.cost)}});
  return table.text(on);
}

int print_entries(protocol::id run,
                  const std::vector<protocol::journal_entry>& entries,
                  console& on) {
  for (const auto& it : entries)
    on.out.line(line_of(run, it));
  return exit_done;
}

int print_calls(store_journal& journal, protocol::id run, console& on) {
  const auto calls = journal.calls(run);
  if (!calls)
    return refuse(calls.error(), on);
  for (const auto& it : *calls)
    on.out.line(line_of(run, it));
  return exit_done;
}

/// How often tools were called, and of which calls nobody knows the end.
int show_effects(store_journal& journal, protocol::id run, console& on) {
  const auto effects = journal.effects(run);
  if (!effects)
    return refuse(effects.error(), on);
  if (effects->empty())
    return exit_done;
  on.out.line(report::grouped(effects->size())
              + (effects->size() == 1 ? " call of a tool" : " calls of tools"));
  for (const auto& [key, it] : *effects) {
    if (it.outcome && it.told_by.empty())
      continue;
    const auto state = it.outcome           ? "done, says " + it.told_by
                       : it.told_by.empty() ? std::string{"unknown"}
                                            : "not done, says " + it.told_by;
    on.out.line(report::printable_line(state + ": " + it.tool + " of " + it.step
                                       + ", begun at "
                                       + protocol::to_text(it.begun)));
  }
  return exit_done;
}

/// What agents have crashed over, so that it was given to none any more.
void show_quarantine(const std::vector<protocol::journal_entry>& entries,
                     console& on) {
  const auto line = [&on](const std::string& text) {
    on.out.line(report::printable_line(text));
  };
  for (const auto& entry : entries) {
    const auto* it = std::get_if<protocol::task_quarantined>(&entry.what);
    if (it == nullptr)
      continue;
    line("quarantined: task '" + it->task + "', "
         + std::to_string(it->kept.count) + " crashes, kept as "
         + to_string(it->kept.digest));
    for (const auto& crash : it->kept.crashes)
      line("  " + crash.agent + " at " + protocol::to_text(crash.at) + ": "
           + crash.why);
    line("  it was asked: " + it->kept.prompt.substr(0, asked_bytes_max));
  }
}

int replay(protocol::id run,
           const std::vector<protocol::journal_entry>& entries, console& on) {
  const auto other = actors::replay_run(run, entries);
  if (!other)
    return refuse(other.error(), on);
  if (*other == 0) {
    on.out.line(report::grouped(entries.size())
                + " entries decided again: all are the same");
    return exit_done;
  }
  on.out.line("entry " + report::grouped(*other)
              + " is another now; see 'troupe show RUN --entries'");
  return exit_failed;
}

int verify(store_journal& journal, const journal_arguments& given,
           console& on) {
  const auto found = journal.verify(given.head);
  if (!found)
    return refuse(found.error(), on);
  for (const auto& it : found->problems)
    tell(on, fail(errc::journal_damaged, it));
  if (given.book.json) {
    on.out.line(boost::json::serialize(
        boost::json::object{{"runs", found->runs},
                            {"entries", found->entries},
                            {"calls", found->calls},
                            {"head", found->head},
                            {"problems", protocol::to_json(found->problems)}}));
  } else {
    on.out.line(report::grouped(found->entries) + " entries of "
                + report::grouped(found->runs) + " runs read, "
                + report::grouped(found->problems.size()) + " problems");
    on.out.line("head " + found->head);
  }
  return found->problems.empty() ? exit_done : exit_failed;
}

int export_runs(store_journal& journal, const journal_arguments& given,
                console& on) {
  std::vector<protocol::id> which;
  if (given.run.empty()) {
    const auto runs = journal.runs(all_runs);
    if (!runs)
      return refuse(runs.error(), on);
    std::transform(runs->rbegin(), runs->rend(), std::back_inserter(which),
                   [](const auto& it) { return it.run; });
  } else {
    const auto run = find_run(journal, given.run);
    if (!run)
      return refuse(run.error(), on);
    which.push_back(*run);
  }
  for (const auto& run : which) {
    const auto done = write_lines(
        journal, run, [&](const std::string& line) { on.out.line(line); });
    if (!done)
      return refuse(done.error(), on);
  }
  return exit_done;
}

/// Reads a line of bounded length; false at the end.
bool next_line(std::istream& from, std::string& line) {
  line.clear();
  for (int c = from.get(); c != std::istream::traits_type::eof();
       c = from.get()) {
    if (c == '\n')
      return true;
    if (line.size() <= line_reader::line_bytes_max)
      line += static_cast<char>(c);
  }
  return !line.empty();
}

int import_runs(store_journal& journal, const journal_arguments& given,
                console& on) {
  std::ifstream file;
  if (given.imports != "-") {
    file.open(given.imports, std::ios::binary);
    if (!file)
      return refuse(fail(errc::file_unreadable, given.imports), on);
  }
  auto& from = given.imports == "-" ? std::cin : file;
  line_reader reader;
  std::string line;
  for (std::size_t number = 1; next_line(from, line); ++number)
    if (const auto good = reader.add(line); !good)
      return refuse(fail(good.error().code, "line " + std::to_string(number)
                                                + ": " + good.error().detail),
                    on);
  const auto added = reader.add_to(journal);
  if (!added)
    return refuse(added.error(), on);
  on.out.line(report::grouped(*added)
              + (*added == 1 ? " run added" : " runs added"));
  return exit_done;
}

} // namespace

int list_runs(const runs_arguments& given, console& on) {
  const auto journal = open_journal(given.book, "runs", on);
  if (!journal)
    return exit_bad_input;
  const auto runs = journal->runs(given.count);
  if (!runs)
    return refuse(runs.error(), on);
  if (given.book.json)
    print_json(*runs, on);
  else
    on.out.write(runs_table(*runs, page_for(on.out, given.book.no_color)));
  return exit_done;
}

int show_run(const show_arguments& given, console& on) {
  const auto journal = open_journal(given.book, "show", on);
  if (!journal)
    return exit_bad_input;
  const auto past = read_run(*journal, given.run);
  if (!past)
    return refuse(past.error(), on);
  const auto& [run, entries] = *past;
  if (given.entries)
    return print_entries(run, entries, on);
  if (given.calls)
    return print_calls(*journal, run, on);
  if (given.replays)
    return replay(run, entries, on);
  const auto report = report_of(run, entries);
  if (!report)
    return refuse(report.error(), on);
  const auto summary = actors::summarise(*report, {});
  if (given.book.json) {
    on.out.line(report::report_json(*report, summary));
    return exit_done;
  }
  on.out.write(report::report_text(*report, summary,
                                   page_for(on.out, given.book.no_color)));
  show_quarantine(entries, on);
  return show_effects(*journal, run, on);
}

int look_at_journal(const journal_arguments& given, console& on) {
  if (given.forgets)
    return forget_runs(given, on);
  if (!given.imports.empty() && !given.book.file.empty())
    if (const auto made = make_journal(given.book.file); !made)
      return refuse(made.error(), on);
  const auto journal = open_journal(given.book, "journal", on);
  if (!journal)
    return exit_bad_input;
  if (given.exports)
    return export_runs(*journal, given, on);
  if (!given.imports.empty())
    return import_runs(*journal, given, on);
  return verify(*journal, given, on);
}

} // namespace troupe::cli
