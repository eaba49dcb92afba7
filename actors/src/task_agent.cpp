#include "task_agent.hpp"

namespace troupe::actors {

protocol::task_finished
end_of(const protocol::perform_task& task,
       const protocol::result<protocol::task_result>& outcome) {
  protocol::task_finished end;
  end.task = task.task;
  end.attempt = task.attempt;
  if (outcome)
    return end;
  end.outcome = outcome.error().code == protocol::errc::cancelled
                    ? protocol::task_outcome::cancelled
                    : protocol::task_outcome::failed;
  end.failure = outcome.error();
  return end;
}

} // namespace troupe::actors
