#pragma once

#include "agent_gate.hpp"
#include "agent_peers.hpp"
#include "engine/engine_options.hpp"
#include "errands.hpp"
#include "troupe/cluster/agent_kind.hpp"

#include <map>
#include <set>

namespace troupe::cluster {

struct agent_desk_config {
  std::string node;
  bool is_open = false; ///< Others may start agents here, and move them here.
  std::size_t message_bytes_max = 16U << 20U;
  /// How long a move waits for the tasks that are under way.
  std::chrono::milliseconds move_max{20'000};
};

/// Starts, stops and moves agents of a node, for its program, its clients and
/// other nodes (docs/adr/0061). Errors of all: what `ask_patience` is for, and
/// what another node says. Blocking: as said. Thread safety: any thread.
class agent_desk {
public:
  explicit agent_desk(agent_desk_config config);
  ~agent_desk() { close(); }
  agent_desk(const agent_desk&) = delete;
  agent_desk& operator=(const agent_desk&) = delete;

  /// `at` outlives what is done until `close`.
  void begin(engine& at, node_actor node);
  /// Ends what waits, and waits for it.
  void close();

  /// For the engine: the gate of an agent that may move, else null.
  [[nodiscard]] actors::agent_actor front(const std::string& agent,
                                          const actors::agent_actor& own);
  /// For the engine: a life's number, above all before, wherever they were.
  [[nodiscard]] std::uint64_t life(const std::string& agent,
                                   std::uint64_t born);

  protocol::result<void> add_kind(const std::string& kind, agent_kind make);
  /// Where it is then. `on` empty: where least is done.
  protocol::result<std::string> start(const agent_order& what,
                                      const std::string& on);
  /// Where it was. `on` empty: the one node that has it.
  protocol::result<std::string> stop(const std::string& name,
                                     const std::string& on);
  /// Where it was. Blocking: until the agent's tasks have ended, and it is
  /// there.
  protocol::result<std::string> move(const std::string& name,
                                     const std::string& to);
  /// Agents of all nodes.
  protocol::result<std::vector<agent_place>> places();

  /// What another node says. Blocking: never.
  void hear(const std::string& peer, agent_question what);
  void hear(const std::string& peer, agent_answer what);

private:
  enum class stay : std::uint8_t { changing, held, serves };
  struct resident {
    agent_order what;
    stay how = stay::changing;
    gate_actor gate;
    std::function<protocol::result<std::string>()> save;
  };
  /// A snapshot that is arriving.
  struct arrival {
    std::string from;
    take_agent what;
    std::string bytes; // bounded by snapshot_bytes_max
    bool is_ready = false;
    std::chrono::steady_clock::time_point heard;
  };
  struct doubt {
    protocol::id move;
    std::string to;
  };
  using told = protocol::result<agent_told>;

  // agent_starts.cpp: here
  [[nodiscard]] std::string problems_of(const agent_order& what) const;
  protocol::result<void> start_own(const agent_order& what,
                                   const std::optional<std::string>& snapshot,
                                   stay how);
  /// True: it is here already.
  protocol::result<bool> make_room(const agent_order& what);
  protocol::result<void> raise(const agent_order& what,
                               const std::optional<std::string>& snapshot);
  protocol::result<void> stop_own(const std::string& name);
  protocol::result<resident> take_hold(const std::string& name);
  void let_go(const std::string& name, stay how);
  void forget(const std::string& name, const protocol::error& why);

  // agent_desk.cpp: elsewhere
  protocol::result<std::string> place_of(const std::string& name);
  protocol::result<std::vector<std::string>> nodes_for(const agent_order& what);
  told obey(const std::string& peer, agent_asks& what);

  // agent_moves.cpp: the node that an agent leaves
  protocol::result<void> move_own(const std::string& name,
                                  const std::string& to);
  protocol::result<std::string> make_ready(const resident& it);
  protocol::result<void> send_along(const std::string& name, const resident& it,
                                    const std::string& to, protocol::id move);
  protocol::result<void> hand_over(const std::string& name,
                                   const std::string& to, protocol::id move);
  protocol::result<bool> is_served(const std::string& to, protocol::id move);
  void depart(const std::string& name, const std::string& to);
  void settle_doubts();
  void yield_to(const std::string& name, const doubt& of);
  bool end_doubt(const std::string& name, protocol::id move);

  // agent_arrivals.cpp: the node that it comes to
  told take(const std::string& peer, const take_agent& what);
  told take(const std::string& peer, const take_part& what);
  told take(const std::string& peer, const serve_taken& what);
  told take(const std::string& peer, const drop_taken& what);
  told take(const std::string& peer, const ask_taken& what);
  protocol::result<void> check_offer(const take_agent& what);
  told settle_in(const protocol::id& move);
  void drop(const protocol::id& move, const std::string& why);
  void look_around();

  agent_desk_config config_;
  engine* engine_ = nullptr; ///< Set once.
  agent_peers peers_;
  std::mutex mutex_;                           ///< Guards what follows.
  std::map<std::string, agent_kind> kinds_;    // bounded by kinds_max
  std::map<std::string, resident> here_;       // bounded by limits.agents
  std::map<std::string, gate_actor> gates_;    // here_ and gone_
  std::map<std::string, std::uint64_t> lives_; // as gates_
  std::map<std::string, std::chrono::steady_clock::time_point> gone_;
  std::map<std::string, doubt> doubts_;      // bounded by gone_max
  std::map<protocol::id, arrival> arrivals_; // bounded by arrivals_max
  std::set<protocol::id> served_;            // bounded by served_max
  bool is_closed_ = false;
  errands errands_; ///< The last: it uses all above.
};

/// Has the engine put the desk's gates before agents that may move.
void put_gates(engine_options& to, const std::shared_ptr<agent_desk>& desk);

} // namespace troupe::cluster
