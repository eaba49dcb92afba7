#pragma once

#include "engine/agent_books.hpp"
#include "engine/engine_options.hpp"
#include "engine/fault_desk.hpp"
#include "engine/learned_times.hpp"
#include "engine/ledger_access.hpp"
#include "engine/model_exchanges.hpp"
#include "engine/role_handles.hpp"
#include "engine/run_channel.hpp"
#include "engine/state_access.hpp"
#include "engine/tool_book.hpp"
#include "engine/wish_watch.hpp"
#include "http/io_thread.hpp"
#include "journal/run_leases.hpp"
#include "providers/secret.hpp"
#include "troupe/runtime/runtime.hpp"

#include <troupe/actors/answer_store.hpp>
#include <troupe/actors/function_agent.hpp>
#include <troupe/actors/message_statistics.hpp>
#include <troupe/actors/system_config.hpp>

#include <map>
#include <mutex>
#include <set>

namespace troupe {

/// What a `runtime` stands on: the tree of docs/architecture.md.
class engine {
public:
  template <class T>
  using result = protocol::result<T>;
  static result<std::unique_ptr<engine>> start(runtime_config config,
                                               engine_options options = {});
  ~engine();
  engine(engine&&) = delete;

  result<void> add_code_agent(const protocol::agent_card& card,
                              actors::function_agent_config config);
  result<void> add_model_agent(protocol::agent_spec spec);
  result<void> add_tool(protocol::tool_spec spec, tool_function code,
                        const tool_options& options);
  result<mission_run> start_run(protocol::mission mission,
                                const run_options& options,
                                protocol::id run = {});
  result<mission_run> resume_run(protocol::id run);
  std::vector<protocol::agent_card> agents() const;
  [[nodiscard]] ledger_access ledger();
  result<protocol::published> publish(protocol::publish message,
                                      std::string from);
  result<topic_feed> follow(std::string filter, follow_options options);
  result<protocol::broadcast_sent> broadcast(protocol::broadcast message,
                                             std::string from);
  result<protocol::answer_judged> judge(const protocol::judge_answer& what);
  result<protocol::messages_found> messages(protocol::find_messages ask);
  [[nodiscard]] auto& statistics() const { return *caf_config_.statistics; }
  [[nodiscard]] const auto& exchanges() const { return exchanges_; }
  [[nodiscard]] std::vector<protocol::agent_spec> specs() const;
  [[nodiscard]] shared_state state() const { return shared_state{state_}; }
  [[nodiscard]] const catalogue& models() const { return models_; }
  [[nodiscard]] const auto& routable() const { return routable_; }
  [[nodiscard]] auto& system() { return system_; }
  [[nodiscard]] auto now() { return clock_.at(system_.clock().now()); }
  [[nodiscard]] const auto& root() const { return root_; }
  result<protocol::tree_node> tree();
  [[nodiscard]] const fault_desk& faults() const { return faults_; }
  [[nodiscard]] const auto& books() const { return books_; }
  result<protocol::health_report> health();

private:
  friend struct engine_access;
  engine(runtime_config config, engine_options options, catalogue models);
  result<void> prepare_counters();
  result<void> prepare_providers();
  result<void> open_ledger();
  result<void> open_journal();
  result<mission_run> resume_taken(protocol::id run);
  result<void> open_cache();
  result<void> open_learning();
  result<void> start_actors();
  result<void> set_budgets();
  void fall(const protocol::error& why);
  std::vector<actors::child_spec> core_children();
  std::vector<actors::child_spec> provider_children();
  bool prepare_replay(std::set<std::string>& usable);
  [[nodiscard]] std::vector<std::string> secrets() const;
  void choose_routable(const std::set<std::string>& usable,
                       bool calls_real_models);
  actors::child_spec router_child();
  actors::child_spec cache_child();
  actors::child_spec state_child();
  actors::child_spec topic_hub_child();
  void end_feeds();
  actors::child_spec history_child();
  result<void> start_agent(const protocol::agent_card& card, agent_maker make);
  result<void> check(const protocol::mission& mission) const;
  result<std::vector<actors::assignment>> prepare(protocol::mission& mission);
  result<void> equip(const protocol::mission& mission,
                     std::vector<actors::assignment>& all) const;
  result<mission_run> launch(std::shared_ptr<mission_run::shared_state> state,
                             actors::coordinator_config config);
  [[nodiscard]] protocol::header new_header();
  [[nodiscard]] std::uint64_t next_seed();
  [[nodiscard]] actors::mailbox_limits agent_mailbox() const;
  [[nodiscard]] actors::delegation_limits delegation() const;

  runtime_config config_;
  const engine_options options_;
  catalogue models_;                           ///< All.
  std::vector<protocol::model_spec> routable_; ///< Of configured providers.
  std::shared_ptr<const protocol::token_counter> counter_;
  /// By model, for those whose rank table is configured.
  std::map<std::string, std::shared_ptr<const protocol::token_counter>> exact_;
  std::vector<providers::secret> keys_; ///< That no record may show.
  model_exchanges exchanges_;
  std::shared_ptr<actors::model_policy> policy_; ///< Null: by price.
  /// Outlives the actors, whose calls it carries; null: nothing real to call.
  std::unique_ptr<http::io_thread> io_;
  std::map<std::string, std::function<actors::provider_actor()>> make_provider_;
  actors::system_config caf_config_;
  caf::actor_system system_;
  actors::wall_clock clock_;
  std::shared_ptr<actors::kept_ledger> ledger_;   ///< Null: in memory only.
  std::shared_ptr<actors::answer_store> answers_; ///< The same.
  actors::journal_actor journal_;                 ///< Null: runs are not kept.
  std::unique_ptr<wish_watch> wishes_;            ///< The same.
  std::shared_ptr<run_leases> leases_;            ///< Null: runs are its own.
  role_handles roles_;
  actors::supervisor_actor root_;
  fault_desk faults_;
  std::shared_ptr<actors::state_mark> state_mark_;
  std::shared_ptr<shared_state::access> state_;
  std::shared_ptr<learned_times> times_ = std::make_shared<learned_times>();
  std::shared_ptr<run_pace> pace_ = std::make_shared<run_pace>();
  agent_books books_;
  std::shared_ptr<tool_book> tool_book_ = std::make_shared<tool_book>();
  mutable std::mutex mutex_; ///< Guards what follows.
  protocol::id_source ids_;
  std::uint64_t random_;
  std::map<std::string, protocol::agent_card> cards_;
  std::map<std::string, std::shared_ptr<const protocol::agent_spec>> specs_;
  std::map<std::string, actors::child_spec> agent_children_;
  std::map<std::string, actors::tool> tools_;
  std::vector<std::shared_ptr<mission_run::shared_state>> runs_;
  std::vector<std::weak_ptr<topic_feed::shared_state>> feeds_;
};

} // namespace troupe
