// Pausing and cancelling runs that another process runs, or none.
#include "approval_desk.hpp"
#include "exit_code.hpp"
#include "journal/wish_file.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "report/printable.hpp"
#include "run_finder.hpp"
#include "setup.hpp"
#include "store/store_drivers.hpp"

#include <troupe/actors/ledger_book.hpp>
#include <troupe/actors/run_past.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <poll.h>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr int pace_ms = 50;
constexpr std::size_t note_bytes_max = 512;

instant time_of_day() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

/// What has become of the run, as `--json` tells it.
struct wish_told {
  protocol::id run;
  wish_kind wish = wish_kind::pause;
  std::string state;        ///< Of the run; empty: it has not stopped yet.
  std::int64_t process = 0; ///< That has taken it up; 0: none runs it.
};
BOOST_DESCRIBE_STRUCT(wish_told, (), (run, wish, state, process))

struct wisher {
  const wish_arguments& given;
  wish_kind kind;
  console& on;
  std::string file{}; ///< The journal.

  [[nodiscard]] std::string name() const {
    return std::string(protocol::enum_name(kind));
  }
  [[nodiscard]] std::string why() const;
  int run();
  int tell(const wish_told& it) const;
  int ask(wish_file& wishes, const live_run& who);
  std::optional<int> wait(wish_file& wishes, const live_run& who,
                          std::int64_t number);
  int do_at_once();
  int cancel_kept(store_journal& journal, protocol::id run,
                  const std::vector<protocol::journal_entry>& past);
};

std::string wisher::why() const {
  const auto done = kind == wish_kind::cancel ? "cancelled" : "paused";
  auto text = std::string(done) + " by " + name_of_user(given.by);
  if (!given.note.empty())
    text += ": " + given.note;
  return text;
}

int wisher::tell(const wish_told& it) const {
  if (given.book.json)
    on.out.line(boost::json::serialize(protocol::to_json(it)));
  const auto id = to_string(it.run);
  const auto done = kind == wish_kind::cancel ? "cancelled" : "paused";
  const bool is_so = it.state == done;
  std::string said = "run " + id + ": " + it.state;
  if (it.state.empty())
    said = "run " + id + " is being stopped by process "
           + std::to_string(it.process) + "; 'troupe runs' tells when it has";
  else if (!is_so)
    said += "; it had ended before";
  else if (kind == wish_kind::pause)
    said += "; go on with 'troupe resume " + id + "'";
  if (!given.book.json)
    on.out.line(report::printable_line(said));
  return is_so || it.state.empty() ? exit_done : exit_failed;
}

/// The run that was meant, of those that are live.
std::optional<live_run> find_live(const std::vector<live_run>& all,
                                  const std::string& name) {
  if (name == "last" && !all.empty())
    return all.front();
  std::optional<live_run> found;
  for (const auto& it : all)
    if (!name.empty() && to_string(it.run).starts_with(name)) {
      if (found)
        return std::nullopt; // the journal says so, or who has it
      found = it;
    }
  return found;
}

/// Its number may have been given to another process since.
bool is_gone(std::int64_t process) {
  return process <= 0
         || (kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH);
}

/// Waits until the process has taken the wish up and the run has stopped.
/// Nothing: it has not taken it up, and will not.
std::optional<int> wisher::wait(wish_file& wishes, const live_run& who,
                                std::int64_t number) {
  const auto end =
      std::chrono::steady_clock::now() + std::chrono::seconds{given.wait_s};
  bool is_taken = false;
  while (true) {
    const bool was_gone = is_gone(who.process);
    const auto answer = wishes.answer(number);
    if (!answer)
      return refuse(answer.error(), on);
    is_taken = *answer && (*answer)->is_taken;
    if (is_taken && !(*answer)->state.empty())
      return tell({who.run, kind, (*answer)->state, who.process});
    if (was_gone || !*answer || std::chrono::steady_clock::now() >= end)
      break;
    (void)poll(nullptr, 0, pace_ms);
  }
  const auto withdrawn = wishes.withdraw(number);
  if (!withdrawn)
    return refuse(withdrawn.error(), on);
  // It has died over it, or is still at it.
  if (is_taken && !is_gone(who.process))
    return tell({who.run, kind, {}, who.process});
  return std::nullopt;
}

