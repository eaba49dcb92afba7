#pragma once

#include "asking_agent.hpp"
#include "troupe/actors/conversation.hpp"
#include "troupe/actors/model_agent.hpp"
#include "troupe/actors/status.hpp"

#include <map>
#include <optional>
#include <stop_token>
#include <unordered_map>

namespace troupe::actors {

using model_agent_interface = agent_actor::extend<
    caf::reacts_to<protocol::notification<protocol::model_delta>>,
    caf::reacts_to<deadline_tick>>;

/// The behaviour of a model agent. Its rules: `conversation` and delegation.
class model_agent : public asking_agent<model_agent_interface>,
                    public tells_status {
public:
  model_agent(caf::actor_config& cfg, model_agent_config config,
              const mailbox_limits& mailbox);

  const char* name() const override { return config_.spec->card.name.c_str(); }
  behavior_type make_behavior() override;
  void on_exit() override;
  void tell_status(protocol::part_status& to) const override;

private:
  struct open_task : asking_task {
    open_task(asking_task base, conversation words)
        : asking_task(std::move(base)), talk(std::move(words)) {}

    delta_sink_actor sink;
    conversation talk;
    protocol::id call;  ///< The open request to the router.
    std::string unsent; ///< Text that arrived and was not passed on yet.
    std::vector<protocol::tool_result> tool_results;
    std::size_t tools_open = 0;
    std::optional<protocol::error> cancelled{}; ///< Why it must go no further.
    std::stop_source stop{};                    ///< Of its tools.
    std::map<std::string, std::uint32_t> called{}; ///< Tools, by their calls.
  };
  using open_task_ptr = std::shared_ptr<open_task>;
  /// One tool that a model has called for, by its position.
  struct tool_use {
    open_task_ptr task;
    std::size_t at = 0;
    std::string call_id;
  };

  [[nodiscard]] std::vector<protocol::tool_spec> tool_specs() const;
  /// The cascade, which tells the router of cancels, if there is one.
  [[nodiscard]] const router_actor& before_router() const noexcept {
    return config_.cascade ? config_.cascade : config_.router;
  }
  [[nodiscard]] bool is_open(const asking_task& task) const;
  /// Also ends a task that was cancelled.
  bool is_over(asking_task& task) override;

  caf::result<protocol::response<protocol::task_result>>
  take(const protocol::request<protocol::perform_task>& msg);
  void ask(const open_task_ptr& task);
  /// Goes on behind what was said before its process ended, or asks.
  void begin(const open_task_ptr& task);
  void go_on_behind(const open_task_ptr& task,
                    const std::vector<kept_call>& past);
  [[nodiscard]] bool is_kept(const open_task& task) const;
  /// Keeps a call, and goes on: before it is kept only with tools.
  void keep(const open_task_ptr& task, protocol::model_reply reply);
  void go_on(const open_task_ptr& task, protocol::model_reply reply);
  void follow(const open_task_ptr& task, conversation::step next);
  void finish(open_task& task, protocol::result<protocol::task_result> outcome);
  void end(const protocol::coordination<protocol::cancel>& msg);
  void pass_on(const protocol::notification<protocol::model_delta>& msg);

  void run_tools(const open_task_ptr& task);
  void run_tool(const tool_use& use, const protocol::tool_call& wish);
  /// Calls it once it is kept that it is called, or takes what it gave before.
  void begin_effect_of(const tool_use& use, const protocol::tool_call& wish,
                       const tool& which);
  void call_tool(const tool_use& use, const protocol::tool_call& wish,
                 const tool& which, const std::string& key);
  void end_effect_of(const tool_use& use, const std::string& key,
                     const protocol::tool_result& outcome);
  void tool_ended(const tool_use& use, protocol::tool_result outcome);
  void find_agents(const tool_use& use, const protocol::tool_call& call);
  void ask_another(const tool_use& use, const protocol::tool_call& call);
  void colleague_answered(const tool_use& use, bool is_hand_off,
                          protocol::result<protocol::task_result> answer);

  /// Why a task ends with the agent, which has crashed if nobody stopped it.
  protocol::error reason_for(const open_task& task);

  model_agent_config config_;
  bool is_stopped_ = false;
  std::unordered_map<protocol::id, open_task_ptr> tasks_;   // by request
  std::unordered_map<protocol::id, open_task_ptr> by_call_; // by open call
};

} // namespace troupe::actors
