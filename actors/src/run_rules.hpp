#pragma once

#include "place_caps.hpp"
#include "run_attempt.hpp"
#include "run_record.hpp"
#include "troupe/actors/result_book.hpp"

#include <memory>

namespace troupe::actors {

/// What a COORDINATOR decides: which task starts when, what a failure means,
/// when the run has ended. Every change leaves an event. Not thread-safe. A
/// mission must have passed `check_mission`.
class run_rules : public run_record {
public:
  using attempt = run_attempt;
  using progress = run_progress;
  /// `agents` and `estimates` stand in the order of the mission's tasks.
  run_rules(protocol::mission mission, const std::vector<std::string>& agents,
            std::vector<protocol::task_estimate> estimates, protocol::id run,
            std::uint64_t seed);

  /// What earlier runs gave; digests of agents by task. Before `start`.
  void know(std::shared_ptr<const result_book> book,
            std::vector<protocol::id> agents);
  void start(instant now);

  /// Does again what entries tell, in place of `start`. Error:
  /// `journal_damaged`; it is of no use then.
  [[nodiscard]] protocol::result<void>
  restore(const std::vector<protocol::journal_entry>& past);
  /// Behind `restore`: what was worked on is put back, or given up.
  void go_on(instant now);

  /// Starts nothing new until `unpause`. May be repeated.
  void pause(std::string why, instant now);
  void unpause(instant now);
  [[nodiscard]] std::vector<attempt> take_startable(instant now);
  /// Attempts whose answer the gate's tool and judge have to look at.
  [[nodiscard]] std::vector<attempt> take_checks();

  /// All ignore attempts that have ended already (late answers).
  void succeeded(std::size_t task, std::uint32_t number,
                 protocol::task_result result, instant now);
  void failed(std::size_t task, std::uint32_t number, protocol::error why,
              instant now);
  /// It is known already what its gate says of the answer.
  void ended(std::size_t task, std::uint32_t number,
             protocol::task_result outcome, std::optional<protocol::error> why,
             instant now);
  /// What others say of an answer; no finding: it passes.
  void checked(std::size_t task, std::uint32_t number,
               const std::optional<std::string>& finding,
               const protocol::task_result& used, instant now);
  void progressed(std::size_t task, std::uint32_t number, const progress& far,
                  instant now);

  /// Somebody's yes or no. Errors: `invalid_request` when the task asks nobody
  /// (any more), or not `by`.
  protocol::result<void> decide(std::size_t task, bool is_yes,
                                const std::string& by, const std::string& note,
                                instant now);
  /// Ends attempts whose deadline has passed; they are to be cancelled.
  [[nodiscard]] std::vector<attempt> expire(instant now);
  /// Returns what runs and is to be cancelled.
  [[nodiscard]] std::vector<attempt> cancel(protocol::error why, instant now);
  void abandon(instant now); ///< Waits for cancelled attempts no longer.
  void close(instant now);   ///< The report's money is known.
  /// When `expire` or `take_startable` is due; the epoch: nothing is.
  [[nodiscard]] instant next_due() const;
  [[nodiscard]] bool is_finished() const noexcept {
    return report_.state != protocol::run_state::running;
  }
  [[nodiscard]] bool is_cancelling() const noexcept { return cancelling_; }
  [[nodiscard]] bool runs(std::size_t task, std::uint32_t number) const {
    return nodes_[task].running == number;
  }
  /// That others look at; null: none.
  [[nodiscard]] const protocol::task_result* answer(std::size_t task) const {
    return nodes_[task].answer ? &*nodes_[task].answer : nullptr;
  }
  [[nodiscard]] const task_progress_state& progress_of(std::size_t task) const {
    return nodes_[task];
  }

private:
  struct redo_entry;
  [[nodiscard]] ready_queue::entry entry_of(std::size_t task) const;
  void arrive(std::size_t task, instant now);
  void arrive_all(instant now);
  void make_ready(std::size_t task, instant now);
  void omit(std::size_t task, std::string why, instant now);
  void pass_on(std::size_t task, bool led_on);
  [[nodiscard]] bool take_known(std::size_t task, instant now);
  void finish_plain(std::size_t task, instant now);
  attempt begin(std::size_t task, instant deadline, instant now);
  void release_place(std::size_t task);
  void end_answered(std::size_t task, protocol::task_result outcome,
                    std::optional<protocol::error> why, instant now);
  void complete(std::size_t task, std::string output, instant now);
  void end_failed(std::size_t task, protocol::error why, instant now);
  void try_again(std::size_t task, protocol::duration pause, instant now);
  void end_interrupted(std::size_t task, protocol::error why, instant now);
  void ask(std::size_t task, std::string what, instant now);
  void begin_asking(std::size_t task, instant now);
  [[nodiscard]] instant asks_until(std::size_t task, instant now) const;
  void answer_question(const protocol::approval_given& it, std::size_t task,
                       instant now);
  void ask_no_more(std::size_t task, instant now);
  void go_on_knowing(const protocol::approval_given& it, std::size_t task,
                     instant now);
  [[nodiscard]] bool asks_of_effect(std::size_t task) const;
  void continue_in_process(instant now);
  [[nodiscard]] protocol::result<void> redo(const protocol::journal_entry& it);
  void finish(std::size_t task, protocol::task_state state, instant now);
  void skip_dependants(std::size_t task, const std::string& within,
                       instant now);
  void give_up(std::size_t task, instant now);
  void end_if_done(instant now);
  [[nodiscard]] bool may_retry(std::size_t task,
                               const protocol::error& why) const;
  [[nodiscard]] bool has_attempts_left(std::size_t task) const;
  [[nodiscard]] protocol::duration pause_before(std::size_t task);
  [[nodiscard]] bool is_level_open(std::uint32_t level) const;

  std::vector<task_progress_state> nodes_;
  ready_queue ready_;
  place_caps caps_;
  attempt_deadlines due_;
  std::vector<attempt> checks_;
  std::vector<std::size_t> arriving_; ///< Their needs have ended.
  std::vector<std::uint32_t> unfinished_by_level_;
  std::shared_ptr<const result_book> book_;
  std::vector<std::string> why_; ///< By task: why no earlier result was taken.
  instant deadline_;
  std::uint64_t random_;
  instant paused_at_;
  std::uint32_t running_ = 0; ///< Places under the cap that are taken.
  std::uint32_t excused_ = 0; ///< Omitted, or failed where that may be.
  std::uint32_t ended_ = 0;
  bool cancelling_ = false;
  bool paused_ = false;
  bool is_closed_ = false;
  bool was_left_ = false; ///< On purpose, by the last process.
};

} // namespace troupe::actors
