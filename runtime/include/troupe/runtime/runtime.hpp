#pragma once

#include "troupe/runtime/agent_process.hpp"
#include "troupe/runtime/catalogue.hpp"
#include "troupe/runtime/config.hpp"
#include "troupe/runtime/insight.hpp"
#include "troupe/runtime/mission_run.hpp"
#include "troupe/runtime/run_options.hpp"
#include "troupe/runtime/state.hpp"
#include "troupe/runtime/topics.hpp"

#include <troupe/protocol/account.hpp>
#include <troupe/protocol/forecast.hpp>
#include <troupe/protocol/history.hpp>

#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// A troupe in this process: registry, budget manager, router, providers and
/// agents under a supervisor. Ready to use without a key or a network: calls
/// then go to simulated models, and reports say so.
/// The destructor cancels what runs, or leaves it to be resumed where a journal
/// keeps it; it blocks until all is quiet. When its ledger or its supervisors
/// fail, it ends by itself: calls are answered with `runtime_ended` from then
/// on, and `runtime_config::at_failure` is told.
/// Thread safety: any thread, but for moves and the destructor.
class runtime : public runtime_insight {
public:
  /// Starts the actors. Errors: `config_invalid`, `file_unreadable`,
  /// `key_file_open`, `provider_unauthorized` (a configured provider has no
  /// key). Blocking: a few milliseconds.
  [[nodiscard]] static protocol::result<runtime>
  create(runtime_config config = {});
  runtime(runtime&&) noexcept;
  runtime& operator=(runtime&&) noexcept;
  ~runtime();

  /// Adds an agent backed by C++ code. A second one of the same name replaces
  /// the first. `hear` is told what `broadcast` announces; none: nothing is.
  /// Errors: `invalid_request` for a bad card.
  protocol::result<void> add_agent(const protocol::agent_card& card,
                                   agent_function code,
                                   execution where = execution::inline_,
                                   announcement_function hear = {});

  /// The same in a process of its own; it hears no announcements.
  protocol::result<void> add_agent(const protocol::agent_card& card,
                                   const agent_process_options& where);

  /// Adds an agent backed by a model. Errors: `invalid_request` for a bad card,
  /// an unknown tool or an unknown model.
  protocol::result<void> add_agent(protocol::agent_spec spec);

  /// Adds a tool that agents may name, on a thread of its own. Errors:
  /// `invalid_request` for a bad name or a schema that is not JSON.
  protocol::result<void> add_tool(protocol::tool_spec spec, tool_function code,
                                  const tool_options& options = {});

  /// Starts a run. The mission's own agents are added first. Errors:
  /// `mission_invalid` (all problems, a line each), `unknown_agent`,
  /// `no_model_fits`, `provider_unauthorized` (a model needs a key that is not
  /// there), `budget_exhausted` (the first task cannot be paid for).
  [[nodiscard]] protocol::result<mission_run>
  start(protocol::mission mission, const run_options& options = {});

  /// Goes on with a run of the journal that has not ended: what is done is not
  /// done again. Its mission's agents must be there. Errors: `unknown_run`,
  /// `journal_damaged`, `invalid_request` (it is under way); those of `start`.
  [[nodiscard]] protocol::result<mission_run> resume(protocol::id run);

  /// Starts a run and waits for its report. Errors: as `start`; a run that
  /// fails later is a report, not an error.
  [[nodiscard]] protocol::result<protocol::run_report>
  run(protocol::mission mission, const run_options& options = {});

  [[nodiscard]] std::vector<protocol::agent_card> agents() const;
  [[nodiscard]] const catalogue& models() const;
  /// The models that calls can go to: those of providers whose key is there.
  /// Those marked `pinned_only` serve only calls that name them: simulated ones
  /// once the configuration names a real provider, real ones until it does.
  [[nodiscard]] std::vector<protocol::model_spec> callable_models() const;

  /// What an account of the ledger holds: `tenant`, `tenant/mission`, ...
  [[nodiscard]] protocol::result<protocol::account_state>
  account(std::string path) const;

  /// The accounts of the ledger, a page at a time, by path. Errors:
  /// `invalid_request` for a path that does not exist, or `count_max`.
  [[nodiscard]] protocol::result<protocol::accounts_listed>
  accounts(protocol::list_accounts ask = {}) const;

  /// How an account's money will last, from what was spent just before.
  [[nodiscard]] protocol::result<protocol::budget_forecast>
  forecast(std::string path) const;

  /// Sets the limits of an account, for ever or in a window of the calendar;
  /// missions pay from `tenant` and `tenant/...`. A ledger's file keeps them,
  /// but for the tenant's own, which the configuration sets. Errors:
  /// `invalid_request` (a bad path, a negative limit). Blocking: at most 10 s.
  protocol::result<protocol::account_state>
  set_budget(protocol::open_account what);

  /// Says how good the answer to a call (`task_record::last_call`) was, 0 to
  /// 1,000; for `routing.learning`. Errors: as `judge_answer`.
  protocol::result<protocol::answer_judged>
  judge(protocol::id call, std::uint32_t quality_permille);

  /// What was said between agents, when `history.enabled` is set; a page at a
  /// time, without secrets. Errors: `invalid_request` (not enabled, or
  /// `count_max`), `overloaded`. Blocking: a few milliseconds, at most 10 s.
  [[nodiscard]] protocol::result<protocol::messages_found>
  messages(protocol::find_messages ask = {}) const;

  /// What agents and threads share. May outlive the runtime.
  [[nodiscard]] shared_state state() const;

  /// Tells something to whoever follows a topic. `from` is shown as publisher.
  /// Errors: as the message `publish`. Blocking: until the hub has kept it.
  protocol::result<protocol::published> publish(protocol::publish message,
                                                std::string from = {});

  /// Follows a topic or a prefix of topics. Errors: as `subscribe_topic`;
  /// `overloaded` with 10,000 feeds open.
  [[nodiscard]] protocol::result<topic_feed>
  follow(std::string filter, follow_options options = {});

  /// Tells all agents in C++, or those of a skill or a tag.
  /// Errors: as the message `broadcast`. Blocking: until it has gone out.
  protocol::result<protocol::broadcast_sent>
  broadcast(protocol::broadcast message, std::string from = {});

private:
  friend struct runtime_access;
  class implementation;
  explicit runtime(std::unique_ptr<implementation> self);
  std::unique_ptr<implementation> self_;
};

} // namespace troupe
