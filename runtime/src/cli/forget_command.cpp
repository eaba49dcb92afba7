// The command that lets go of runs.
#include "commands.hpp"
#include "exit_code.hpp"
#include "journal/journal_file.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "run_finder.hpp"
#include "setup.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_drivers.hpp"
#include "terminal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdlib>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t name_chars_max = 64;

protocol::instant present() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

/// Who asks, for the journal's list of runs.
std::string who() {
  const char* name = std::getenv("USER");
  return report::printable_line(
             std::string{name == nullptr ? "somebody" : name}.substr(
                 0, name_chars_max))
         + ": troupe journal forget";
}

/// Errors: `invalid_request` when nothing says which; those of the journal.
result<std::vector<protocol::id>> which_of(const journal_arguments& given,
                                           store_journal& journal) {
  std::vector<protocol::id> runs;
  for (const auto& name : given.runs) {
    const auto run = find_run(journal, name);
    if (!run)
      return run.error();
    runs.push_back(*run);
  }
  if (!runs.empty())
    return runs;
  forget_rule rule{present(), given.keep};
  if (!given.older_than.empty()) {
    const auto age = protocol::parse_duration(given.older_than);
    if (!age)
      return fail(errc::invalid_request, "--older-than: " + age.error().detail);
    rule.before -= *age;
  } else if (given.keep == 0) {
    return fail(errc::invalid_request,
                "which runs? Name them, or say --older-than or --keep");
  }
  const auto old = journal.forgettable(rule);
  if (!old)
    return old.error();
  std::transform(old->begin(), old->end(), std::back_inserter(runs),
                 [](const auto& it) { return it.run; });
  return runs;
}

void tell_runs(const std::vector<protocol::id>& runs, bool is_json,
               std::uint64_t texts, console& on) {
  if (is_json) {
    boost::json::array names;
    for (const auto& it : runs)
      names.emplace_back(to_string(it));
    on.out.line(boost::json::serialize(
        boost::json::object{{"runs", std::move(names)}, {"texts", texts}}));
    return;
  }
  for (const auto& it : runs)
    on.out.line(to_string(it));
}

} // namespace

int forget_runs(const journal_arguments& given, console& on) {
  const auto file = journal_file(given.book, "journal", on);
  if (!file)
    return exit_bad_input;
  auto journal = open_journal_file(*file);
  if (!journal)
    return refuse(journal.error(), on);
  const auto runs = which_of(given, **journal);
  if (!runs)
    return refuse(runs.error(), on);
  if (given.dry_run || runs->empty()) {
    tell_runs(*runs, given.book.json, 0, on);
    return exit_done;
  }
  const auto gone = (*journal)->forget_runs(*runs, who());
  if (!gone)
    return refuse(gone.error(), on);
  journal->reset();
  if (!store::is_url(*file))
    if (const auto shrunk = shrink_sqlite_store(*file); !shrunk)
      return refuse(shrunk.error(), on);
  tell_runs(*runs, given.book.json, gone->texts, on);
  if (!given.book.json)
    on.out.line(report::grouped(gone->runs)
                + (gone->runs == 1 ? " run forgotten, " : " runs forgotten, ")
                + report::grouped(gone->texts)
                + " texts that no other run has");
  return exit_done;
}

} // namespace troupe::cli
