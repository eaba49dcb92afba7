#pragma once

#include "troupe/actors/actor_base.hpp"

#include <troupe/protocol/task.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::test {

using counter_actor = caf::typed_actor<
    caf::replies_to<protocol::request<protocol::perform_task>>::with<
        protocol::response<protocol::task_result>>,
    caf::reacts_to<protocol::notification<protocol::model_delta>>,
    caf::reacts_to<protocol::coordination<protocol::cancel>>>;

/// What a `counter` was asked to do, in the order in which it came to do it.
struct counted {
  using promise =
      caf::typed_response_promise<protocol::response<protocol::task_result>>;
  std::vector<std::string> handled;
  bool holds = false; ///< Keeps promises until it is told "answer ...".
  std::vector<promise> held;
  protocol::error failure{protocol::errc::internal, ""};
  bool fails = false;
  bool quits = false; ///< Behind its next answer.
};

inline protocol::response<protocol::task_result> answer(std::string output) {
  protocol::response<protocol::task_result> it;
  it.body.output = std::move(output);
  return it;
}

/// An actor that does nothing but to write down what it is sent.
class counter : public actors::actor_base<counter_actor> {
public:
  counter(caf::actor_config& cfg, const actors::wall_clock& clock,
          const actors::mailbox_limits& limits, std::shared_ptr<counted> log)
      : actor_base(cfg, clock, limits), log_(std::move(log)) {}

  const char* name() const override { return "counter"; }

  behavior_type make_behavior() override {
    return {
        [this](const protocol::request<protocol::perform_task>& msg)
            -> caf::result<protocol::response<protocol::task_result>> {
          log_->handled.push_back(msg.body.task);
          if (log_->quits)
            quit();
          if (log_->fails)
            return actors::to_caf(log_->failure);
          if (!log_->holds)
            return answer("did " + msg.body.task);
          log_->held.push_back(make_response_promise<
                               protocol::response<protocol::task_result>>());
          return log_->held.back();
        },
        [this](const protocol::notification<protocol::model_delta>& msg) {
          note(msg.body.text);
        },
        [this](const protocol::coordination<protocol::cancel>& msg) {
          log_->handled.push_back("cancel " + msg.body.reason);
        },
    };
  }

private:
  /// "answer X" answers all that is held; promises work nowhere else.
  void note(const std::string& text) {
    constexpr std::string_view order = "answer ";
    if (text.rfind(order, 0) != 0)
      return log_->handled.push_back(text);
    for (auto& promise : std::exchange(log_->held, {}))
      promise.deliver(answer(text.substr(order.size())));
  }

  std::shared_ptr<counted> log_;
};

} // namespace troupe::test
