#pragma once

#include "journal_notes.hpp"
#include "ready_queue.hpp"
#include "run_attempt.hpp"
#include "run_graph.hpp"

namespace troupe::actors {

/// What a COORDINATOR decides: which task starts when, what a failure means,
/// when the run has ended. Every change leaves an event behind. Not
/// thread-safe. A mission must have passed `check_mission`.
class run_rules {
public:
  using instant = protocol::instant;
  using attempt = run_attempt;
  using progress = run_progress;

  /// `agents` and `estimates` stand in the order of the mission's tasks.
  run_rules(protocol::mission mission, std::vector<std::string> agents,
            std::vector<protocol::task_estimate> estimates, protocol::id run,
            std::uint64_t seed);

  void start(instant now);

  /// What every change leaves behind for a journal.
  [[nodiscard]] journal_notes& journal() noexcept { return notes_; }

  /// Does again what the entries of a run tell, in place of `start`; it was
  /// made by the first. Error: `journal_damaged`; it is of no use then.
  [[nodiscard]] protocol::result<void>
  restore(const std::vector<protocol::journal_entry>& past);
  /// Goes on behind `restore`: what was being worked on is put back, or given
  /// up when process after process has ended over it.
  void go_on(instant now);

  /// Starts nothing new until `unpause`; both may be repeated.
  void pause(std::string why, instant now);
  void unpause(instant now);

  [[nodiscard]] std::vector<attempt> take_startable(instant now);

  /// Both ignore attempts that have ended already (late answers).
  void succeeded(std::size_t task, std::uint32_t number,
                 protocol::task_result result, instant now);
  void failed(std::size_t task, std::uint32_t number, protocol::error why,
              instant now);

  void progressed(std::size_t task, std::uint32_t number, const progress& far,
                  instant now);

  /// Ends attempts whose deadline has passed; they are to be cancelled.
  [[nodiscard]] std::vector<attempt> expire(instant now);

  /// Returns what runs and is to be cancelled.
  [[nodiscard]] std::vector<attempt> cancel(protocol::error why, instant now);

  /// Gives up waiting for cancelled attempts.
  void abandon(instant now);
  /// Emits the last event, once the report's money is known.
  void close(instant now);
  /// When `expire` or `take_startable` must be called at the latest; the epoch
  /// when nothing is due.
  [[nodiscard]] instant next_due() const;

  [[nodiscard]] bool is_finished() const noexcept;
  [[nodiscard]] bool is_cancelling() const noexcept { return cancelling_; }
  [[nodiscard]] bool runs(std::size_t task, std::uint32_t number) const {
    return nodes_[task].running == number;
  }
  [[nodiscard]] std::optional<std::size_t> find(const std::string& task) const {
    return graph_.find(task);
  }

  /// Hands out the events since the last call, in order.
  [[nodiscard]] std::vector<protocol::run_event> take_events();

  [[nodiscard]] const protocol::mission& mission() const { return mission_; }
  [[nodiscard]] std::vector<protocol::task_estimate> estimates() const;
  [[nodiscard]] const protocol::task_spec& spec(std::size_t task) const {
    return mission_.tasks[task];
  }
  [[nodiscard]] const std::string& agent(std::size_t task) const {
    return report_.tasks[task].agent;
  }
  /// Why the last attempt failed its gate; empty at first.
  [[nodiscard]] const std::string& feedback(std::size_t task) const {
    return nodes_[task].feedback;
  }
  /// The texts a task works on: mission inputs, then results of its needs.
  [[nodiscard]] std::vector<protocol::task_input> inputs_of(std::size_t) const;
  [[nodiscard]] const protocol::run_report& report() const { return report_; }
  [[nodiscard]] protocol::run_report& report() { return report_; }

private:
  struct progress_of_task {
    std::uint32_t unmet = 0;
    std::uint32_t running = 0; ///< Number of the attempt; 0: none.
    std::uint32_t crashes = 0; ///< Processes that died meanwhile.
    instant deadline;
    std::string feedback;
  };

  [[nodiscard]] ready_queue::entry entry_of(std::size_t task) const;
  [[nodiscard]] std::vector<protocol::task_input>
  inputs_for_gate(std::size_t task) const;
  void make_ready(std::size_t task, instant now);
  attempt begin(std::size_t task, instant deadline, instant now);
  void add_use(std::size_t task, const protocol::task_result& result);
  void complete(std::size_t task, std::string output, instant now);
  void end_failed(std::size_t task, protocol::error why, instant now);
  void end_interrupted(std::size_t task, protocol::error why, instant now);
  void continue_in_process(instant now);
  struct redo_entry;
  [[nodiscard]] protocol::result<void> redo(const protocol::journal_entry& it);
  void finish(std::size_t task, protocol::task_state state, instant now);
  void skip_dependants(std::size_t task, instant now);
  void give_up(std::size_t task, instant now);
  void end_if_done(instant now);
  [[nodiscard]] bool may_retry(std::size_t task,
                               const protocol::error& why) const;
  [[nodiscard]] protocol::duration pause_before(std::size_t task);
  [[nodiscard]] bool is_level_open(std::uint32_t level) const;
  protocol::run_event& emit(protocol::event_kind kind, instant now);
  protocol::run_event& emit_task(protocol::event_kind kind, std::size_t task,
                                 instant now);

  protocol::mission mission_;
  run_graph graph_;
  std::vector<progress_of_task> nodes_;
  protocol::run_report report_;
  ready_queue ready_;
  attempt_deadlines due_;
  std::vector<protocol::run_event> events_;
  std::vector<std::uint32_t> unfinished_by_level_;
  instant deadline_;
  std::uint64_t random_;
  std::uint64_t sequence_ = 0;
  journal_notes notes_;
  instant paused_at_;
  std::uint32_t running_ = 0;
  std::uint32_t done_ = 0;
  std::uint32_t ended_ = 0;
  bool cancelling_ = false;
  bool paused_ = false;
  bool is_closed_ = false;
  bool was_left_ = false; ///< The last process ended on purpose.
};

} // namespace troupe::actors
