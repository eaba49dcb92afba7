#pragma once

#include "requests.hpp"
#include "run_rules.hpp"
#include "troupe/actors/coordinator.hpp"
#include "troupe/actors/status.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace troupe::actors {

using coordinator_interface =
    coordinator_actor::extend<caf::reacts_to<deadline_tick>>;

/// The behaviour of a coordinator. Its rules: `run_rules`.
class coordinator : public actor_base<coordinator_interface>,
                    public tells_status {
public:
  coordinator(caf::actor_config& cfg, coordinator_config config);

  const char* name() const override { return "coordinator"; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void tell_status(protocol::part_status& to) const override;

private:
  struct several; // the answers of those who were asked the same
  /// A request that an agent works on: an attempt, or the rating of one.
  struct open_attempt {
    std::size_t task;
    std::uint32_t number;
    named_agent who;
    std::shared_ptr<several> together{}; ///< Null: it is asked alone.
    protocol::instant begun{};           ///< When it was asked.
    run_rules::progress far{};
    bool is_noted = false; ///< How it has ended for its agent.
  };
  using answer_handler =
      std::function<void(protocol::result<protocol::task_result>)>;

  struct asking; // a request that an agent is to get

  /// What follows from entries, and waits until they are kept.
  struct held_back {
    std::uint64_t entry = 0; ///< The last of them.
    std::vector<run_attempt> starting;
    std::vector<run_attempt> checking;
    std::vector<protocol::run_event> events;
  };

  protocol::instant now() { return config_.clock.at(clock().now()); }
  protocol::header new_header(const std::string& to);
  [[nodiscard]] std::string account_of(std::size_t task) const;
  void open_accounts();

  /// Does all that may be done now; called after every change.
  void advance();
  /// Starts the run, or goes on behind its journal.
  void begin();
  /// Hands out what has happened, once it is kept.
  void flush(std::vector<run_attempt> starting = {});
  void keep(std::vector<protocol::journal_entry> entries);
  void lose_journal(protocol::error why);
  void release();
  void pause(const std::string& why);
  void unpause();
  void leave(const std::optional<protocol::error>& why);
  void finish();
  void wake_at(protocol::instant due);
  void stop_run(protocol::error why);
  void abandon_later();
  void close();

  protocol::result<task_decided> decide(const decide_task& what);

  protocol::perform_task body_of(const run_rules::attempt& it,
                                 std::string prompt);
  /// Error: what its prompt refers to is not there.
  protocol::result<void> send_attempt(const run_rules::attempt& it);
  void ask_agent(const run_rules::attempt& it, const named_agent& who,
                 protocol::perform_task body, std::shared_ptr<several> together,
                 answer_handler then);
  void send_task(asking what);
  void end_asked(const open_attempt& it, const answer_handler& then,
                 protocol::result<protocol::task_result> outcome);
  void end_attempt(const open_attempt& it,
                   protocol::result<protocol::task_result> outcome);
  void end_together(const open_attempt& it);
  void note_quarantine(const open_attempt& it);
  void choose_agent(std::size_t task);
  [[nodiscard]] named_agent agent_of(std::size_t task) const;
  /// Waits while its agent is drained, and for its next life.
  void ask_when_fit(const std::shared_ptr<asking>& what);
  void ask_next_life(const std::shared_ptr<asking>& what, std::uint32_t lives);
  void note_end(open_attempt& it, std::optional<protocol::errc> failure,
                bool called_models);
  void note_expired(const run_rules::attempt& it);
  void note_gate(std::size_t task, bool passed);
  [[nodiscard]] protocol::id work_in(std::size_t task, std::uint32_t number);
  void set_handle(const std::string& name, const agent_actor& handle);

  void begin_check(const run_rules::attempt& it);
  void ask_gate_tool(const run_rules::attempt& it);
  void ask_judge(const run_rules::attempt& it);
  void end_check(const run_rules::attempt& it,
                 const std::optional<std::string>& finding,
                 const protocol::task_result& used = {});
  /// Tells what its gate has said of an attempt's answer.
  void judge_by_gate(const open_attempt& it, protocol::id call);
  void find_agent_again(const open_attempt& it, const protocol::error& why);
  void cancel_attempt(const run_rules::attempt& it, const std::string& why);
  void cancel_request(protocol::id scope, const named_agent& who,
                      const std::string& why);

  void arrived(const protocol::notification<protocol::model_delta>& msg);
  void accepted(const protocol::coordination<protocol::task_accepted>& msg);
  void started(const protocol::coordination<protocol::task_started>& msg);
  void advanced(const protocol::coordination<protocol::task_progress>& msg);
  /// The open attempt that `head` answers to; null: it has ended.
  open_attempt* attempt_of(const protocol::header& head);
  void show(const open_attempt& it);

  coordinator_config config_;
  protocol::id_source ids_;
  run_rules rules_;
  deadline_table table_;
  deadline_table::key alarm_ = 0;
  deadline_table::time_point alarm_at_{};
  std::unordered_map<protocol::id, open_attempt> open_; // by the request's id
  std::unordered_map<std::size_t, std::stop_source> gate_tools_; // by task
  std::unordered_map<std::string, std::uint32_t>
      lives_;                  ///< That handles are of.
  std::deque<held_back> held_; // bounded by the mission's attempts
  std::uint64_t kept_ = 0;     ///< The last entry that is.
  bool has_alarm_ = false;
  bool is_closing_ = false;
  bool is_abandoning_ = false;
  bool is_closed_ = false;
  bool is_leaving_ = false;
  protocol::run_report left_;           ///< As it was then.
  std::optional<protocol::error> lost_; ///< Why the journal keeps nothing more.
};

} // namespace troupe::actors
