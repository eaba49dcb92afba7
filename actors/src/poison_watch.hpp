#pragma once

#include "function_agent_parts.hpp"
#include "troupe/actors/quarantine_book.hpp"

namespace troupe::actors {

/// Runs the user's code as `call_task_code` does, unless it is given a message
/// that others have crashed over; and takes notes of what it throws.
/// Errors: those of the code; `quarantined`.
[[nodiscard]] protocol::result<protocol::task_result>
call_watched(const task_code& code, const task_work& work,
             quarantine_book* book, const std::string& agent,
             const wall_clock& clock, caf::actor_clock::time_point now);

/// The same for code that has been lost over a task, as that of a process that
/// crashed; but not for one that was stopped.
[[nodiscard]] protocol::result<protocol::task_result>
note_lost_code(protocol::result<protocol::task_result> outcome,
               const task_work& work, quarantine_book& book,
               const std::string& agent, protocol::instant now);

} // namespace troupe::actors
