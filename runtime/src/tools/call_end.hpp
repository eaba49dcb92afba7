#pragma once

#include <troupe/protocol/time.hpp>

#include <chrono>

namespace troupe::tools {

/// When a call has to end, and whether that is its task's limit.
struct call_end {
  std::chrono::steady_clock::time_point due;
  bool is_of_task = false;
};

/// The earlier of `timeout` from now and the deadline of the task; none: epoch.
[[nodiscard]] call_end end_of_call(protocol::duration timeout,
                                   protocol::instant deadline);

} // namespace troupe::tools
