#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/journal_log.hpp"
#include "troupe/actors/status.hpp"

#include <caf/typed_actor.hpp>

#include <memory>

namespace troupe::actors {

/// Asks the JOURNAL to keep entries.
struct keep_entries {
  run_entries what;
};

/// Answers `keep_entries`: all of them are. Errors: as `journal_log::append`.
struct entries_kept {
  std::uint64_t last = 0; ///< The sequence of the last of them.
};

/// Asks the JOURNAL for all entries of a run.
struct read_run {
  protocol::id run;
};

/// Answers `read_run`.
struct run_read {
  std::vector<protocol::journal_entry> entries;
};

/// Asks the JOURNAL for the runs that were begun last, newest first.
struct list_runs {
  std::size_t count_max = 100;
};

/// Answers `list_runs`.
struct runs_listed {
  std::vector<kept_run> runs;
};

/// Asks the JOURNAL how long the tasks of a mission have taken.
struct read_times {
  std::string mission;
};

/// Answers `read_times`.
struct times_read {
  std::vector<task_time> times;
};

/// To be kept; nobody is told whether they are.
struct keep_times {
  std::string mission;
  std::vector<task_time> times;
};

/// To be kept, in a stream of its own.
struct keep_health {
  protocol::health_step what;
};

/// What stood in the mailbox is written now; the journal's own.
struct write_waiting {};

/// No more will come: it ends.
struct end_of_journal {};

/// JOURNAL: one per node; keeps what runs do, on a thread of its own. All that
/// has come in while it wrote goes to the disk at once.
using journal_actor = caf::typed_actor<
    caf::replies_to<keep_entries>::with<entries_kept>,
    caf::replies_to<read_run>::with<run_read>,
    caf::replies_to<list_runs>::with<runs_listed>,
    caf::replies_to<keep_call>::with<call_kept>,
    caf::replies_to<read_calls>::with<calls_read>,
    caf::replies_to<begin_effect>::with<effect_begun>,
    caf::replies_to<end_effect>::with<effect_ended>,
    caf::replies_to<read_times>::with<times_read>, caf::reacts_to<keep_times>,
    caf::reacts_to<keep_health>, caf::replies_to<get_status>::with<status_told>,
    caf::reacts_to<write_waiting>, caf::reacts_to<end_of_journal>>;

/// It outlives all who are told to exit: whatever they send it last is kept.
[[nodiscard]] journal_actor spawn_journal(caf::actor_system& system,
                                          std::shared_ptr<journal_log> log);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::keep_entries)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::entries_kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::read_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::keep_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::call_kept)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::read_calls)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::calls_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::begin_effect)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::effect_begun)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::end_effect)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::effect_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::run_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::list_runs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::runs_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::read_times)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::times_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::keep_times)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::keep_health)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::write_waiting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::end_of_journal)
