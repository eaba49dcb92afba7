#include "crash_check.hpp"

#include "journal/journal_file.hpp"
#include "measure.hpp"

#include <troupe/actors/run_past.hpp>

#include <fstream>
#include <map>

namespace troupe::benchmarks {

namespace {

/// The lines of a file, each with how often it is there.
std::map<std::string, std::uint64_t> lines_of(const std::string& file) {
  std::map<std::string, std::uint64_t> lines;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    ++lines[line];
  return lines;
}

/// What the tools have done for one task.
void check_tool(const std::string& folder, const protocol::task_record& task,
                totals& sums) {
  std::uint64_t keys = 0;
  std::uint64_t times = 0;
  const auto start = "{\"line\":\"" + task.task + "\"} ";
  for (const auto& [line, count] : lines_of(folder + "/" + task.agent))
    if (line.starts_with(start)) {
      keys += 1;
      times += count;
    }
  const bool is_unknown =
      task.failure && task.failure->code == protocol::errc::effect_unknown;
  // With the same key an idempotent tool may do it again.
  const auto effects = task.agent == "count" ? keys : times;
  sums.tools += 1;
  sums.twice += effects > 1 ? 1 : 0;
  sums.lost += task.state == protocol::task_state::done && effects == 0 ? 1 : 0;
  sums.unknown += is_unknown ? 1 : 0;
}

/// Each call is kept once, and none costs what the ledger does not know.
void check_calls(troupe::store_journal& journal,
                 const protocol::run_report& report, totals& sums) {
  const auto calls = journal.calls(report.run);
  if (!calls)
    wrong(calls.error().detail);
  protocol::money cost{};
  std::map<protocol::id, int> ids;
  for (const auto& it : *calls) {
    cost += it.reply.cost;
    if (++ids[it.call] != 1)
      wrong("a call is kept twice");
  }
  // A reply may be kept a moment before its settlement is on the disk: then the
  // ledger has what was set aside for it as unknown.
  if (cost > report.cost)
    wrong("calls cost more than the ledger has");
  protocol::money told{};
  for (const auto& task : report.tasks)
    told += task.cost;
  if (told > cost)
    wrong("a report counts a call twice");
  sums.calls += calls->size();
  sums.spent += report.cost;
  sums.unknown_cost += report.cost_unknown;
  sums.kept += cost;
}

} // namespace

std::optional<protocol::id> run_in(const std::string& folder) {
  const auto journal = troupe::open_journal_file(folder + "/runs");
  if (!journal)
    return std::nullopt; // its file is not there yet
  const auto runs = (*journal)->runs(2);
  if (!runs || runs->size() > 1)
    wrong("the journal has not one run");
  if (runs->empty())
    return std::nullopt;
  return runs->front().run;
}

void check(const std::string& folder, totals& sums) {
  const auto run = run_in(folder);
  if (!run)
    wrong("the run is not in its journal");
  auto journal = troupe::open_journal_file(folder + "/runs");
  if (!journal)
    wrong(journal.error().detail);
  const auto found = (*journal)->verify();
  if (!found || !found->problems.empty())
    wrong("the journal is damaged");
  const auto entries = (*journal)->read(*run);
  const auto past =
      entries ? troupe::actors::read_past(*run, *entries)
              : protocol::result<troupe::actors::run_past>{entries.error()};
  if (!past || !past->is_closed)
    wrong("the run cannot be read");
  check_calls(**journal, past->report, sums);
  const auto lines = lines_of(folder + "/effects");
  std::map<std::string, std::uint64_t> done;
  for (const auto& event : past->events)
    if (event.kind == protocol::event_kind::task_done)
      ++done[event.task];
  for (const auto& task : past->report.tasks) {
    const bool is_done = task.state == protocol::task_state::done;
    if (task.failure && task.failure->code == protocol::errc::unreachable)
      ++sums.given_up;
    sums.done_twice += done[task.task] == (is_done ? 1U : 0U) ? 0 : 1;
    if (task.agent != "writer") {
      check_tool(folder, task, sums);
      continue;
    }
    const auto line = lines.find(task.task);
    const auto times = line == lines.end() ? 0 : line->second;
    if (is_done && times == 0)
      wrong("a task is reported that was not done");
    sums.repeated += times > 1 ? times - 1 : 0;
    sums.unknown +=
        task.failure && task.failure->code == protocol::errc::effect_unknown
            ? 1
            : 0;
  }
}

} // namespace troupe::benchmarks
