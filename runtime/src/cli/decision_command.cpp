// Answers to tasks of runs that wait in a journal.
#include "approval_desk.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "run_finder.hpp"
#include "setup.hpp"

#include <troupe/actors/run_past.hpp>

namespace troupe::cli {

int decide_task(const decision_arguments& given, bool is_yes, console& on) {
  const auto journal =
      open_journal(given.book, is_yes ? "approve" : "refuse", on);
  if (!journal)
    return exit_bad_input;
  const auto past = take_run(*journal, given.run);
  if (!past)
    return refuse(past.error(), on);
  const auto now = std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
  const auto by = name_of_user(given.by);
  auto entries = actors::decide_past(past->run, past->entries,
                                     {given.task, is_yes, by, given.note}, now);
  if (!entries)
    return refuse(entries.error(), on);
  const actors::run_entries batch{past->run, std::move(*entries)};
  if (const auto kept = journal->append({&batch, 1}); !kept.front())
    return refuse(kept.front().error(), on);
  on.out.line(report::printable_line(
      given.task + (is_yes ? " approved by " : " refused by ") + by
      + "; go on with 'troupe resume " + to_string(past->run) + "'"));
  return exit_done;
}

} // namespace troupe::cli
