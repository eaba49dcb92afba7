#pragma once

#include "troupe/actors/call_log.hpp"
#include "troupe/actors/effect_log.hpp"
#include "troupe/actors/task_times.hpp"

#include <troupe/protocol/health.hpp>
#include <troupe/protocol/journal.hpp>

#include <span>
#include <string>
#include <vector>

namespace troupe::actors {

/// Entries of one run, which follow each other.
struct run_entries {
  protocol::id run;
  std::vector<protocol::journal_entry> entries;
};

/// A run as a journal lists it.
struct kept_run {
  protocol::id run;
  std::string mission;
  protocol::run_state state = protocol::run_state::running;
  protocol::instant started;
  protocol::instant changed; ///< When its last entry was made.
  std::uint64_t entries = 0;
  std::uint32_t tasks = 0;
  std::uint32_t tasks_done = 0;
  std::uint32_t resumed = 0;
  protocol::money cost; ///< What its attempts cost that answered.

  bool operator==(const kept_run&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_run, (),
                      (run, mission, state, started, changed, entries, tasks,
                       tasks_done, resumed, cost))

/// What became of what was to be kept with one wait for the disk: by batch and
/// by call.
struct group_kept {
  std::vector<protocol::result<void>> entries;
  std::vector<protocol::result<void>> calls;
};

/// Where the entries of runs are kept for good. Used by one thread at a time,
/// which it may block for as long as a disk takes.
class journal_log : public effect_log, public call_log {
public:
  /// Each batch and each call is kept when this returns, whatever happens to
  /// the machine, or none of it is. Errors: `journal_failed`; `journal_damaged`
  /// for entries that do not follow those of their run.
  [[nodiscard]] virtual group_kept keep(std::span<const run_entries> batches,
                                        std::span<const keep_call> calls) = 0;

  /// The same for entries alone.
  [[nodiscard]] std::vector<protocol::result<void>>
  append(std::span<const run_entries> batches) {
    return keep(batches, {}).entries;
  }

  /// All entries of a run, in order. Errors: `unknown_run`, `journal_damaged`,
  /// `journal_failed`.
  [[nodiscard]] virtual protocol::result<std::vector<protocol::journal_entry>>
  read(protocol::id run) = 0;

  /// The runs that were begun last, newest first.
  [[nodiscard]] virtual protocol::result<std::vector<kept_run>>
  runs(std::size_t count_max) = 0;

  /// How long the tasks of missions of that name have taken; none: nobody
  /// knows. Errors: `journal_failed`, `journal_damaged`.
  [[nodiscard]] virtual protocol::result<std::vector<task_time>>
  times(const std::string& mission) = 0;

  /// Kept in place of what was. Errors: `journal_failed`.
  [[nodiscard]] virtual protocol::result<void>
  keep_times(const std::string& mission,
             const std::vector<task_time>& times) = 0;

  /// What was done for sick agents. Errors: `journal_failed`.
  [[nodiscard]] virtual protocol::result<void>
  keep_health(const protocol::health_step& what) = 0;
};

} // namespace troupe::actors
