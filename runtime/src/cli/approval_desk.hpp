#pragma once

#include "commands.hpp"
#include "followed_run.hpp"

#include <set>
#include <string>
#include <vector>

namespace troupe::cli {

/// Whoever uses the command, or `given` where it is not empty.
[[nodiscard]] std::string name_of_user(const std::string& given);

/// Asks the person at the terminal what tasks of a run ask, and knows when a
/// run waits for nothing else.
class approval_desk {
public:
  struct question {
    std::string task;
    std::string what;
  };

  /// `by`: who answers.
  approval_desk(std::string by, console& on);

  void hear(const protocol::run_event& event);
  /// Shows the next question, or takes the answer to the last one. Never
  /// blocks.
  void serve(followed_run& run);

  /// Nothing goes on until somebody answers who is not at this terminal.
  [[nodiscard]] bool waits_for_others() const {
    return !asked_.empty() && at_work_.empty() && !is_terminal_;
  }
  /// Leaves the run to its journal.
  void leave(followed_run& run);
  /// What was still asked then.
  [[nodiscard]] const std::vector<question>& left_open() const {
    return left_open_;
  }

private:
  void forget(const std::string& task);
  [[nodiscard]] bool read_line(std::string& line);
  void answer(followed_run& run, const std::string& line);

  std::string by_;
  console& on_;
  bool is_terminal_ = false;
  bool is_shown_ = false;
  std::string typed_;
  std::vector<question> asked_; ///< At most one a task.
  std::vector<question> left_open_;
  std::set<std::string> at_work_;
};

} // namespace troupe::cli
