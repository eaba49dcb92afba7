#pragma once

#include "delegation_rules.hpp"
#include "task_agent.hpp"

#include <utility>
#include <vector>

namespace troupe::actors {

/// A task of an agent that may ask others about it.
struct asking_task : agent_task {
  asking_task(protocol::request<protocol::perform_task> msg,
              task_follower_actor who, const delegation_limits& limits)
      : agent_task{std::move(msg), std::move(who)},
        questions(allowance_of(asked.body, limits)) {}

  question_allowance questions;
  question_threads threads;
  std::vector<agent_actor> colleagues; ///< Who works on a question now.
};

} // namespace troupe::actors
