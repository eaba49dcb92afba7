#pragma once

#include <troupe/protocol/report.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::report {

/// What is known of a run that is under way, gathered from its events; what
/// the live view shows. Not thread-safe.
class run_board {
public:
  struct row {
    std::string task;
    std::string agent;
    std::string model; ///< As estimated, until the run tells it.
    protocol::task_state state = protocol::task_state::waiting;
    std::uint32_t attempt = 0;
    std::uint64_t output_chars = 0;
    std::uint32_t permille = 0; ///< What its agent says; 0: nothing.
    std::string note;           ///< Likewise.
    protocol::money cost;
    protocol::task_estimate estimate;
    std::vector<std::size_t> needs;
    protocol::instant started;
    protocol::instant finished;
    std::uint64_t changed = 0; ///< Sequence of the newest event of the task.
  };

  /// `estimates` by mission order; `order` is a topological order of task ids.
  run_board(const protocol::mission& mission,
            std::vector<protocol::task_estimate> estimates,
            const std::vector<std::string>& order);

  /// Takes the next event in. One of a task that is not of the mission counts
  /// for the totals only.
  void apply(const protocol::run_event& event);

  /// What the rest of the run will take: the longest chain of what is left, or
  /// the work left shared among the places, whichever is longer, at the pace
  /// that the tasks done so far had against their estimates.
  [[nodiscard]] protocol::duration time_left(protocol::instant now) const;

  /// Null for a task that is not of the mission.
  [[nodiscard]] const row* find(const std::string& task) const;

  [[nodiscard]] std::size_t count(protocol::task_state state) const;
  [[nodiscard]] const std::vector<row>& rows() const { return rows_; }
  [[nodiscard]] const std::string& mission() const { return mission_; }
  [[nodiscard]] protocol::instant started() const { return started_; }
  [[nodiscard]] protocol::money spent() const { return spent_; }
  [[nodiscard]] protocol::money budget() const { return budget_; }
  [[nodiscard]] bool is_cancelling() const { return cancelling_; }
  [[nodiscard]] bool is_finished() const { return finished_; }
  [[nodiscard]] bool is_simulated() const { return simulated_; }

private:
  void apply_to(row& it, const protocol::run_event& event);
  [[nodiscard]] std::uint64_t pace_permille() const;
  [[nodiscard]] std::int64_t left_ns(const row& it, std::uint64_t pace,
                                     protocol::instant now) const;

  std::string mission_;
  std::vector<row> rows_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::size_t> order_;
  std::uint32_t concurrency_ = 1;
  protocol::instant started_;
  protocol::money spent_;
  protocol::money budget_;
  bool cancelling_ = false;
  bool finished_ = false;
  bool simulated_ = false;
};

/// True when the task has ended, in whatever way.
[[nodiscard]] bool has_ended(protocol::task_state state) noexcept;

} // namespace troupe::report
