#pragma once

#include "troupe/actors/supervision.hpp"

#include <string>
#include <variant>
#include <vector>

namespace troupe::actors {

/// One life of a child. Numbers of children and of lives are never used again
/// by the same supervisor.
struct child_life {
  std::uint64_t child = 0;
  std::uint64_t incarnation = 0;

  bool operator==(const child_life&) const = default;
};

/// How a child has ended.
enum class child_end {
  normal,   ///< It had nothing more to do.
  shutdown, ///< It was asked to.
  abnormal, ///< It failed.
  killed,
};

/// Start it, then tell `started`, `ignored` or `start_failed`.
struct start_order {
  child_life who;
};

/// Ask it to end. Its limit is watched by the rules.
struct stop_order {
  child_life who;
};

/// End it without asking.
struct kill_order {
  child_life who;
};

enum class child_answer {
  done,
  ignored,         ///< Its start function did not want to.
  start_failed,    ///< With the cause in `why`.
  not_found,       ///< No child has that id.
  already_started, ///< It lives.
  already_present, ///< It does not live, but may be started again.
  running,
  restarting,
  dynamic,    ///< Children of a dynamic supervisor cannot be asked that.
  overloaded, ///< Too many requests wait.
  ending,     ///< The supervisor stops.
};

/// Answers a request.
struct answer_order {
  std::uint64_t request = 0;
  child_answer what = child_answer::done;
  child_life who{};
  std::string why{};
};

/// All children that it begins with have been started. Comes once, or not.
struct opened_order {};

enum class supervisor_end {
  asked,         ///< To stop.
  start_failed,  ///< Of one of the children it begins with.
  restart_limit, ///< More restarts than the intensity allows.
  significant,   ///< Its significant children have ended.
};

/// All children have ended: so does the supervisor. Comes once, as the last.
struct end_order {
  supervisor_end why = supervisor_end::asked;
  std::string child{}; ///< That is to blame.
  std::string cause{}; ///< Of a failed start.
};

enum class supervisor_event {
  child_ended,  ///< By itself.
  start_failed, ///< Of a child that is started again.
  gave_up,      ///< Too many restarts.
  /// The supervisor ends with a child that it cannot be without.
  significant_ended,
  killed_too_slow, ///< It was asked to stop and did not.
};

/// Something to be logged.
struct report_order {
  supervisor_event what = supervisor_event::child_ended;
  std::string child{};
  std::string cause{};
};

/// Carried out in order. What a command leads to is told afterwards.
using supervisor_command =
    std::variant<start_order, stop_order, kill_order, answer_order,
                 opened_order, end_order, report_order>;
using supervisor_commands = std::vector<supervisor_command>;

} // namespace troupe::actors
