#pragma once

#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/agent.hpp"

#include <caf/actor_cast.hpp>

#include <utility>

namespace troupe::actors {

/// A task that an agent works on.
struct agent_task {
  protocol::request<protocol::perform_task> asked;
  task_follower_actor follower; ///< Null: nobody wants to know.
  caf::typed_response_promise<protocol::response<protocol::task_result>>
      promise{};
};

/// What a follower is told of a task that has ended.
[[nodiscard]] protocol::task_finished
end_of(const protocol::perform_task& task,
       const protocol::result<protocol::task_result>& outcome);

/// An agent that does not answer at once, and tells those who want it how its
/// tasks go on.
template <class Interface>
class task_agent : public actor_base<Interface> {
protected:
  task_agent(caf::actor_config& cfg, const wall_clock& clock,
             std::uint64_t seed, const mailbox_limits& mailbox)
      : actor_base<Interface>(cfg, clock, mailbox), clock_(clock), ids_(seed) {}

  protocol::instant now() { return clock_.at(this->clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  /// Who wants to know how the task of the present message goes on; null:
  /// nobody. To be called before there is a promise, which takes the sender.
  task_follower_actor
  follower_of(const protocol::request<protocol::perform_task>& msg) {
    if (!msg.body.wants_progress)
      return {};
    return caf::actor_cast<task_follower_actor>(this->current_sender());
  }

  /// Tells the follower `body`, one of the messages for the life of a task.
  template <class Body>
  void tell(const task_follower_actor& follower, const protocol::header& task,
            Body body) {
    if (!follower)
      return;
    protocol::coordination<Body> out{protocol::child_of(task, next_id()),
                                     std::move(body)};
    out.head.correlation = task.message;
    out.head.content = protocol::taint::untrusted;
    this->send(follower, std::move(out));
  }

  /// Tells the follower, then answers.
  void end_task(agent_task& task,
                protocol::result<protocol::task_result> outcome) {
    if (task.follower)
      tell(task.follower, task.asked.head, end_of(task.asked.body, outcome));
    if (outcome)
      task.promise.deliver(protocol::response<protocol::task_result>{
          protocol::answer_to(task.asked.head, next_id()),
          std::move(*outcome)});
    else
      task.promise.deliver(to_caf(outcome.error()));
  }

  protocol::error refuse(const protocol::request<protocol::perform_task>& msg,
                         protocol::error why) {
    tell(follower_of(msg), msg.head,
         protocol::task_refused{msg.body.task, msg.body.attempt, why});
    return why;
  }

private:
  wall_clock clock_;
  protocol::id_source ids_;
};

} // namespace troupe::actors
