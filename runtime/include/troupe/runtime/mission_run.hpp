#pragma once

#include <troupe/protocol/report.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace troupe {

/// A run that was started: follow it, cancel it, wait for its report.
/// Copies refer to the same run. It must not outlive its `runtime`.
/// Thread safety: any thread; each event goes to one caller.
class mission_run {
public:
  struct shared_state;
  explicit mission_run(std::shared_ptr<shared_state> state);

  [[nodiscard]] protocol::id id() const;

  /// The next event, in order. At most 100,000 are kept while nobody asks; then
  /// the oldest are dropped, which shows as a gap in `sequence`.
  /// Blocking: up to `patience`. Nothing comes back when that has passed or
  /// when the run has ended and all its events were taken.
  [[nodiscard]] std::optional<protocol::run_event>
  next_event(std::chrono::milliseconds patience);

  /// True when the report is there.
  [[nodiscard]] bool is_finished() const;

  /// Starts nothing new and stops what is running, down to the sockets. The
  /// run then ends as `cancelled`, with a report. Repeated: no effect.
  /// Blocking: never; safe in a thread that handles signals.
  void cancel(std::string reason = "cancelled by the caller");

  /// Starts nothing new until `go_on`; what is running goes on to its end. The
  /// mission's deadline waits as well. Repeated: no effect.
  /// Blocking: never.
  void pause(std::string why = "paused by the caller");
  void go_on();

  /// Ends the run here, as `paused`, to be resumed from the journal, by this
  /// process or another; without a journal it is cancelled. Blocking: never.
  void leave();

  /// Says yes or no to a task that waits for it: one that an event
  /// `approval_asked` has named. Names are told, not proved: who may call this
  /// is the program's to know. Errors: `invalid_request` (the task asks nobody,
  /// or not `by`), `unreachable` (the run has ended). Blocking: a few
  /// milliseconds, at most 10 s.
  protocol::result<void> decide(const std::string& task, bool is_yes,
                                const std::string& by,
                                const std::string& note = {});

  /// The report. Blocking: until the run has ended, which is at most its
  /// mission's deadline plus ten seconds, and as long as it is paused.
  [[nodiscard]] protocol::run_report wait();

private:
  std::shared_ptr<shared_state> state_;
};

} // namespace troupe
