#pragma once

#include "troupe/protocol/task.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace troupe::protocol {

enum class task_state : std::uint8_t {
  waiting, ///< Something that it needs is not done.
  ready,   ///< Waits for a free place under the concurrency cap.
  running,
  done,
  failed,
  skipped, ///< A task that it needs has failed.
  cancelled,
  omitted, ///< Its condition did not hold, or nothing led to it.
};
BOOST_DESCRIBE_ENUM(task_state, waiting, ready, running, done, failed, skipped,
                    cancelled, omitted)

enum class run_state : std::uint8_t {
  running,
  done,
  failed,
  cancelled,
  paused, ///< Nothing new starts until somebody lets it go on.
};
BOOST_DESCRIBE_ENUM(run_state, running, done, failed, cancelled, paused)

enum class event_kind : std::uint8_t {
  run_started,
  task_ready,
  task_started,   ///< An attempt was sent to its agent.
  task_progress,  ///< Text is arriving, or the agent says how far it is.
  attempt_failed, ///< Another attempt follows.
  task_done,
  task_failed,
  task_skipped,
  task_cancelled,
  run_cancelling, ///< Nothing new starts; running tasks are being stopped.
  run_finished,
  run_paused,  ///< What runs goes on to its end; nothing new starts.
  run_resumed, ///< Behind a pause, or in another process.
  task_omitted,
  task_checking,  ///< It has an answer, which others look at.
  approval_asked, ///< `note` says what for; it waits for a person.
  approval_given, ///< `note` says by whom.
};
BOOST_DESCRIBE_ENUM(event_kind, run_started, task_ready, task_started,
                    task_progress, attempt_failed, task_done, task_failed,
                    task_skipped, task_cancelled, run_cancelling, run_finished,
                    run_paused, run_resumed, task_omitted, task_checking,
                    approval_asked, approval_given)

/// One step of a run. CLI, programs and dashboard follow the same events;
/// `sequence` starts at 1 and has no gaps.
struct run_event {
  std::uint64_t sequence = 0;
  instant at;
  event_kind kind = event_kind::run_started;
  std::string task;  ///< Empty for events of the run.
  std::string agent; ///< Who performs the task.
  std::string model;
  std::uint32_t attempt = 0;
  std::uint64_t output_chars = 0; ///< Of text that has arrived so far.
  std::uint32_t permille = 0;     ///< What its agent says; 0: nothing yet.
  std::string note;               ///< Likewise; untrusted.
  usage used;      ///< Of the task so far; of the run with `run_finished`.
  money cost;      ///< Likewise.
  money run_spent; ///< All that the run has spent up to this event.
  std::uint32_t tasks_done = 0;
  std::uint32_t tasks_total = 0;
  std::optional<error> failure;
  bool simulated = false;

  bool operator==(const run_event&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_event, (),
                      (sequence, at, kind, task, agent, model, attempt,
                       output_chars, permille, note, used, cost, run_spent,
                       tasks_done, tasks_total, failure, simulated))
template <>
inline constexpr bool omits_defaults<run_event> = true;

} // namespace troupe::protocol
