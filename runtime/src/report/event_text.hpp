#pragma once

#include <troupe/protocol/event.hpp>

#include <string>

namespace troupe::report {

/// An event as one line without a line end, for logs and pipes:
/// `05:20:03 collect done by reader at anthropic/x, 3.1 s, $0.0021 (1/4)`.
/// Empty for `task_ready` and `task_progress`, of which there are many.
/// `took` is how long the task has run.
[[nodiscard]] std::string event_line(const protocol::run_event& event,
                                     protocol::duration took);

} // namespace troupe::report