int wisher::ask(wish_file& wishes, const live_run& who) {
  const auto until = time_of_day() + std::chrono::seconds{given.wait_s};
  const auto number = wishes.add({0, who.run, kind, why(), until});
  if (!number)
    return refuse(number.error(), on);
  if (const auto code = wait(wishes, who, *number))
    return *code;
  if (is_gone(who.process))
    return do_at_once();
  on.err.line("troupe: process " + std::to_string(who.process) + " runs "
              + to_string(who.run) + " and has not answered in "
              + std::to_string(given.wait_s)
              + " s; nothing was done. Wait longer with --wait, or end that "
                "process");
  return exit_failed;
}

/// What the ledger beside the journal has of the run's account.
actors::past_cost cost_of(const std::string& file, const std::string& account) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return {};
  auto log = open_sqlite_ledger(file);
  if (!log)
    return {};
  const auto book = actors::ledger_book::read(std::move(*log), time_of_day());
  const auto state = book ? book->account(account)
                          : result<protocol::account_state>{book.error()};
  if (!state)
    return {};
  return {state->spent, state->unknown};
}

int wisher::cancel_kept(store_journal& journal, protocol::id run,
                        const std::vector<protocol::journal_entry>& past) {
  const auto read = actors::read_past(run, past);
  if (!read)
    return refuse(read.error(), on);
  const auto ledger = book_file(
      {{}, given.book.config, false, false},
      [this](const runtime_config& it) {
        return it.ledger.empty() ? file + "-ledger" : it.ledger;
      },
      "", on);
  auto entries = actors::cancel_past(
      run, past, fail(errc::cancelled, why()),
      cost_of(ledger.value_or(""), read->plan.account), time_of_day());
  if (!entries)
    return refuse(entries.error(), on);
  const actors::run_entries batch{run, std::move(*entries)};
  if (const auto kept = journal.append({&batch, 1}); !kept.front())
    return refuse(kept.front().error(), on);
  const auto* closed =
      std::get_if<protocol::run_closed>(&batch.entries.back().what);
  if (closed == nullptr)
    return refuse(fail(errc::internal, "the run has not ended"), on);
  return tell({run, kind, std::string(protocol::enum_name(closed->state)), 0});
}

/// Nobody runs it: who has the journal open may write its end.
int wisher::do_at_once() {
  const auto journal = open_journal(given.book, name(), on);
  if (!journal)
    return exit_bad_input;
  const auto past = take_run(*journal, given.run);
  if (!past)
    return refuse(past.error(), on);
  const auto run = past->run;
  if (kind == wish_kind::cancel)
    return cancel_kept(*journal, run, past->entries);
  const auto read = actors::read_past(run, past->entries);
  if (!read)
    return refuse(read.error(), on);
  if (read->is_closed)
    return refuse(
        fail(errc::unknown_run,
             "run " + to_string(run) + " has ended: "
                 + std::string(protocol::enum_name(read->report.state))),
        on);
  return tell({run, kind, "paused", 0}); // as nobody works on it
}

int wisher::run() {
  if (given.note.size() > note_bytes_max)
    return refuse(fail(errc::invalid_request, "a note has at most 512 bytes"),
                  on);
  const auto journal = journal_file(given.book, name(), on);
  if (!journal)
    return exit_bad_input;
  file = *journal;
  if (store::is_url(file)) // nothing lies beside it
    return do_at_once();
  const auto wishes = wish_file::open(file, false);
  if (!wishes && wishes.error().code != errc::file_unreadable)
    return refuse(wishes.error(), on);
  if (wishes) {
    const auto live = (*wishes)->live();
    if (!live)
      return refuse(live.error(), on);
    const auto who = find_live(*live, given.run);
    if (who && !is_gone(who->process))
      return ask(**wishes, *who);
  }
  return do_at_once();
}

} // namespace

int pause_run(const wish_arguments& given, console& on) {
  return wisher{given, wish_kind::pause, on}.run();
}

int cancel_run(const wish_arguments& given, console& on) {
  return wisher{given, wish_kind::cancel, on}.run();
}

} // namespace troupe::cli
