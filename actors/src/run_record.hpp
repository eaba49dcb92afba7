#pragma once

#include "journal_notes.hpp"
#include "run_graph.hpp"

#include <troupe/protocol/condition.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// What is known of a run: its mission, what became of each task, the events
/// and journal entries that nobody has taken yet. Not thread-safe.
class run_record {
public:
  using instant = protocol::instant;

  /// `agents` and `estimates` stand in the order of the mission's tasks.
  run_record(protocol::mission mission, std::vector<std::string> agents,
             std::vector<protocol::task_estimate> estimates, protocol::id run);

  /// What every change leaves behind for a journal.
  [[nodiscard]] journal_notes& journal() noexcept { return notes_; }
  /// Hands out the events since the last call, in order.
  [[nodiscard]] std::vector<protocol::run_event> take_events();

  [[nodiscard]] std::optional<std::size_t> find(const std::string& task) const {
    return graph_.find(task);
  }
  [[nodiscard]] const protocol::mission& mission() const { return mission_; }
  [[nodiscard]] std::vector<protocol::task_estimate> estimates() const;
  [[nodiscard]] const protocol::task_spec& spec(std::size_t task) const {
    return mission_.tasks[task];
  }
  [[nodiscard]] const std::string& agent(std::size_t task) const {
    return report_.tasks[task].agent;
  }
  [[nodiscard]] const protocol::run_report& report() const { return report_; }
  [[nodiscard]] protocol::run_report& report() { return report_; }

  /// The texts a task works on: mission inputs, then results of its needs that
  /// its prompt does not refer to.
  [[nodiscard]] std::vector<protocol::task_input> inputs_of(std::size_t) const;
  /// Its prompt with what it refers to. Errors: as `fill_references`.
  [[nodiscard]] protocol::result<std::string> prompt_of(std::size_t) const;
  /// Whether its condition holds; true without one.
  [[nodiscard]] bool may_run(std::size_t task) const;
  /// The outputs of its needs that ran, one below the other.
  [[nodiscard]] std::string joined_needs(std::size_t task) const;
  /// The output of the last of its needs that ran.
  [[nodiscard]] std::string picked_need(std::size_t task) const;
  /// What decides what it gives.
  [[nodiscard]] std::vector<protocol::work_part>
  parts_of(std::size_t task) const;

  /// Is asked each time before a task is begun; may give it to another agent.
  void choose_by(std::function<void(std::size_t task)> choose) {
    choose_ = std::move(choose);
  }
  /// `digest`: of what decides how that agent works.
  void give_to(std::size_t task, const std::string& agent, protocol::id digest);

protected:
  protocol::run_event& emit(protocol::event_kind kind, instant now);
  protocol::run_event& emit_task(protocol::event_kind kind, std::size_t task,
                                 instant now);
  void add_use(std::size_t task, const protocol::task_result& result);

  protocol::mission mission_;
  run_graph graph_;
  protocol::run_report report_;
  journal_notes notes_;
  /// Of what decides how the agents work, by task; empty: nobody has told.
  std::vector<protocol::id> agent_digests_;
  std::function<void(std::size_t task)> choose_; ///< None: they are given.
  std::uint32_t done_ = 0;

private:
  [[nodiscard]] protocol::text_source texts() const;
  [[nodiscard]] protocol::id digest_of_input(std::uint32_t input) const;
  [[nodiscard]] bool has_result(std::size_t task) const;

  std::vector<protocol::run_event> events_;
  mutable std::vector<protocol::id> input_digests_; ///< Null: not made yet.
  std::uint64_t sequence_ = 0;
};

} // namespace troupe::actors
