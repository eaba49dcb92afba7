#include "agent_thread.hpp"
#include "asking_agent.hpp"
#include "fair_line.hpp"
#include "function_agent_parts.hpp"
#include "restart_window.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

#include <map>

namespace troupe::actors {

using namespace protocol;

namespace {

using perform = protocol::request<perform_task>;
using performed = protocol::response<task_result>;

/// Keeps the promises while the thread works, so that a cancel is heard.
class blocking_agent : public asking_agent<blocking_agent_actor>,
                       public tells_status {
public:
  blocking_agent(caf::actor_config& cfg, function_agent_config config,
                 const mailbox_limits& mailbox)
      : asking_agent(cfg,
                     {config.name, std::move(config.registry),
                      config.delegation, config.clock, config.seed},
                     mailbox),
        config_(std::move(config)) {
    set_exit_handler([this](const caf::exit_msg& msg) {
      at_work_ = 0; // nothing has crashed
      end_all("the agent is being stopped");
      quit(msg.reason);
    });
  }

  const char* name() const override { return config_.name.c_str(); }

  behavior_type make_behavior() override {
    start_thread();
    return {
        [this](const perform& msg) { return take(msg); },
        [this](const coordination<cancel>& msg) { end(msg.body); },
        [this](const notification<announcement>& msg) {
          if (config_.on_announcement)
            config_.on_announcement(msg.body);
        },
        [this](const work_started& it) { begun(it); },
        [this](const work_progress& it) { progressed(it); },
        [this](const work_question& it) { put(it); },
        [this](work_done& it) { ended(it); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void tell_status(part_status& to) const override {
    add_figure(to, "tasks", pending_.size());
    if (pending_.size() >= config_.waiting_max)
      not_ready(to, "overloaded: " + std::to_string(pending_.size())
                        + " tasks wait");
    if (at_work_ == no_code)
      not_ready(to, "its code is made anew");
  }

  void on_exit() override {
    end_all("the agent has ended");
    close();
    config_.journal = nullptr;
    send_exit(thread_, caf::exit_reason::user_shutdown);
    thread_ = nullptr;
  }

private:
  struct pending : asking_task {
    using asking_task::asking_task;

    std::stop_source stop;
    task_result colleagues_spent; ///< On behalf of this task.
  };

  /// A question that goes back to whoever waits for it would wait for ever.
  bool waits_for(const perform& msg) const {
    const auto& chain = msg.body.chain;
    return std::any_of(chain.begin(), chain.end(), [this](const auto& it) {
      return it.agent == config_.name;
    });
  }

  caf::result<performed> take(const perform& msg) {
    if (waits_for(msg))
      return to_caf(refuse(
          msg, fail(errc::limit_exceeded,
                    "agent '" + config_.name
                        + "' itself waits for the answer to this question")));
    if (pending_.size() >= config_.waiting_max)
      return to_caf(
          refuse(msg, fail(errc::overloaded,
                           "the agent has " + std::to_string(pending_.size())
                               + " tasks waiting")));
    auto task =
        std::make_shared<pending>(msg, follower_of(msg), config_.delegation);
    task->promise = make_response_promise<performed>();
    tell(task->follower, msg.head,
         task_accepted{msg.body.task, msg.body.attempt,
                       static_cast<std::uint32_t>(pending_.size())});
    pending_.emplace(++last_, task);
    if (at_work_ != 0)
      wait(last_, msg.head);
    else
      hand_over(last_, *task);
    return task->promise;
  }

  void start_thread() {
    thread_ = spawn_agent_thread(
        home_system(), config_.make_code ? config_.make_code() : config_.code,
        {config_.name, config_.clock, config_.journal, config_.find_tool,
         config_.quarantine, config_.incarnation},
        this);
  }

  /// Those who wait are not to blame: they stay. The next begins when there is
  /// code again.
  void remake() {
    const auto now = clock().now();
    send_exit(thread_, caf::exit_reason::user_shutdown);
    if (!remakes_.add(now)) {
      end_all("the agent's code was lost too often");
      return quit(
          to_caf(fail(errc::unreachable, "its code was lost too often")));
    }
    const auto pause =
        pause_before_restart(config_.remaking.backoff, lost_++, next_id().low);
    at_work_ = no_code;
    remakes_.stand_still(now);
    table_.add(now + pause, [this] {
      remakes_.go_on(clock().now());
      start_thread();
      at_work_ = 0;
      hand_on();
    });
    table_.arm(this);
  }

  /// The most urgent first, then the runs in turn.
  void wait(std::uint64_t key, const header& head) {
    const auto run = to_string(head.conversation);
    line_.add({{}, head.urgency, key, {1, 0}, run, head.deadline});
  }

  void hand_over(std::uint64_t key, const pending& task) {
    at_work_ = key;
    send(thread_, work_item{key, task.asked, task.stop.get_token()});
  }

  /// The thread is free, whether or not its task was still wanted.
  void ended(work_done& it) {
    at_work_ = 0;
    lost_ = it.is_code_lost ? lost_ : 0;
    finish(it.key, std::move(it.outcome));
    if (it.is_code_lost)
      return remake();
    hand_on();
  }

  void hand_on() {
    if (line_.empty())
      return;
    const auto next = line_.first().arrival;
    line_.remove(line_.first());
    if (const auto task = find(next))
      hand_over(next, *task);
  }

  std::shared_ptr<pending> find(std::uint64_t key) const {
    const auto found = pending_.find(key);
    return found == pending_.end() ? nullptr : found->second;
  }

  void begun(const work_started& it) {
    if (const auto task = find(it.key))
      tell(task->follower, task->asked.head,
           task_started{task->asked.body.task, task->asked.body.attempt});
  }

  void progressed(const work_progress& it) {
    if (const auto task = find(it.key))
      tell(task->follower, task->asked.head,
           task_progress{task->asked.body.task, task->asked.body.attempt,
                         it.permille, it.note});
  }

  void put(const work_question& it) {
    const auto task = find(it.key);
    if (!task)
      return it.answer->set(fail(errc::cancelled, ""));
    if (auto good = check_question(it.ask, config_.name); !good)
      return it.answer->set(good.error());
    ask_colleague(task, it.ask,
                  [task, answer = it.answer](result<task_result> outcome) {
                    if (outcome)
                      add_use(task->colleagues_spent, *outcome);
                    answer->set(std::move(outcome));
                  });
  }

  /// Its thread is told by the stop token.
  bool is_over(asking_task& task) override {
    return static_cast<pending&>(task).stop.stop_requested();
  }

  void finish(std::uint64_t key, result<task_result> outcome) {
    const auto task = find(key);
    if (!task)
      return; // cancelled before
    pending_.erase(key);
    task->stop.request_stop(); // of a question whose answer never came
    if (outcome) {
      add_use(*outcome, task->colleagues_spent);
      outcome->questions = task->questions.used();
    }
    end_task(*task, std::move(outcome));
  }

  void end(const cancel& what) {
    if (!what.scope)
      return;
    for (auto i = pending_.begin(); i != pending_.end();) {
      auto [key, task] = *i++;
      if (task->asked.head.cancel_scope != what.scope)
        continue;
      cancel_colleagues(*task, what.reason);
      line_.remove({{}, task->asked.head.urgency, key});
      finish(key, fail(errc::cancelled, what.reason));
    }
  }

  /// The task that was worked on when the agent crashed is to blame.
  error reason_for(std::uint64_t key, const pending& task,
                   const std::string& why) {
    if (key == at_work_ && config_.quarantine)
      if (const auto noted = config_.quarantine->crashed(
              task.asked.body, config_.name, "its actor ended", now());
          !noted)
        return noted.error();
    return fail(errc::unreachable, why);
  }

  void end_all(const std::string& why) {
    for (auto& [key, task] : pending_) {
      task->stop.request_stop();
      // The scope of another one's question is its asker's, who may go on.
      if (task->asked.body.chain.empty())
        cancel_colleagues(*task, why);
      task->promise.deliver(to_caf(reason_for(key, *task, why)));
    }
    pending_.clear();
    line_.clear();
  }

  function_agent_config config_;
  agent_thread_actor thread_;
  std::map<std::uint64_t, std::shared_ptr<pending>> pending_;
  std::uint64_t last_ = 0;
  fair_line line_{fair_shares{}}; ///< Of those; at most `waiting_max`.
  restart_window remakes_{config_.remaking.intensity, config_.remaking.period};
  std::uint32_t lost_ = 0; ///< Times in a row that the code was.
  /// The task that the thread is at; 0: it is free.
  std::uint64_t at_work_ = 0;
  /// As a task: there is no code at this moment.
  static constexpr auto no_code = ~std::uint64_t{0};
};

} // namespace

agent_actor spawn_blocking_agent(caf::actor_system& system,
                                 function_agent_config config,
                                 const mailbox_limits& mailbox) {
  return system.spawn<blocking_agent>(std::move(config), mailbox);
}

} // namespace troupe::actors
