#pragma once

#include "asking_task.hpp"
#include "requests.hpp"
#include "troupe/actors/registry.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::actors {

/// An agent that puts questions to others: it finds them in the registry, and
/// keeps deadlines, limits and cancels. `Interface` must take `deadline_tick`.
template <class Interface>
class asking_agent : public task_agent<Interface> {
protected:
  using super = task_agent<Interface>;
  using super::next_id;
  using task_ptr = std::shared_ptr<asking_task>;
  using answer_handler =
      std::function<void(protocol::result<protocol::task_result>)>;

  struct asker_config {
    std::string name;
    registry_actor registry; ///< Null: it asks nobody.
    delegation_limits limits;
    wall_clock clock;
    std::uint64_t seed = 0;
  };

  asking_agent(caf::actor_config& cfg, asker_config config,
               const mailbox_limits& mailbox)
      : super(cfg, config.clock, config.seed, mailbox),
        asker_(std::move(config)) {}

  /// Calls `on_answer` once, with the answer or why there is none; but not at
  /// all for a task that is over by then.
  void ask_colleague(const task_ptr& task, const protocol::question& what,
                     answer_handler on_answer) {
    locate_agents where;
    where.queries.push_back({what.agent, what.skill, protocol::tier::basic, 1});
    request_until<agents_located>(
        this, table_, registry_due(*task), asker_.registry,
        [this, task, what, on_answer = std::move(on_answer)](
            const protocol::result<agents_located>& found) {
          if (!found)
            on_answer(found.error().code == protocol::errc::deadline_exceeded
                          ? protocol::fail(protocol::errc::unreachable,
                                           "the registry does not answer")
                          : found.error());
          else if (!is_over(*task))
            put_question(task, what, *found, on_answer);
        },
        std::move(where));
  }

  /// Cancels what colleagues do for `task`.
  void cancel_colleagues(const asking_task& task, const std::string& why) {
    const protocol::coordination<protocol::cancel> stop{
        protocol::child_of(task.asked.head, next_id()),
        {task.asked.head.cancel_scope, why}};
    for (const auto& colleague : task.colleagues)
      this->send(colleague, stop);
  }

  /// True when the task may do nothing more; ends it when its time is up.
  virtual bool is_over(asking_task& task) = 0;

  /// When whoever works on `task` is taken for lost.
  deadline_table::time_point due(const asking_task& task) {
    if (task.asked.head.deadline == protocol::instant{})
      return this->clock().now() + no_deadline;
    return asker_.clock.steady_at(task.asked.head.deadline) + callee_grace;
  }

  deadline_table::time_point registry_due(const asking_task& task) {
    return std::min(due(task), this->clock().now() + registry_patience);
  }

  const registry_actor& registry() const { return asker_.registry; }
  const std::string& asker_name() const { return asker_.name; }

  /// To be called in `on_exit`.
  void close() {
    table_.close();
    asker_.registry = nullptr;
  }

  deadline_table table_;

private:
  /// Others keep the deadline themselves.
  static constexpr std::chrono::milliseconds callee_grace{1'000};
  static constexpr std::chrono::minutes no_deadline{60};

  void put_question(const task_ptr& task, const protocol::question& what,
                    const agents_located& found,
                    const answer_handler& on_answer) {
    const auto& who = found.cards.front().name;
    auto theirs = delegate(task->asked.body, asker_.name, who, what,
                           task->questions, asker_.limits);
    if (!theirs)
      return on_answer(theirs.error());
    theirs->thread = task->threads.next(task->asked.body.thread, what);
    protocol::request<protocol::perform_task> ask{
        protocol::child_of(task->asked.head, next_id()), std::move(*theirs)};
    ask.head.from = asker_.name;
    ask.head.to = who;
    ask.head.content = protocol::taint::untrusted; // a model may have had part
    const auto& handle = found.handles.front();
    const auto grant = ask.body.questions_max;
    task->colleagues.push_back(handle);
    request_until<protocol::response<protocol::task_result>>(
        this, table_, due(*task), handle,
        [task, handle, grant, on_answer](
            protocol::result<protocol::response<protocol::task_result>> it) {
          const auto mine = std::find(task->colleagues.begin(),
                                      task->colleagues.end(), handle);
          if (mine != task->colleagues.end())
            task->colleagues.erase(mine);
          task->questions.settle(grant, it ? it->body.questions : grant);
          if (it)
            on_answer(std::move(it->body));
          else
            on_answer(it.error());
        },
        std::move(ask));
  }

  asker_config asker_;
};

} // namespace troupe::actors
