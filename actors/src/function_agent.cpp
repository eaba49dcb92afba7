#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/agent.hpp"

#include <caf/all.hpp>

#include <map>

namespace troupe::actors {

using namespace protocol;

namespace {

using perform = protocol::request<perform_task>;
using performed = protocol::response<task_result>;

/// Runs the user's code; whatever it throws is a failure of the agent.
result<task_result> call(const task_code& code, const perform& msg,
                         std::stop_token stop) {
  try {
    return code(msg, std::move(stop));
  } catch (const std::exception& thrown) {
    return fail(errc::agent_failed,
                std::string{"exception: "}
                    + std::string(thrown.what()).substr(0, 200));
  } catch (...) {
    return fail(errc::agent_failed, "exception of an unknown type");
  }
}

void hear(const function_agent_config& config,
          const notification<announcement>& msg) {
  if (config.on_announcement)
    config.on_announcement(msg.body);
}

/// Calls its code in its own handler.
class inline_agent : public actor_base<agent_actor> {
public:
  inline_agent(caf::actor_config& cfg,
               std::shared_ptr<const function_agent_config> config,
               const mailbox_limits& mailbox)
      : actor_base(cfg, config->clock, mailbox), config_(std::move(config)),
        ids_(config_->seed) {}

  const char* name() const override { return config_->name.c_str(); }

  behavior_type make_behavior() override {
    return {
        [this](const perform& msg) -> caf::result<performed> {
          auto outcome = call(config_->code, msg, {});
          if (!outcome)
            return to_caf(outcome.error());
          return performed{answer_to(msg.head, ids_.next(now())),
                           std::move(*outcome)};
        },
        [](const coordination<cancel>&) {}, // nothing outlives its handler
        [this](const notification<announcement>& msg) { hear(*config_, msg); },
    };
  }

private:
  instant now() { return config_->clock.at(clock().now()); }

  std::shared_ptr<const function_agent_config> config_;
  id_source ids_;
};

/// A task for the thread of a blocking agent.
struct work_item {
  std::uint64_t key;
  perform message;
  std::stop_token stop;
};
struct work_done {
  std::uint64_t key;
  result<task_result> outcome;
};

} // namespace

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_item)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::work_done)

namespace troupe::actors {

namespace {

using worker_actor = caf::typed_actor<caf::reacts_to<work_item>>;
using blocking_agent_actor = agent_actor::extend<caf::reacts_to<work_done>>;

/// The thread: takes one task after the other.
class worker : public worker_actor::base {
public:
  worker(caf::actor_config& cfg, std::shared_ptr<const function_agent_config> c,
         blocking_agent_actor front)
      : worker_actor::base(cfg), config_(std::move(c)),
        front_(std::move(front)) {
    set_default_handler(caf::drop);
  }

  const char* name() const override { return "agent-thread"; }

  behavior_type make_behavior() override {
    return {[this](const work_item& item) {
      auto outcome = begin(item);
      send(front_, work_done{item.key, std::move(outcome)});
    }};
  }

  void on_exit() override { front_ = nullptr; }

private:
  /// Work that nobody wants any more when its turn comes is not started.
  result<task_result> begin(const work_item& item) {
    const auto deadline = item.message.head.deadline;
    if (item.stop.stop_requested())
      return fail(errc::cancelled, "");
    if (deadline != instant{} && deadline <= config_->clock.at(clock().now()))
      return fail(errc::deadline_exceeded,
                  "it had passed before the work was started");
    return call(config_->code, item.message, item.stop);
  }

  std::shared_ptr<const function_agent_config> config_;
  blocking_agent_actor front_;
};

/// Keeps the promises while the thread works, so that a cancel is heard.
class blocking_agent : public actor_base<blocking_agent_actor> {
public:
  blocking_agent(caf::actor_config& cfg,
                 std::shared_ptr<const function_agent_config> config,
                 const mailbox_limits& mailbox)
      : actor_base(cfg, config->clock, mailbox), config_(std::move(config)),
        ids_(config_->seed) {
    set_exit_handler([this](const caf::exit_msg& msg) {
      end_all("the agent is being stopped");
      quit(msg.reason);
    });
  }

  const char* name() const override { return config_->name.c_str(); }

  behavior_type make_behavior() override {
    worker_ = spawn<worker, caf::detached>(config_, this);
    return {
        [this](const perform& msg) { return take(msg); },
        [this](const coordination<cancel>& msg) { end(msg.body); },
        [this](const notification<announcement>& msg) { hear(*config_, msg); },
        [this](work_done& it) { finish(it.key, std::move(it.outcome)); },
    };
  }

  void on_exit() override {
    end_all("the agent has ended");
    send_exit(worker_, caf::exit_reason::user_shutdown);
    worker_ = nullptr;
  }

private:
  struct pending {
    header head;
    caf::typed_response_promise<performed> promise;
    std::stop_source stop;
  };

  caf::result<performed> take(const perform& msg) {
    if (pending_.size() >= config_->waiting_max)
      return to_caf(fail(errc::overloaded, "the agent has "
                                               + std::to_string(pending_.size())
                                               + " tasks waiting"));
    auto promise = make_response_promise<performed>();
    auto& entry = pending_[++last_];
    entry.head = msg.head;
    entry.promise = promise;
    send(worker_, work_item{last_, msg, entry.stop.get_token()});
    return promise;
  }

  void finish(std::uint64_t key, result<task_result> outcome) {
    const auto found = pending_.find(key);
    if (found == pending_.end())
      return; // cancelled before
    auto entry = std::move(found->second);
    pending_.erase(found);
    if (outcome)
      entry.promise.deliver(performed{
          answer_to(entry.head, ids_.next(config_->clock.at(clock().now()))),
          std::move(*outcome)});
    else
      entry.promise.deliver(to_caf(outcome.error()));
  }

  void end(const cancel& what) {
    if (!what.scope)
      return;
    for (auto i = pending_.begin(); i != pending_.end();) {
      auto current = i++;
      if (current->second.head.cancel_scope != what.scope)
        continue;
      current->second.stop.request_stop();
      finish(current->first, fail(errc::cancelled, what.reason));
    }
  }

  void end_all(const std::string& why) {
    for (auto& [key, entry] : pending_) {
      entry.stop.request_stop();
      entry.promise.deliver(to_caf(fail(errc::unreachable, why)));
    }
    pending_.clear();
  }

  std::shared_ptr<const function_agent_config> config_;
  id_source ids_;
  worker_actor worker_;
  std::map<std::uint64_t, pending> pending_;
  std::uint64_t last_ = 0;
};

} // namespace

agent_actor spawn_function_agent(caf::actor_system& system,
                                 function_agent_config config,
                                 const mailbox_limits& mailbox) {
  const bool is_blocking = config.is_blocking;
  auto shared =
      std::make_shared<const function_agent_config>(std::move(config));
  if (is_blocking)
    return system.spawn<blocking_agent>(std::move(shared), mailbox);
  return system.spawn<inline_agent>(std::move(shared), mailbox);
}

} // namespace troupe::actors
