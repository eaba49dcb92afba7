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

} // namespace troupe::actors
