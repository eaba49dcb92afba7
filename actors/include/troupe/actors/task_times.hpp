#pragma once

#include <troupe/protocol/report.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe::actors {

/// How long one task of a mission takes, by the runs so far.
struct task_time {
  std::string task;             ///< Its id; `book#` stands for `book#1`, ...
  protocol::duration typical{}; ///< From its first start to its result.
  std::uint32_t runs = 0;       ///< That it was seen in; it counts to 1,000.

  bool operator==(const task_time&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_time, (), (task, typical, runs))

/// What earlier runs of one mission tell of the time that its tasks take: the
/// mean of the first four, then each new run counts for a quarter. A task that
/// is new is taken for what others of its `foreach` took. Not thread-safe.
class task_times {
public:
  /// Tasks that are told apart; of others only their `foreach` is.
  static constexpr std::size_t tasks_max = 4'096;

  task_times() = default;
  /// Leaves out what no time can be, and what is too much.
  explicit task_times(const std::vector<task_time>& known);

  /// Takes in the tasks of a run that were done by agents of this run: not
  /// what was taken over, decided by people, simulated, or broken off by the
  /// end of a process. True: something has changed by more than an eighth.
  bool learn(const protocol::run_report& report);

  /// Replaces the times of `estimates`, by the ids of `tasks`, where one is
  /// known.
  void apply(const std::vector<protocol::task_spec>& tasks,
             std::vector<protocol::task_estimate>& estimates) const;

  /// By id.
  [[nodiscard]] std::vector<task_time> all() const;
  [[nodiscard]] bool empty() const noexcept { return known_.empty(); }

private:
  struct seen {
    protocol::duration typical{};
    std::uint32_t runs = 0;
    protocol::duration told{}; ///< When it last changed by so much.
  };

  bool take(const std::string& name, protocol::duration time);

  std::map<std::string, seen> known_; // bounded by tasks_max
};

} // namespace troupe::actors
