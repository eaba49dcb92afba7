#pragma once

#include "colleague_answer.hpp"
#include "deadline_table.hpp"
#include "troupe/actors/function_agent.hpp"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

namespace troupe::actors {

/// A task for the thread.
struct work_item {
  std::uint64_t key;
  protocol::request<protocol::perform_task> message;
  std::stop_token stop;
};
/// What the thread tells of a task, by the item's key.
struct work_started {
  std::uint64_t key;
};
struct work_progress {
  std::uint64_t key;
  std::uint32_t permille;
  std::string note;
};
struct work_question {
  std::uint64_t key;
  protocol::question ask;
  std::shared_ptr<colleague_answer> answer;
};
struct work_done {
  std::uint64_t key;
  protocol::result<protocol::task_result> outcome;
  bool is_code_lost = false; ///< It takes no other task.
};

/// The thread of a blocking agent: takes one task after the other.
using agent_thread_actor = caf::typed_actor<caf::reacts_to<work_item>>;
/// The agent in front of it.
using blocking_agent_actor = agent_actor::extend<
    caf::reacts_to<work_started>, caf::reacts_to<work_progress>,
    caf::reacts_to<work_question>, caf::reacts_to<work_done>,
    caf::reacts_to<deadline_tick>>;

/// What the code on the thread stands on.
struct thread_ground {
  std::string agent; ///< Its name.
  wall_clock clock;
  journal_actor journal; ///< Null: effects are not kept.
  tool_finder find_tool;
  std::shared_ptr<quarantine_book> quarantine{}; ///< Null: there is none.
  std::uint64_t incarnation = 0;
};

/// Runs `code` for one task after the other, on a thread of its own.
[[nodiscard]] agent_thread_actor spawn_agent_thread(caf::actor_system& system,
                                                    task_code code,
                                                    thread_ground on,
                                                    blocking_agent_actor front);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_item)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_progress)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_done)
