#pragma once

#include "troupe/actors/agent.hpp"

#include <caf/all.hpp>

#include <future>
#include <memory>
#include <string>
#include <vector>

namespace troupe::test {

/// What somebody was told of a task that it gave to an agent, in order.
struct task_story {
  std::vector<std::string> told; ///< To be read when `end` is ready.
  std::promise<void> end;        ///< The response, or the error, is there.
};

/// Gives a task to an agent, wants to know how it goes on, and notes it.
inline void watch_task(caf::actor_system& system,
                       const actors::agent_actor& agent,
                       protocol::request<protocol::perform_task> msg,
                       std::shared_ptr<task_story> story) {
  using handle = actors::task_follower_actor;
  using protocol::coordination;
  msg.body.wants_progress = true;
  system.spawn([=](handle::pointer self) -> handle::behavior_type {
    self->request(agent, caf::infinite, msg)
        .then(
            [=](const protocol::response<protocol::task_result>&) {
              story->told.emplace_back("answered");
              story->end.set_value();
              self->quit();
            },
            [=](const caf::error&) {
              story->told.emplace_back("an error");
              story->end.set_value();
              self->quit();
            });
    const auto about = [id = msg.head.message](const protocol::header& head) {
      return head.correlation == id ? "" : " of another task";
    };
    return {
        [=](const coordination<protocol::task_accepted>& it) {
          story->told.push_back("accepted behind "
                                + std::to_string(it.body.waiting)
                                + about(it.head));
        },
        [=](const coordination<protocol::task_refused>& it) {
          story->told.push_back("refused: "
                                + std::string(to_string(it.body.reason.code))
                                + about(it.head));
        },
        [=](const coordination<protocol::task_started>& it) {
          story->told.push_back(std::string("started") + about(it.head));
        },
        [=](const coordination<protocol::task_progress>& it) {
          story->told.push_back(std::to_string(it.body.permille) + ' '
                                + it.body.note + about(it.head));
        },
        [=](const coordination<protocol::task_finished>& it) {
          story->told.push_back(
              "finished: " + std::string(enum_name(it.body.outcome))
              + (it.body.failure
                     ? ' ' + std::string(to_string(it.body.failure->code))
                     : std::string{})
              + about(it.head));
        },
    };
  });
}

} // namespace troupe::test
