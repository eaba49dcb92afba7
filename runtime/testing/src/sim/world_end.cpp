// The part of the world that looks at what is left when all has ended.
#include "engine/engine.hpp"
#include "journal/journal_file.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "workload.hpp"
#include "world.hpp"

#include <troupe/actors/ledger_book.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::testing::sim {

using namespace std::chrono_literals;

namespace {

constexpr int rounds_max = 60; // of half a minute

} // namespace

void world::finish() {
  ++step_;
  if (runtime_ && is_tree_alive())
    rest();
  calm_all();
  end_life(0);
  go_on_anew();
  if (!runtime_)
    return;
  (void)wait_for_runs();
  resume_all(); // there was no room for all at one time
  (void)wait_for_runs();
  for (const auto& [id, it] : runs_)
    if (it.handle)
      note({fact_kind::broken, 0, {}, id, "end", "a run does not end"});
    else if (!it.has_ended)
      note({fact_kind::broken,
            0,
            {},
            id,
            "resume",
            "a run that had not ended cannot go on"});
  probe();
  check_rest();
  end_life(0);
  check_files();
}

bool world::wait_for_runs() {
  for (int round = 0; round < rounds_max && !open_runs().empty(); ++round) {
    for (auto* run : open_runs())
      if (run->is_paused)
        run->handle->go_on();
    dice yes{0};
    decide_some(yes);
    advance(30s);
    collect();
    read_feeds();
    if (!is_tree_alive())
      return false;
  }
  return open_runs().empty();
}

/// In the midst of a life: what its faults have left behind is in order.
void world::rest() {
  calm_all();
  if (!wait_for_runs())
    return;
  // A ledger that could not be written to does nothing more in this life.
  is_sick_ = !runtime_->set_budget({"default/rest", {}}).has_value();
  if (!is_sick_)
    check_rest();
}

/// All is well now, so that a mission must succeed.
void world::probe() {
  auto started = runtime_->start(probe_mission());
  if (!started)
    return note({fact_kind::broken,
                 0,
                 {},
                 {},
                 "probe",
                 "a mission cannot be started: " + started.error().detail});
  fact asked{fact_kind::run_asked, 0, {}, started->id()};
  asked.number = protocol::money::max().nano_usd;
  note(std::move(asked));
  const auto report = started->wait();
  std::string why{protocol::enum_name(report.state)};
  for (const auto& task : report.tasks)
    if (task.failure)
      why += ", " + task.task + ": "
             + std::string{to_string(task.failure->code)} + ' '
             + task.failure->detail;
  runs_[started->id()].handle.emplace(std::move(*started));
  collect();
  if (report.state != protocol::run_state::done)
    note({fact_kind::broken,
          0,
          {},
          report.run,
          "probe",
          "a mission does not succeed where all is well: " + why});
}

void world::check_accounts() {
  const auto wrong = [this](const std::string& path, const char* what) {
    note({fact_kind::broken, 0, {}, {}, path, what});
  };
  for (protocol::list_accounts page{{}, {}, 1'000};;) {
    const auto all = runtime_->accounts(page);
    if (!all)
      return wrong("accounts", "they cannot be read");
    for (const auto& it : all->accounts) {
      const auto run = run_of(it.path + "/t/a");
      fact told{fact_kind::account_told, 0, {}, run, it.path};
      told.number = it.spent_ever.nano_usd;
      told.other = it.overrun.nano_usd;
      note(std::move(told));
      if (it.path.rfind("default/probe", 0) == 0 && it.unknown.nano_usd != 0)
        wrong(it.path, "nobody knows what a call cost that was answered");
      if (it.open_reservations != 0 || it.reserved.nano_usd != 0)
        wrong(it.path, "something is reserved at rest");
    }
    page.after = all->next;
    if (page.after.empty())
      return;
  }
}

/// Nothing is open any more, and everybody lives.
void world::check_rest() {
  advance(3min);
  for (const auto& it : all_children())
    if (!it.is_alive)
      note({fact_kind::broken, 0, {}, {}, it.id, "it is not alive at rest"});
  check_accounts();
  const auto counts = runtime_->message_counts();
  const auto ended = counts.answered + counts.failed + counts.timed_out
                     + counts.cancelled + counts.unreachable;
  if (counts.requests != ended)
    note({fact_kind::broken,
          0,
          {},
          {},
          "requests",
          std::to_string(counts.requests) + " were made and "
              + std::to_string(ended) + " ended"});
  const auto left =
      static_cast<std::int32_t>(engine().system().registry().running());
  if (left != actors_at_rest_)
    note({fact_kind::broken,
          0,
          {},
          {},
          "actors",
          std::to_string(left) + " are left at rest, "
              + std::to_string(actors_at_rest_) + " at first"});
}

namespace {

/// Why a run of the journal is not as it must be; empty: it is.
std::string problem_of(store_journal& journal, const actors::kept_run& it) {
  if (it.state == protocol::run_state::running
      || it.state == protocol::run_state::paused)
    return "a run has not ended there";
  const auto same = check_replay(journal, it.run);
  return same ? std::string{} : same.error().detail + " (R4)";
}

std::vector<fact> wrong_runs_in(store_journal& journal) {
  std::vector<fact> all;
  if (const auto runs = journal.runs(100'000); runs)
    for (const auto& it : *runs)
      if (auto why = problem_of(journal, it); !why.empty())
        all.push_back(
            {fact_kind::broken, 0, {}, it.run, "journal", std::move(why)});
  return all;
}

} // namespace

/// Journal and ledger say what the client was told, and each run is decided
/// again as it was.
void world::check_files() {
  const auto now = now_;
  auto journal = open_journal_file(
      "journal", [now] { return now; }, disk_.vfs());
  if (!journal)
    return note(
        {fact_kind::broken, 0, {}, {}, "journal", journal.error().detail});
  if (const auto found = (*journal)->verify(); !found)
    note({fact_kind::broken, 0, {}, {}, "journal", found.error().detail});
  else
    for (const auto& problem : found->problems)
      note({fact_kind::broken, 0, {}, {}, "journal", problem});
  for (auto& it : wrong_runs_in(**journal))
    note(std::move(it));
  auto log = open_sqlite_ledger("journal-ledger", disk_.vfs());
  if (!log)
    return note({fact_kind::broken, 0, {}, {}, "ledger", log.error().detail});
  const auto book = actors::ledger_book::read(std::move(*log), now_);
  if (!book)
    return note({fact_kind::broken, 0, {}, {}, "ledger", book.error().detail});
  const auto facts = history_.facts; // `note` adds to them
  for (const auto& it : facts) {
    if (it.what != fact_kind::account_told || it.life != life_)
      continue;
    const auto kept = book->account(it.name);
    // One of which nothing was ever reserved is not kept.
    if ((kept ? kept->spent_ever.nano_usd : 0) != it.number)
      note({fact_kind::broken,
            0,
            {},
            {},
            it.name,
            "the ledger's file says something else"});
  }
}

} // namespace troupe::testing::sim
