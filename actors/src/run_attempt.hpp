#pragma once

#include <troupe/protocol/task.hpp>

#include <cstdint>
#include <optional>
#include <queue>
#include <string>

namespace troupe::actors {

/// An attempt that is to be sent to its agent, or whose answer is to be looked
/// at by others.
struct run_attempt {
  std::size_t task;
  std::uint32_t number; ///< From 1.
  protocol::instant deadline;
};

/// How far an attempt is: text that has arrived, and what its agent says.
struct run_progress {
  std::uint64_t output_chars = 0;
  std::uint32_t permille = 0;
  std::string note{};
};

/// How far a task is.
struct task_progress_state {
  std::uint32_t unmet = 0;
  std::uint32_t came = 0;    ///< Needs that have ended and led to it.
  std::uint32_t running = 0; ///< Number of the attempt; 0: none.
  std::uint32_t crashes = 0; ///< Processes that died meanwhile.
  std::uint32_t raised = 0;  ///< Tiers above its own, by its gate's wish.
  bool holds_place = false;  ///< Under the concurrency cap.
  bool is_asking = false;    ///< A person, who may take days.
  protocol::instant deadline;
  std::string feedback; ///< Why the last attempt failed its gate.
  std::string effect; ///< Of which somebody is to say whether it has happened.
  std::optional<protocol::task_result> answer; ///< That others look at.
};

/// When attempts are due; ended ones are for the caller to pass over, so that
/// there is one entry an attempt. Not thread-safe.
class attempt_deadlines {
public:
  void add(const run_attempt& it) { all_.push(it); }
  [[nodiscard]] bool is_empty() const { return all_.empty(); }
  /// The next; there is one.
  [[nodiscard]] const run_attempt& next() const { return all_.top(); }
  void drop_next() { all_.pop(); }

private:
  struct later {
    bool operator()(const run_attempt& a, const run_attempt& b) const noexcept {
      return a.deadline > b.deadline;
    }
  };
  // bounded by the mission's attempts
  std::priority_queue<run_attempt, std::vector<run_attempt>, later> all_;
};

} // namespace troupe::actors
