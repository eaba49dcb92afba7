#pragma once

#include "ready_queue.hpp"

#include <troupe/protocol/report.hpp>

#include <cstdint>
#include <vector>

namespace troupe::actors {

/// What a COORDINATOR decides: which task starts when, what a failure means,
/// when the run has ended. Every change leaves an event behind. Not
/// thread-safe. A mission must have passed `check_mission`.
class run_rules {
public:
  using instant = protocol::instant;

  /// `agents` and `estimates` stand in the order of the mission's tasks.
  run_rules(protocol::mission mission, std::vector<std::string> agents,
            std::vector<protocol::task_estimate> estimates, protocol::id run,
            std::uint64_t seed);

  void start(instant now);

  /// An attempt to be sent to its agent.
  struct attempt {
    std::size_t task;
    std::uint32_t number; ///< From 1.
    instant deadline;
  };

  /// Takes what may start now, under the concurrency cap.
  [[nodiscard]] std::vector<attempt> take_startable(instant now);

  /// Both ignore attempts that have ended already (late answers).
  void succeeded(std::size_t task, std::uint32_t number,
                 protocol::task_result result, instant now);
  void failed(std::size_t task, std::uint32_t number, protocol::error why,
              instant now);

  /// How far an attempt is: text that has arrived, and what its agent says.
  struct progress {
    std::uint64_t output_chars = 0;
    std::uint32_t permille = 0;
    std::string note{};
  };
  void progressed(std::size_t task, std::uint32_t number, const progress& far,
                  instant now);

  /// Ends attempts whose deadline has passed; they are to be cancelled.
  [[nodiscard]] std::vector<attempt> expire(instant now);

  /// Starts nothing new; returns what runs and is to be cancelled.
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

  /// Hands out the events since the last call, in order.
  [[nodiscard]] std::vector<protocol::run_event> take_events();

  [[nodiscard]] const protocol::mission& mission() const { return mission_; }
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
  struct node {
    std::vector<std::uint32_t> needs;
    std::vector<std::uint32_t> dependants;
    std::vector<std::uint32_t> inputs; ///< Of the mission, by position.
    std::uint32_t unmet = 0;
    std::uint32_t level = 0;
    std::uint64_t path = 0;    ///< Estimated time of the longest chain from it.
    std::uint32_t running = 0; ///< Number of the attempt; 0: none.
    instant deadline;
    std::string feedback;
  };

  struct due {
    instant when;
    std::uint32_t task;
    std::uint32_t attempt;
    bool operator<(const due& other) const noexcept {
      return when > other.when;
    }
  };

  void link();
  [[nodiscard]] ready_queue::entry entry_of(std::size_t task) const;
  [[nodiscard]] std::vector<protocol::task_input>
  inputs_for_gate(std::size_t task) const;
  void make_ready(std::size_t task, instant now);
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
  std::vector<node> nodes_;
  protocol::run_report report_;
  ready_queue ready_;
  /// One entry an attempt, dropped when late: bounded by the mission's
  /// attempts.
  std::priority_queue<due> due_;
  std::vector<protocol::run_event> events_;
  std::vector<std::uint32_t> unfinished_by_level_;
  instant deadline_;
  std::uint64_t random_;
  std::uint64_t sequence_ = 0;
  std::uint32_t running_ = 0;
  std::uint32_t done_ = 0;
  std::uint32_t ended_ = 0;
  bool cancelling_ = false;
};

} // namespace troupe::actors
