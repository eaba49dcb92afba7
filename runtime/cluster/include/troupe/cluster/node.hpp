#pragma once

#include "troupe/cluster/agent_kind.hpp"

#include <troupe/runtime/agent_place.hpp>
#include <troupe/runtime/node_view.hpp>
#include <troupe/runtime/runtime.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

/// Several runtimes that work as one: agents are found wherever they are.
namespace troupe::cluster {

/// With what a node proves who it is; made by `troupe cert`.
struct node_certificates {
  std::string ca;   ///< PEM file of the cluster's own authority.
  std::string cert; ///< PEM file.
  std::string key;  ///< PEM file that nobody else may read.
  std::string crl;  ///< PEM file of what was revoked; empty: nothing.
};
BOOST_DESCRIBE_STRUCT(node_certificates, (), (ca, cert, key, crl))

/// How a node is set up.
struct node_config {
  std::string name;    ///< Unique in its cluster; as agents' names.
  std::string cluster; ///< All nodes have the same.
  /// HOST:PORT; port 0: any. Without certificates only a loopback address.
  std::string listen = "127.0.0.1:7400";
  /// Where others reach it; empty: `listen`.
  std::string advertise;
  std::vector<std::string> seeds; ///< HOST:PORT of nodes to begin with.
  node_certificates certificates;
  std::uint32_t capacity = 0; ///< Tasks it does well at one time; 0: cores.
  /// Where tasks go: `balanced`, `local_first` or `sticky`.
  std::string placement = "balanced";
  std::chrono::milliseconds beat{500}; ///< Between signs of life; 50 to 60,000.
  std::chrono::milliseconds suspect_after{1'500};
  std::chrono::milliseconds down_after{3'000};
  /// URL of a database that all nodes have, as `postgresql://...`: shared state
  /// is one for all of them, then, and survives them. Empty: each has its own.
  std::string store;
  /// How long what only one node may do stands still when that has died; above
  /// the time in which the database fails over. 1 s to 10 minutes.
  std::chrono::milliseconds leader_lease{15'000};
  std::size_t message_bytes_max = 16U << 20U; ///< Of one message; 64 KiB up.
  /// Other nodes, and who asks them, may start agents here, stop and move them.
  bool agents_from_others = false;
  /// How long the move of an agent waits for its tasks to end.
  std::chrono::milliseconds move_max{20'000};
};

/// A runtime that is a node of a cluster. Agents of other nodes are found and
/// called as its own. The destructor tells the others and ends the runtime.
/// Thread safety: any thread, but for the destructor.
class node {
public:
  /// Starts a runtime and listens. Errors: those of `runtime::create`;
  /// `config_invalid`; `key_file_open`; `unreachable` when the address cannot
  /// be listened on. Blocking: a few milliseconds; other nodes are connected to
  /// later.
  [[nodiscard]] static protocol::result<std::unique_ptr<node>>
  start(const node_config& config, runtime_config host = {});
  ~node();
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  [[nodiscard]] runtime& host();

  /// Where it listens, with the port it was given.
  [[nodiscard]] std::string address() const;

  /// This node and those it knows, by name. Blocking: at most 10 s.
  [[nodiscard]] protocol::result<std::vector<node_view>> nodes();

  /// Connects to a node that nobody has told of. Errors: `invalid_request`.
  protocol::result<void> join(const std::string& address);

  /// Takes a node out of the cluster; it may come back when it is started
  /// again. Errors: `invalid_request` (this node; no such node).
  protocol::result<void> remove(const std::string& name);

  /// A node that drains is given no new tasks by others; what it does goes on.
  /// Errors: `invalid_request` (no such node), `unreachable`.
  protocol::result<void> drain(const std::string& name, bool is_on = true);

  /// Agents of all nodes that are there, by name. Blocking: at most 10 s.
  [[nodiscard]] protocol::result<std::vector<agent_place>> agents();

  /// Starts an agent as if it stood in a node's roster, and returns where.
  /// `on`: a node; empty: where least is done. It lives until it is stopped or
  /// its node ends. One that is there already, with the same content, is no
  /// error. Errors: `invalid_request` (all that is wrong with it; another of
  /// that name is there; that node takes none from others), `unreachable`,
  /// `limit_exceeded`, `overloaded`. Blocking: at most 25 s a node.
  protocol::result<std::string> start_agent(const protocol::agent_spec& what,
                                            const std::string& on = {});

  /// The same of C++ code: `kind` was given to `add_kind` on that node.
  protocol::result<std::string>
  start_code_agent(const protocol::agent_card& card, const std::string& kind,
                   const std::string& on = {});

  /// Tells how agents of a kind are made. One of that name is replaced.
  /// Errors: `invalid_request`, `limit_exceeded`.
  protocol::result<void> add_kind(const std::string& kind, agent_kind make);

  /// Stops an agent that was started so, and returns where it was. What it has
  /// under way is cancelled. `on` empty: on the one node that has it. Errors:
  /// `unknown_agent`; as `start_agent`.
  protocol::result<std::string> stop_agent(const std::string& name,
                                           const std::string& on = {});

  /// Moves an agent that was started so, with what it knows, and returns where
  /// it was. Its tasks end where they are, for at most
  /// `move_max`; later ones wait,
  /// and are done there. An error leaves it where it is: as `start_agent`;
  /// `deadline_exceeded` (its tasks have not ended). Blocking: until it is
  /// there.
  protocol::result<std::string> move_agent(const std::string& name,
                                           const std::string& to);

  /// As `runtime::broadcast`, to the agents of all nodes that are up. Errors:
  /// also `unreachable`; those before it have been told then. Blocking: until
  /// it has gone out to all, at most 10 s a node.
  protocol::result<protocol::broadcast_sent>
  broadcast(protocol::broadcast message, std::string from = {});

  /// Whether nothing is under way here: no run, and no task of another node.
  [[nodiscard]] bool is_idle();

private:
  friend struct node_inside;
  class implementation;
  explicit node(std::unique_ptr<implementation> self);
  std::unique_ptr<implementation> self_;
};

/// What is wrong with a configuration, a line each; empty: nothing.
[[nodiscard]] std::vector<std::string> problems_of(const node_config& config);

} // namespace troupe::cluster
