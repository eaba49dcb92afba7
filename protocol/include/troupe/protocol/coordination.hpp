#pragma once

#include "troupe/protocol/result.hpp"
#include "troupe/protocol/vote.hpp"

#include <boost/describe/enum.hpp>

#include <optional>
#include <string>

/// How agents steer work together: what becomes of a task, votes (vote.hpp),
/// heartbeats. All of them are one-way; nobody answers. The messages of a task
/// go to the requester of one that `wants_progress`, from an agent that does
/// not answer at once; they come beside the response, and their `correlation`
/// is the request.
namespace troupe::protocol {

/// An agent has taken a task and will say how it ends. Of each attempt comes
/// either this or `task_refused`, first and once.
struct task_accepted {
  std::string task;
  std::uint32_t attempt = 1;
  std::uint32_t waiting = 0; ///< Tasks that it does before.

  bool operator==(const task_accepted&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_accepted, (), (task, attempt, waiting))

/// An agent has not taken a task; it has done nothing for it.
struct task_refused {
  std::string task;
  std::uint32_t attempt = 1;
  error reason; ///< `overloaded`, `invalid_request`, ...

  bool operator==(const task_refused&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_refused, (), (task, attempt, reason))

/// Work on an accepted task has begun.
struct task_started {
  std::string task;
  std::uint32_t attempt = 1;

  bool operator==(const task_started&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_started, (), (task, attempt))

/// How far a started task is. May go back, when the agent learns more.
struct task_progress {
  std::string task;
  std::uint32_t attempt = 1;
  std::uint32_t permille = 0; ///< 0 to 1,000.
  std::string note;           ///< For people; at most 512 bytes.

  bool operator==(const task_progress&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_progress, (), (task, attempt, permille, note))

enum class task_outcome : std::uint8_t { done, failed, cancelled };
BOOST_DESCRIBE_ENUM(task_outcome, done, failed, cancelled)

/// An accepted task has ended; the last word on the attempt, exactly once.
struct task_finished {
  std::string task;
  std::uint32_t attempt = 1;
  task_outcome outcome = task_outcome::done;
  std::optional<error> failure; ///< Unless done.

  bool operator==(const task_finished&) const = default;
};
BOOST_DESCRIBE_STRUCT(task_finished, (), (task, attempt, outcome, failure))

/// Says that the sender is alive. Sequences start at 1 with each incarnation.
struct heartbeat {
  std::string sender;
  std::uint64_t incarnation = 0; ///< Rises with each start of the sender.
  std::uint64_t sequence = 0;
  std::uint32_t load_permille = 0; ///< 1,000: as much as it can do.

  bool operator==(const heartbeat&) const = default;
};
BOOST_DESCRIBE_STRUCT(heartbeat, (),
                      (sender, incarnation, sequence, load_permille))

} // namespace troupe::protocol
