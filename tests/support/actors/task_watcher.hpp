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

inline std::string words_of(const protocol::task_accepted& it) {
  return "accepted behind " + std::to_string(it.waiting);
}
inline std::string words_of(const protocol::task_refused& it) {
  return "refused: " + std::string(to_string(it.reason.code));
}
inline std::string words_of(const protocol::task_started&) {
  return "started";
}
inline std::string words_of(const protocol::task_progress& it) {
  return std::to_string(it.permille) + ' ' + it.note;
}
inline std::string words_of(const protocol::task_finished& it) {
  auto words = "finished: " + std::string(enum_name(it.outcome));
  if (it.failure)
    words += ' ' + std::string(to_string(it.failure->code));
  return words;
}

/// Gives a task to an agent, wants to know how it goes on, and notes it.
inline void watch_task(caf::actor_system& system,
                       const actors::agent_actor& agent,
                       protocol::request<protocol::perform_task> msg,
                       std::shared_ptr<task_story> story) {
  using handle = actors::task_follower_actor;
  using protocol::coordination;
  msg.body.wants_progress = true;
  system.spawn([=](handle::pointer self) -> handle::behavior_type {
    const auto end = [=](const std::string& how) {
      story->told.push_back(how);
      story->end.set_value();
      self->quit();
    };
    self->request(agent, caf::infinite, msg)
        .then(
            [=](const protocol::response<protocol::task_result>&) {
              end("answered");
            },
            [=](const caf::error&) { end("an error"); });
    const auto note = [=, id = msg.head.message](const auto& it) {
      story->told.push_back(words_of(it.body)
                            + (it.head.correlation == id ? "" : " elsewhere"));
    };
    return {
        [=](const coordination<protocol::task_accepted>& it) { note(it); },
        [=](const coordination<protocol::task_refused>& it) { note(it); },
        [=](const coordination<protocol::task_started>& it) { note(it); },
        [=](const coordination<protocol::task_progress>& it) { note(it); },
        [=](const coordination<protocol::task_finished>& it) { note(it); },
    };
  });
}

} // namespace troupe::test
