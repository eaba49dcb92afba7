#pragma once

#include "far_state.hpp"
#include "followed_run.hpp"

#include <troupe/protocol/agent.hpp>
#include <troupe/protocol/mission.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/runtime/agent_place.hpp>
#include <troupe/runtime/node_view.hpp>
#include <troupe/runtime/queued_mission.hpp>
#include <troupe/runtime/run_options.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::cli {

/// What a mission may use on a node.
struct node_offer {
  std::vector<protocol::agent_card> agents; ///< Of all nodes that it knows.
  std::vector<protocol::model_spec> models; ///< That calls can go to.
};

/// A node of a cluster that a command talks to. Errors of all: `unreachable`,
/// `deadline_exceeded`, and what the node says. Blocking: up to 30 s. Thread
/// safety: one thread.
class far_node {
public:
  far_node() = default;
  far_node(const far_node&) = delete;
  far_node& operator=(const far_node&) = delete;
  virtual ~far_node() = default;

  [[nodiscard]] virtual protocol::result<node_offer> offer() = 0;
  [[nodiscard]] virtual protocol::result<std::vector<node_view>> nodes() = 0;
  /// What this program itself speaks, as a node would tell of it.
  [[nodiscard]] virtual node_view own_versions() const = 0;
  [[nodiscard]] virtual protocol::result<void>
  join(const std::string& address) = 0;
  [[nodiscard]] virtual protocol::result<void>
  remove(const std::string& name) = 0;
  [[nodiscard]] virtual protocol::result<void> drain(const std::string& name,
                                                     bool is_on) = 0;
  [[nodiscard]] virtual protocol::result<state_answer>
  ask_state(const state_question& what) = 0;
  /// Tells `each` until that is enough. Blocking: until then.
  [[nodiscard]] virtual protocol::result<void>
  watch_state(const protocol::subscribe_state& what,
              const state_watcher& each) = 0;
  /// All agents that the node knows, one for each node that has it.
  [[nodiscard]] virtual protocol::result<std::vector<agent_place>> agents() = 0;
  /// Where it was started. `on`: a node; empty: any.
  [[nodiscard]] virtual protocol::result<std::string>
  start_agent(const protocol::agent_spec& what, const std::string& on) = 0;
  /// Where it was.
  [[nodiscard]] virtual protocol::result<std::string>
  stop_agent(const std::string& name, const std::string& on) = 0;
  /// Where it was.
  [[nodiscard]] virtual protocol::result<std::string>
  move_agent(const std::string& name, const std::string& to) = 0;
  /// The id that its run will have.
  [[nodiscard]] virtual protocol::result<protocol::id>
  submit(const protocol::mission& mission, const run_options& options) = 0;
  [[nodiscard]] virtual protocol::result<std::vector<queued_mission>>
  queue() = 0;
  /// One run at a time. It ends with this object.
  [[nodiscard]] virtual protocol::result<std::unique_ptr<followed_run>>
  start(const protocol::mission& mission, const run_options& options) = 0;
};

/// Where a node is, and what proves who asks.
struct node_access {
  std::string address; ///< HOST:PORT.
  std::string cert; ///< PEM file, its key and `ca.crt` beside it; empty: none.
};

using connect_node = std::function<protocol::result<std::unique_ptr<far_node>>(
    const node_access&)>;

} // namespace troupe::cli
