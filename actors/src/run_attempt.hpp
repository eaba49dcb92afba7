#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <queue>
#include <string>

namespace troupe::actors {

/// An attempt that is to be sent to its agent.
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
