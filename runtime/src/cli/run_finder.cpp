#include "run_finder.hpp"

#include "journal/journal_file.hpp"
#include "setup.hpp"

#include <troupe/actors/run_past.hpp>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t runs_max = 1'000'000;

} // namespace

std::optional<std::string> journal_file(const book_arguments& given,
                                        const std::string& command,
                                        console& on) {
  return book_file(
      given, [](const runtime_config& it) { return it.journal; },
      "troupe " + command
          + ": which journal? Name its file with --journal FILE, or in the "
            "configuration (journal)",
      on);
}

std::unique_ptr<store_journal> open_journal(const book_arguments& given,
                                            const std::string& command,
                                            console& on) {
  const auto file = journal_file(given, command, on);
  if (!file)
    return nullptr;
  auto journal = open_journal_file(*file);
  if (journal)
    return std::move(*journal);
  tell(on, journal.error());
  return nullptr;
}

result<void> make_journal(const std::string& file) {
  const auto made = open_journal_file(file, [] { return protocol::instant{}; });
  if (!made)
    return made.error();
  return {};
}

result<protocol::id> find_run(store_journal& journal, const std::string& name) {
  if (const auto id = protocol::parse_id(name))
    return *id;
  const auto runs = journal.runs(runs_max);
  if (!runs)
    return runs.error();
  if (name == "last" && !runs->empty())
    return runs->front().run;
  std::optional<protocol::id> found;
  for (const auto& it : *runs) {
    if (name.empty() || !to_string(it.run).starts_with(name))
      continue;
    if (found)
      return fail(errc::unknown_run, "several runs begin with '" + name + "'");
    found = it.run;
  }
  if (!found)
    return fail(errc::unknown_run, name == "last"
                                       ? "the journal has no runs"
                                       : "no run is or begins '" + name + "'");
  return *found;
}

result<actors::run_entries> read_run(store_journal& journal,
                                     const std::string& name) {
  const auto run = find_run(journal, name);
  if (!run)
    return run.error();
  auto entries = journal.read(*run);
  if (!entries)
    return entries.error();
  return actors::run_entries{*run, std::move(*entries)};
}

result<actors::run_entries> take_run(store_journal& journal,
                                     const std::string& name) {
  const auto run = find_run(journal, name);
  if (!run)
    return run.error();
  if (journal.leases())
    if (auto taken = journal.leases()->take(*run); !taken)
      return taken.error();
  return read_run(journal, to_string(*run));
}

result<protocol::run_report>
report_of(protocol::id run,
          const std::vector<protocol::journal_entry>& entries) {
  auto past = actors::read_past(run, entries);
  if (!past)
    return past.error();
  if (!past->is_closed && !entries.empty())
    past->report.finished = entries.back().at;
  return std::move(past->report);
}

} // namespace troupe::cli
