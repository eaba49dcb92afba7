#pragma once

#include "node_actor.hpp"
#include "peer_questions.hpp"

#include <troupe/runtime/agent_place.hpp>

namespace troupe {
class engine;
}

namespace troupe::cluster {

/// Asks other nodes about agents. Errors of all: `unreachable`,
/// `deadline_exceeded`, `overloaded`, and what the other node says. Blocking:
/// at most 10 s, or as said. Thread safety: any thread.
class agent_peers {
public:
  agent_peers(std::string self, std::size_t bytes_max)
      : self_(std::move(self)), bytes_max_(bytes_max) {}

  void begin(engine& at, node_actor node);
  /// What waits ends.
  void close();

  /// Agents of all nodes.
  protocol::result<std::vector<agent_place>> places();
  /// Nodes that may start an agent, where least is done first.
  protocol::result<std::vector<std::string>> best();
  /// Errors: `invalid_request` (no such node, or one of a release that does not
  /// start agents for others).
  protocol::result<link_found> reach(const std::string& node);
  protocol::result<link_found> link_to(const std::string& node);

  /// Blocking: at most `patience`.
  protocol::result<agent_told> ask(const std::string& node, agent_asks what,
                                   std::chrono::milliseconds patience);
  /// Where the answer says no more than that it was done.
  protocol::result<void> have_done(const std::string& node, agent_asks what,
                                   std::chrono::milliseconds patience);
  /// Answers another node.
  void tell(const std::string& peer, const protocol::id& request,
            const protocol::result<agent_told>& what);
  /// What another node has answered. Blocking: never.
  void hear(const std::string& peer, agent_answer what);
  /// Waits; false: it was closed.
  bool pause(std::chrono::milliseconds time) { return questions_.pause(time); }

private:
  template <class Answer, class Message>
  protocol::result<Answer> ask_node(Message message);

  std::string self_;
  std::size_t bytes_max_;
  peer_questions questions_;
  std::mutex mutex_; ///< Guards what follows.
  engine* engine_ = nullptr;
  node_actor node_;
};

} // namespace troupe::cluster
