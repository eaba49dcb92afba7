#pragma once

#include "coordinator_impl.hpp"

namespace troupe::actors {

struct coordinator::several {
  std::vector<protocol::result<protocol::task_result>> answers;
  std::size_t open = 0;
};

struct coordinator::asking {
  run_rules::attempt it;
  named_agent who;
  protocol::perform_task body;
  std::shared_ptr<several> together;
  answer_handler then;
};

/// Of an attempt that succeeded while its run is being left: its answer is not
/// kept, so that it is not told as done either.
[[nodiscard]] inline protocol::error not_kept() {
  return protocol::fail(protocol::errc::cancelled,
                        "its run is left; it is done again when that goes on");
}

} // namespace troupe::actors
